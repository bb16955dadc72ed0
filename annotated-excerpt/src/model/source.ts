/** What is known of a file after reading it: its lines of code, its notes, its regions. Plain data. */

/** A line of code as a reader sees it: without notes. Lines that hold only notes or region markers are left out. */
export interface SourceLine {
  /** Its number in the file, counted from 1. */
  number: number;
  text: string;
  /** Names the line in links; made of its text and its region, so it stays when lines around it move. */
  key: string;
  /** Whether it stands in a region called `hidden`. */
  hidden: boolean;
}

/** A remark that speaks of one line of code or of several. */
export interface SourceNote {
  /** Index of the first line it speaks of, in `Source.lines`. */
  line: number;
  /** How many lines it speaks of. */
  count: number;
  /** Inline Markdown; an empty line between paragraphs. */
  markdown: string;
  place: "above" | "end";
  /** The comment as it stands in the file: whole lines for `above`, the rest of the line for `end`. */
  comment: string;
  /** Number of its first line in the file, counted from 1. */
  number: number;
}

/** A named part of the file. */
export interface SourceRegion {
  name: string;
  /** Indices in `Source.lines`; the first and the last line that is not empty. */
  first: number;
  last: number;
  /** Number of the line that opens it, counted from 1. */
  number: number;
}

/** A file that was read. */
export interface Source {
  file: string;
  language: string;
  text: string;
  lines: SourceLine[];
  notes: SourceNote[];
  regions: SourceRegion[];
}
