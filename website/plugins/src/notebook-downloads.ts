/** What a reader can take home of a chapter, and of the course: notebooks, listings, pictures, in one piece. */
import { withBlanks, zip } from "annotated-excerpt/download";
import type { Downloads, OfferedFile } from "./downloads.js";
import type { Download } from "./model.js";

export interface ChapterFiles {
  /** `08-demand-paging` */
  readonly name: string;
  readonly title: string;
  /** The text of the executed notebook. */
  readonly executed: string;
  /** Its C programs, whole and with notes. */
  readonly listings: readonly OfferedFile[];
  /** Pictures by path below `pictures/`. */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
}

const utf8 = new TextEncoder();

/** What a chapter's folder says of itself. Each line of its two blocks is a command that runs there. */
const readme = ({ name, title, listings }: ChapterFiles): string => `# ${title}

From the course "Memory, for C programmers".
${
  listings.length === 0
    ? ""
    : `
## C programs

Whole programs for Linux with glibc. Each runs by one line, in the folder \`listings\`:

\`\`\`sh
${listings.map(({ command = "" }) => command).join("\n")}
\`\`\`
`
}
## Notebooks

\`${name}.ipynb\` holds the chapter with its outputs, \`${name}.exercises.ipynb\` leaves the solutions to you. Their cells
are TypeScript and import the packages \`kernel-sim\` and \`course\`, which are parts of the course's project. So unzip this
within the project's folder. Then, in this folder,

\`\`\`sh
npm run notebook -- ${name}.ipynb
npm run notebook -- ${name}.exercises.ipynb
\`\`\`

execute them in the terminal, and \`npm run notebooks\` opens Jupyter.

## Pictures

\`pictures/\` holds the chapter's pictures, as SVG.
`;

const courseReadme = (chapters: readonly ChapterFiles[]): string => `# Memory, for C programmers

A folder a chapter, with a README that says how to run what is in it.

${chapters.map(({ name, title }) => `- \`${name}/\`: ${title}`).join("\n")}
`;

function notebookFile(
  chapter: ChapterFiles,
  ending: "" | ".exercises",
): Omit<OfferedFile, "kind" | "label" | "bytes"> {
  const name = `${chapter.name}${ending}.ipynb`;
  return {
    path: name,
    name,
    language: "typescript",
    command: `npm run notebook -- ${name}`,
  };
}

/** The notebook for the exercises: solutions are blanks, outputs are gone. */
function exercises(executed: string): Uint8Array {
  const notebook = JSON.parse(executed) as Parameters<typeof withBlanks>[0];
  return utf8.encode(`${JSON.stringify(withBlanks(notebook), null, 1)}\n`);
}

/** The files of a chapter as they stand in a zip, in a folder of its name. */
function zipEntries(chapter: ChapterFiles): { name: string; bytes: Uint8Array }[] {
  const below = (name: string): string => `${chapter.name}/${name}`;
  return [
    { name: below("README.md"), bytes: utf8.encode(readme(chapter)) },
    { name: below(`${chapter.name}.ipynb`), bytes: utf8.encode(chapter.executed) },
    { name: below(`${chapter.name}.exercises.ipynb`), bytes: exercises(chapter.executed) },
    ...chapter.listings.map(({ name, bytes }) => ({ name: below(`listings/${name}`), bytes })),
    ...[...chapter.pictures].map(([name, bytes]) => ({ name: below(`pictures/${name}`), bytes })),
  ];
}

/** Offers a chapter's notebook, with outputs and to work in, and all its files as a zip. */
export function offerChapter(chapter: ChapterFiles, downloads: Downloads): Download[] {
  return [
    downloads.offer({
      ...notebookFile(chapter, ""),
      kind: "notebook",
      label: "Notebook, with outputs",
      bytes: utf8.encode(chapter.executed),
    }),
    downloads.offer({
      ...notebookFile(chapter, ".exercises"),
      kind: "exercises",
      label: "Notebook, to work in",
      bytes: exercises(chapter.executed),
    }),
    downloads.offer({
      path: `${chapter.name}.zip`,
      name: `${chapter.name}.zip`,
      kind: "chapter",
      label: "Everything, as a zip",
      language: "zip",
      bytes: zip(zipEntries(chapter)),
    }),
  ];
}

/** Offers the whole course as a zip, a folder a chapter. */
export function offerCourse(chapters: readonly ChapterFiles[], downloads: Downloads): Download {
  return downloads.offer({
    path: "memory-course.zip",
    name: "memory-course.zip",
    kind: "course",
    label: "The course as a zip",
    language: "zip",
    bytes: zip([
      { name: "README.md", bytes: utf8.encode(courseReadme(chapters)) },
      ...chapters.flatMap((chapter) => zipEntries(chapter)),
    ]),
  });
}
