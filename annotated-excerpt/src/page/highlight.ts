/** Highlights code with Shiki into one-letter classes, so that a theme is CSS and a page is small. */
import { bundledLanguages, createHighlighter } from "shiki";
import type { BundledLanguage, Highlighter } from "shiki";
import { escapeHtml } from "./escape.js";
import { letterOf, letterTheme } from "./letters.js";

let highlighter: Promise<Highlighter> | undefined;

async function highlighterFor(language: string): Promise<Highlighter | null> {
  if (!(language in bundledLanguages)) return null;
  highlighter ??= createHighlighter({ themes: [letterTheme], langs: [] });
  const ready = await highlighter;
  if (!ready.getLoadedLanguages().includes(language)) {
    await ready.loadLanguage(language as BundledLanguage);
  }
  return ready;
}

interface Piece {
  letter: string;
  text: string;
}

/** Names in capitals are constants by custom, in C's macros too, which no grammar can know. */
function withConstants(piece: Piece): Piece[] {
  if (piece.letter !== "") return [piece];
  return piece.text
    .split(/\b([A-Z][A-Z0-9_]{2,})\b/)
    .map((text, index) => ({ text, letter: index % 2 === 1 ? "n" : "" }));
}

function lineHtml(pieces: Piece[]): string {
  const joined: Piece[] = [];
  for (const piece of pieces.flatMap(withConstants)) {
    const last = joined.at(-1);
    if (last && (last.letter === piece.letter || piece.text.trim() === "")) last.text += piece.text;
    else joined.push({ ...piece });
  }
  return joined
    .map(({ letter, text }) => {
      const html = escapeHtml(text);
      return letter === "" ? html : `<span class="${letter}">${html}</span>`;
    })
    .join("");
}

/** The lines of `code`, each as HTML of text and `<span class="LETTER">`. A language Shiki does not know stays plain. */
export async function highlightLines(code: string, language: string): Promise<string[]> {
  const ready = await highlighterFor(language);
  if (!ready) return code.split("\n").map(escapeHtml);
  const { tokens } = ready.codeToTokens(code, {
    lang: language as BundledLanguage,
    theme: "letters",
  });
  return tokens.map((line) =>
    lineHtml(line.map((token) => ({ letter: letterOf(token.color), text: token.content }))),
  );
}
