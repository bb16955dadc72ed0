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
  /** Listings by file name. */
  readonly listings: ReadonlyMap<string, Uint8Array>;
  /** Pictures by path below `pictures/`. */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
}

const utf8 = new TextEncoder();

const readme = (title: string): string => `# ${title}

From the course "Memory, for C programmers".

- \`*.ipynb\`: the chapter's notebook. Cells are TypeScript and import the packages \`kernel-sim\` and \`course\`, which are
  part of the course's project: put the notebook into the project's folder \`notebooks/\`, then
  \`npm run notebook -- FILE.ipynb\` executes it in the terminal and \`npm run notebooks\` opens Jupyter.
- \`listings/*.c\`: whole C programs for Linux. The first lines of each say how to compile it.
- \`pictures/\`: the chapter's pictures.
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

/** The files of a chapter as they stand in a zip, below `folder`. */
function zipEntries(chapter: ChapterFiles, folder: string): { name: string; bytes: Uint8Array }[] {
  const below = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  return [
    { name: below("README.md"), bytes: utf8.encode(readme(chapter.title)) },
    { name: below(`${chapter.name}.ipynb`), bytes: utf8.encode(chapter.executed) },
    { name: below(`${chapter.name}.exercises.ipynb`), bytes: exercises(chapter.executed) },
    ...[...chapter.listings].map(([name, bytes]) => ({ name: below(`listings/${name}`), bytes })),
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
      bytes: zip(zipEntries(chapter, chapter.name)),
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
    bytes: zip(chapters.flatMap((chapter) => zipEntries(chapter, chapter.name))),
  });
}
