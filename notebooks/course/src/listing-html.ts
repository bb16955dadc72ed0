/** A listing as Jupyter can show it: HTML that carries its colours with it, since a notebook has no style sheet of ours. */
import type { Excerpt } from "annotated-excerpt";
import { escapeHtml } from "./display.js";

/** What the letters of highlighted words are to Jupyter's theme, light or dark; elsewhere they have the text's colour. */
const colours: Readonly<Record<string, string>> = {
  c: "comment",
  k: "keyword",
  s: "string",
  n: "number",
  f: "def",
  t: "builtin",
};

/** Line numbers and marks: never selected, so never copied. */
const quiet = 'style="user-select:none;opacity:0.7"';

/** The excerpt's code with numbered marks, and its notes below; highlighted as the site does it. */
export async function excerptHtml(excerpt: Excerpt, language: string): Promise<string> {
  // Loaded where a listing is shown: a highlighter takes longer to start than all else here.
  const { highlightLines, noteHtml } = await import("annotated-excerpt/page");
  const width = String(excerpt.lastLine).length;
  const coloured = await highlightLines(
    excerpt.lines.map((line) => line.text).join("\n"),
    language,
  );
  const code = excerpt.lines.flatMap((line, offset) => {
    if (line.hidden) return [];
    const marks = excerpt.notes.flatMap((note, index) =>
      note.line === excerpt.first + offset ? [` <sup ${quiet}>(${index + 1})</sup>`] : [],
    );
    const number = `<span ${quiet}>${String(line.number).padStart(width)}  </span>`;
    return [`${number}${withColours(coloured[offset] ?? "")}${marks.join("")}`];
  });
  const notes = excerpt.notes.map(
    (note) => `<li>${linesOf(excerpt, note)}${noteHtml(note.markdown)}</li>`,
  );
  const where = excerpt.region === undefined ? "" : ` (${escapeHtml(excerpt.region)})`;
  return [
    `<figure><figcaption>${escapeHtml(excerpt.file)}${where}, lines ${excerpt.firstLine} to ${excerpt.lastLine}</figcaption>`,
    `<pre><code>${code.join("\n")}</code></pre>`,
    notes.length === 0 ? "" : `<ol>${notes.join("")}</ol>`,
    "</figure>",
  ].join("");
}

/** Which lines a note speaks of, where they are several: a mark stands at the first. */
function linesOf(excerpt: Excerpt, { line, count }: Excerpt["notes"][number]): string {
  if (count === 1) return "";
  const [first, last] = [line, line + count - 1].map(
    (index) => excerpt.lines[index - excerpt.first]?.number,
  );
  return `Lines ${first} to ${last}: `;
}

const withColours = (line: string): string =>
  line.replace(
    /<span class="(\w)">/g,
    (_, letter: string) =>
      `<span style="color:var(--jp-mirror-editor-${colours[letter] ?? "variable"}-color)">`,
  );
