/** Finds the comments of a text without being misled by strings, characters, templates and regular expressions. */
import type { CommentStyle } from "./language.js";

/** A comment from `start` up to, without, `end` (offsets in the text; a line comment ends before its newline). */
export interface Comment {
  start: number;
  end: number;
  kind: "line" | "block";
}

/** Characters after which a `/` begins a regular expression and not a division. */
const beforeRegex = /[(,=:[!&|?{};+\-*%<>~^\n]\s*$|\b(?:return|typeof|case|in|of|delete|void)\s*$/;

function endOfString(text: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < text.length && text[at] !== quote) {
    if (text[at] === "\n" && quote !== "`") return at;
    at += text[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

/** Where a template literal ends; what stands in `${…}` is skipped with its own braces and strings. */
function endOfTemplate(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== "`") {
    if (text[at] === "\\") at += 2;
    else if (text.startsWith("${", at)) at = endOfBraces(text, at + 1);
    else at += 1;
  }
  return at + 1;
}

function endOfBraces(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const char = text[at] ?? "";
    if (char === "{") depth += 1;
    if (char === "}" && --depth === 0) return at + 1;
    if (char === "`") at = endOfTemplate(text, at);
    else if (char === '"' || char === "'") at = endOfString(text, at, char);
    else at += 1;
  }
  return at;
}

/** Where a regular expression ends that begins at `start`; null where the line ends first: it was a division. */
function endOfRegex(text: string, start: number): number | null {
  let inClass = false;
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "[") inClass = true;
    else if (text[at] === "]") inClass = false;
    else if (text[at] === "/" && !inClass) return at + 1;
  }
  return null;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}

function isScript(language: string): boolean {
  return ["typescript", "javascript", "tsx", "jsx"].includes(language);
}

/** Where the string, template or regular expression at `at` ends; null where none begins there. */
function endOfLiteral(text: string, at: number, language: string): number | null {
  const char = text[at] ?? "";
  if (char === '"') return endOfString(text, at, char);
  if (char === "'") {
    // An apostrophe within a number (C23, C++) or a name (Rust's lifetimes) begins no string.
    if (/\w/.test(text[at - 1] ?? "") || language === "rust") return at + 1;
    return endOfString(text, at, char);
  }
  if (char === "`" && (isScript(language) || language === "go")) return endOfTemplate(text, at);
  if (
    char === "/" &&
    isScript(language) &&
    beforeRegex.test(`\n${text.slice(Math.max(0, at - 80), at)}`)
  ) {
    return endOfRegex(text, at);
  }
  return null;
}

function hashCommentBeginsAt(text: string, at: number): boolean {
  return text[at] === "#" && (at === 0 || /\s/.test(text[at - 1] ?? ""));
}

/** All comments of the text, in order. */
export function findComments(text: string, style: CommentStyle, language: string): Comment[] {
  const comments: Comment[] = [];
  let at = 0;
  while (at < text.length) {
    if (style === "slash" && text.startsWith("/*", at)) {
      const close = text.indexOf("*/", at + 2);
      const end = close === -1 ? text.length : close + 2;
      comments.push({ start: at, end, kind: "block" });
      at = end;
    } else if (style === "slash" ? text.startsWith("//", at) : hashCommentBeginsAt(text, at)) {
      const end = endOfLine(text, at);
      comments.push({ start: at, end, kind: "line" });
      at = end;
    } else {
      at = endOfLiteral(text, at, language) ?? at + 1;
    }
  }
  return comments;
}
