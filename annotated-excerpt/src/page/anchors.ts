/** Names of places in a listing, as they stand behind `#` in an address. */
import type { FileModel } from "./file-model.js";

/** What a reader can link to. */
export interface Anchors {
  excerpt: string;
  lines: { number: number; anchor: string }[];
  notes: { number: number; anchor: string }[];
}

/** The id of an excerpt's block: the file's name and the region's. */
export function excerptAnchor(file: string, region: string | undefined): string {
  const name = file.replace(/[^\w.-]+/g, "-");
  return region === undefined ? name : `${name}.${region}`;
}

/** The id of a line, or of a range of lines, in the block `excerpt`. */
export function lineAnchor(excerpt: string, firstKey: string, lastKey: string = firstKey): string {
  const end = lastKey === firstKey ? "" : `-l${lastKey}`;
  return `${excerpt}.l${firstKey}${end}`;
}

/** The id of the note that speaks of the line; `nth` counts the notes of one line from 0. */
export function noteAnchor(excerpt: string, lineKey: string, nth: number): string {
  return `${excerpt}.n${lineKey}${nth === 0 ? "" : `_${nth + 1}`}`;
}

/** What a link's end says of a place in a block: keys of lines, or of a note. */
export type Place =
  { kind: "lines"; firstKey: string; lastKey: string } | { kind: "note"; key: string };

/** Reads what follows the block's id in a link; null where it is no such place. */
export function parsePlace(excerpt: string, hash: string): Place | null {
  if (!hash.startsWith(`${excerpt}.`)) return null;
  const rest = hash.slice(excerpt.length + 1);
  const lines = /^l(\w+?)(?:-l(\w+))?$/.exec(rest);
  if (lines?.[1] !== undefined) {
    return { kind: "lines", firstKey: lines[1], lastKey: lines[2] ?? lines[1] };
  }
  const note = /^n(\w+)$/.exec(rest);
  return note?.[1] === undefined ? null : { kind: "note", key: note[1] };
}

/** The range of lines that a region names, or the whole file; null where there is no such region. */
export function rangeOf(
  model: FileModel,
  region: string | undefined,
): { first: number; last: number } | null {
  if (region === undefined) return { first: 0, last: model.lines.length - 1 };
  return model.regions.find((one) => one.name === region) ?? null;
}

/** For each note of the file, how many notes of the same line come before it. */
export function noteOrdinals(model: FileModel): number[] {
  return model.notes.map(
    (note, index) => model.notes.slice(0, index).filter((one) => one.line === note.line).length,
  );
}

/** All places of an excerpt that can be linked. Lines that are folded away can be linked as well. */
export function anchors(model: FileModel, region?: string): Anchors {
  const excerpt = excerptAnchor(model.name, region);
  const ordinals = noteOrdinals(model);
  return {
    excerpt,
    lines: model.lines.map((line) => ({
      number: line.number,
      anchor: lineAnchor(excerpt, line.key),
    })),
    notes: model.notes.map((note, index) => {
      const line = model.lines[note.line];
      return {
        number: line?.number ?? 0,
        anchor: noteAnchor(excerpt, line?.key ?? "", ordinals[index] ?? 0),
      };
    }),
  };
}
