/**
 * What a page of the site holds, as JSON beside its thin .mdx file. Everything here is data that was made safe in the
 * step before the build: no text of it passes through MDX. Fields that end in `Html` are sanitised.
 */

import type { FileModel } from "annotated-excerpt/page";

export type { FileModel } from "annotated-excerpt/page";

/** A heading as Docusaurus' table of contents takes it. */
export interface TocItem {
  readonly value: string;
  readonly id: string;
  readonly level: number;
}

/** Where an answer was taken: shown under it. */
export interface Stamp {
  readonly kernel?: string;
  readonly libc?: string;
  readonly compiler?: string;
  readonly simulator?: string;
  readonly date?: string;
  readonly recorded?: boolean;
}

/** One line of a text that has a counterpart: marked where the two are not equal. */
export interface ComparedLine {
  readonly text: string;
  readonly differs: boolean;
}

/** Text printed by a cell. */
export interface TextOutput {
  readonly kind: "text";
  readonly stream: "stdout" | "stderr" | "result";
  readonly html: string;
  readonly lines: number;
}

/** A picture with its words. */
export interface FigureOutput {
  readonly kind: "figure";
  readonly svgHtml: string;
  readonly title: string;
  /** The same as text, where the cell gave it. */
  readonly words: string | null;
  /** The picture as a file, below the site's base. */
  readonly file: string;
}

/** A bitmap, kept as a file below the site's base. */
export interface ImageOutput {
  readonly kind: "image";
  readonly file: string;
  readonly alt: string;
  /** In pixels, where the file says so: the page keeps the place free. */
  readonly width: number | null;
  readonly height: number | null;
}

/** HTML that a cell displayed, sanitised. */
export interface HtmlOutput {
  readonly kind: "html";
  readonly html: string;
}

/** An error that ended a cell. */
export interface ErrorOutput {
  readonly kind: "error";
  readonly name: string;
  readonly message: string;
  readonly traceHtml: string;
}

/** What the machine that the site was built on answered, where the course speaks of another. */
export interface AnswerHere {
  readonly text: string;
  readonly stamp: Stamp;
  /** Whether it is the same as the answer that the course speaks of. */
  readonly equal: boolean;
}

/** The answer of a real program. */
export interface AnswerOutput {
  readonly kind: "answer";
  readonly text: string;
  /** What it printed to standard error. */
  readonly errors: string;
  readonly exit: string;
  readonly stamp: Stamp;
  readonly here: AnswerHere | null;
}

/** The real answer beside the simulator's. */
export interface ComparisonOutput {
  readonly kind: "comparison";
  readonly real: readonly ComparedLine[];
  readonly simulated: readonly ComparedLine[];
  readonly realStamp: Stamp;
  readonly here: AnswerHere | null;
  readonly simulatedStamp: Stamp;
  readonly equal: boolean;
  /** Why the two may differ, where the author said so. */
  readonly because: string | null;
}

export type Output =
  | TextOutput
  | FigureOutput
  | ImageOutput
  | HtmlOutput
  | ErrorOutput
  | AnswerOutput
  | ComparisonOutput;

/** An output and its place among the cell's outputs, from 1. */
export interface NumberedOutput {
  readonly index: number;
  readonly output: Output;
}

/** Prose. */
export interface ProseBlock {
  readonly kind: "prose";
  readonly html: string;
}

/** The source of a cell, drawn as an excerpt that is a whole file. */
export interface CellCode {
  /** A file of {@link PageData.files}. */
  readonly file: string;
  readonly downloads: readonly Download[];
  /** The excerpt that does the same in C, drawn beside it. */
  readonly beside: ListingBlock | null;
}

/** A code cell with what it answered. */
export interface CellBlock {
  readonly kind: "cell";
  readonly id: string;
  /** The cell's number among the chapter's code cells, from 1. */
  readonly number: number;
  /** Null where the author hides it. */
  readonly code: CellCode | null;
  readonly outputs: readonly NumberedOutput[];
}

/** An annotated excerpt. */
export interface ListingBlock {
  readonly kind: "listing";
  readonly id: string;
  /** A file of {@link PageData.files}. */
  readonly file: string;
  readonly region: string | null;
  /** The page shows the same region before: the block takes its own id. */
  readonly again: "first" | "again";
  readonly downloads: readonly Download[];
}

export type Block = ProseBlock | CellBlock | ListingBlock;

/** What a browser needs of one excerpt: its file, and what makes up the excerpt's id. */
export interface ExcerptData {
  /** A file of {@link ListingData.files}. */
  readonly file: string;
  readonly region?: string;
  readonly id?: string;
}

/** What the excerpts of a page need in a browser. */
export interface ListingData {
  readonly files: Readonly<Record<string, FileModel>>;
  /** By the block's id. */
  readonly excerpts: Readonly<Record<string, ExcerptData>>;
}

/** A file that the page offers. */
export interface Download {
  readonly label: string;
  /** Below the site's base. */
  readonly file: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** How to run it. */
  readonly command?: string;
}

export interface PageData {
  readonly titleHtml: string;
  /** `Chapter 8`, or null for a page that is not a chapter. */
  readonly eyebrow: string | null;
  readonly toc: readonly TocItem[];
  readonly blocks: readonly Block[];
  readonly downloads: readonly Download[];
  /** The files that excerpts of this page are cut from. */
  readonly files: Readonly<Record<string, FileModel>>;
  /** Where a browser finds the {@link ListingData} of the page, below the site's base; null where it has no excerpts. */
  readonly listingData: string | null;
  /** Links into the site and ids of the page, for the check of broken links. */
  readonly links: readonly string[];
  readonly anchors: readonly string[];
}
