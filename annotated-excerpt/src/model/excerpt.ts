/** Cuts a region out of a file, and writes it as text. */
import { ListingError } from "./errors.js";
import type { Source, SourceLine, SourceNote } from "./source.js";

/** Whether a text is written with its notes as comments, or without them. */
export type Form = "notes" | "clean";

/** A part of a file. */
export interface Excerpt {
  file: string;
  /** Undefined where it is the whole file. */
  region: string | undefined;
  /** Numbers of its first and last line in the file, counted from 1. */
  firstLine: number;
  lastLine: number;
  /** Indices of the same lines in `Source.lines`. */
  first: number;
  last: number;
  /** Lines of code, hidden ones included. */
  lines: SourceLine[];
  notes: SourceNote[];
}

/** Widest line of an excerpt, in columns. */
export const widestColumns = 88;

/** Columns that a line takes; a tab goes to the next multiple of 4. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) columns += char === "\t" ? 4 - (columns % 4) : 1;
  return columns;
}

function rangeOf(source: Source, region: string | undefined): { first: number; last: number } {
  if (region === undefined) return { first: 0, last: source.lines.length - 1 };
  const found = source.regions.find((one) => one.name === region);
  if (found) return found;
  const names = source.regions.map((one) => one.name).join(", ");
  throw new ListingError([
    {
      file: source.file,
      line: 0,
      message: `there is no region "${region}"`,
      hint: names === "" ? `add // #region ${region}` : `one of: ${names}`,
    },
  ]);
}

/**
 * The part of the file that `region` names, or the whole file without a name.
 * Throws a ListingError where there is no such region, a line is wider than 88 columns or a note reaches out of it.
 */
export function cut(source: Source, region?: string): Excerpt {
  const { first, last } = rangeOf(source, region);
  const lines = source.lines.slice(first, last + 1);
  const notes = source.notes.filter((note) => note.line >= first && note.line <= last);
  const wide = lines.filter((line) => !line.hidden && columnsOf(line.text) > widestColumns);
  const reaching = notes.filter((note) => note.line + note.count - 1 > last);
  const problems = [
    ...wide.map((line) => ({
      file: source.file,
      line: line.number,
      message: `the line is ${columnsOf(line.text)} columns wide, an excerpt's may have ${widestColumns}`,
      hint: "break it",
    })),
    ...reaching.map((note) => ({
      file: source.file,
      line: note.number,
      message: `a note speaks of ${note.count} lines, but its region ends before`,
      hint: "lower the number in [ ], or move the region's end",
    })),
  ];
  if (problems.length > 0) throw new ListingError(problems);
  return {
    file: source.file,
    region,
    firstLine: lines[0]?.number ?? 0,
    lastLine: lines.at(-1)?.number ?? 0,
    first,
    last,
    lines,
    notes,
  };
}

/** The excerpt as text, without its hidden lines; ends with a newline. */
export function excerptText(source: Source, region: string | undefined, form: Form): string {
  const { first, lines } = cut(source, region);
  const written = lines.flatMap((line, offset) => {
    if (line.hidden) return [];
    if (form === "clean") return [line.text];
    const notes = source.notes.filter((note) => note.line === first + offset);
    const above = notes.filter((note) => note.place === "above").map((note) => note.comment);
    const end = notes.filter((note) => note.place === "end").map((note) => note.comment);
    return [...above, line.text + end.join("")];
  });
  return written.map((line) => `${line}\n`).join("");
}

/** The whole file: as it is, or without notes and region markers. */
export function wholeText(source: Source, form: Form): string {
  if (form === "notes") return source.text;
  return source.lines.map((line) => `${line.text}\n`).join("");
}
