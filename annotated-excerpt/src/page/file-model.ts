/** A file as a page shows it: plain JSON, shared by all excerpts of the file on a page. */

export interface FileModel {
  name: string;
  /** Shiki's name of the language. */
  language: string;
  lines: LineModel[];
  notes: NoteModel[];
  regions: RegionModel[];
}

export interface LineModel {
  /** Number in the file, counted from 1. */
  number: number;
  /** The line, highlighted: text and `<span class="LETTER">`, escaped. */
  html: string;
  /** Names the line in links. */
  key: string;
  /** Present where the line is hidden until it is asked for. */
  hidden?: true;
}

export interface NoteModel {
  /** Index of the first line it speaks of. */
  line: number;
  count: number;
  /** Inline HTML. */
  html: string;
  place: "above" | "end";
  /** The comment as it stands in the file. */
  comment: string;
}

export interface RegionModel {
  name: string;
  /** Indices of its first and last line. */
  first: number;
  last: number;
}
