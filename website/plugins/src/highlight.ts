/** Code as HTML with one-letter classes, made before the build: the page needs no highlighter and no colours inline. */
import { highlightLines } from "annotated-excerpt/page";

/** HTML whose text content is `code`; a language that is not known is left plain. */
export type Highlight = (code: string, language: string) => Promise<string>;

const shortNames: Readonly<Record<string, string>> = { console: "shellsession", text: "plain" };

export const highlight: Highlight = async (code, language) =>
  (await highlightLines(code, shortNames[language] ?? language)).join("\n");
