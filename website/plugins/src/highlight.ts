/** Code as HTML with one-letter classes, made before the build: the page needs no highlighter and no colours inline. */
import { createCssVariablesTheme, createHighlighter } from "shiki";
import type { BundledLanguage, Highlighter } from "shiki";
import { escapeHtml } from "./escape.js";

const theme = createCssVariablesTheme({ name: "course", variablePrefix: "--", fontStyle: false });

/** What the theme calls a colour, and the class that a page gives it; `src/css/code.css` names the colours. */
const classOf: Readonly<Record<string, string>> = {
  "var(--token-constant)": "c",
  "var(--token-string)": "s",
  "var(--token-comment)": "m",
  "var(--token-keyword)": "k",
  "var(--token-parameter)": "p",
  "var(--token-function)": "f",
  "var(--token-string-expression)": "s",
  "var(--token-punctuation)": "u",
  "var(--token-link)": "l",
  "var(--token-inserted)": "i",
  "var(--token-deleted)": "d",
};

const languages: readonly BundledLanguage[] = [
  "typescript",
  "javascript",
  "tsx",
  "c",
  "bash",
  "shellsession",
  "json",
  "diff",
  "html",
  "css",
  "make",
  "ini",
  "yaml",
  "markdown",
];

let shared: Promise<Highlighter> | undefined;

/** The function that highlights; its grammars are loaded once. */
export async function createHighlight(): Promise<Highlight> {
  shared ??= createHighlighter({ themes: [theme], langs: [...languages] });
  const highlighter = await shared;
  const known = new Set(highlighter.getLoadedLanguages());
  return (code, language) => {
    if (!known.has(language)) return escapeHtml(code);
    const { tokens } = highlighter.codeToTokens(code, {
      lang: language as BundledLanguage,
      theme: "course",
    });
    return tokens
      .map((line) =>
        joined(line.map((token) => [classOf[token.color ?? ""] ?? "", token.content] as const)),
      )
      .join("\n");
  };
}

/** HTML whose text content is `code`; a language that is not known is left plain. */
export type Highlight = (code: string, language: string) => string;

/** A line's tokens as spans, neighbours of one class in one span. */
function joined(tokens: readonly (readonly [className: string, text: string])[]): string {
  const parts: [string, string][] = [];
  for (const [className, text] of tokens) {
    const last = parts.at(-1);
    if (last && (last[0] === className || text.trim() === "")) last[1] += text;
    else parts.push([className, text]);
  }
  return parts
    .map(([className, text]) =>
      className === "" || text.trim() === ""
        ? escapeHtml(text)
        : `<span class="${className}">${escapeHtml(text)}</span>`,
    )
    .join("");
}
