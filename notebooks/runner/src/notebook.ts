/** A notebook as a file holds it (nbformat 4.5): read, checked, written. What is wrong is said with its place. */
import { jsonErrorOffset, placeInWords } from "./json-place.js";
import { Problem } from "./problem.js";

export interface StreamOutput {
  output_type: "stream";
  name: "stdout" | "stderr";
  text: string[];
}
export interface DataOutput {
  output_type: "display_data" | "execute_result";
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  execution_count?: number;
}
export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}
export type Output = StreamOutput | DataOutput | ErrorOutput;

export interface MarkdownCell {
  cell_type: "markdown" | "raw";
  id: string;
  metadata: Record<string, unknown>;
  source: string | string[];
  attachments?: unknown;
}
export interface CodeCell {
  cell_type: "code";
  id: string;
  metadata: Record<string, unknown>;
  source: string | string[];
  execution_count: number | null;
  outputs: Output[];
}
export type Cell = MarkdownCell | CodeCell;

export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: Cell[];
}

const CELL_ID = /^[a-zA-Z0-9\-_]{1,64}$/;

/** The text of a cell, whichever way the file keeps it. */
export function sourceOf(cell: Cell): string {
  return Array.isArray(cell.source) ? cell.source.join("") : cell.source;
}

/** Text as nbformat keeps it: lines, each but the last with its newline. */
export function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

export function tagsOf(cell: Cell): readonly string[] {
  const tags = cell.metadata["tags"];
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

/** The notebook in `text`; throws a Problem that names `file` and the place where it is not one for `kernel`. */
export function parseNotebook(text: string, file: string, kernel: string): Notebook {
  const notebook = parseJson(text, file);
  if (!isRecord(notebook) || !Array.isArray(notebook["cells"])) {
    throw new Problem(`${file}: this is JSON, but not a notebook: it has no list "cells".`);
  }
  const { nbformat, nbformat_minor, metadata } = notebook;
  if (nbformat !== 4 || typeof nbformat_minor !== "number" || nbformat_minor < 5) {
    throw new Problem(
      `${file}: nbformat ${String(nbformat)}.${String(nbformat_minor)} is not 4.5 or later. Save the notebook with a current Jupyter, which gives each cell an id.`,
    );
  }
  const spec = isRecord(metadata) ? metadata["kernelspec"] : undefined;
  const name = isRecord(spec) ? spec["name"] : undefined;
  if (name !== kernel) {
    throw new Problem(
      `${file}: metadata.kernelspec names ${name === undefined ? "no kernel" : `the kernel ${JSON.stringify(name)}`}, and this course has "${kernel}". Choose the kernel "TypeScript (memory course)" in Jupyter and save.`,
    );
  }
  const seen = new Map<string, number>();
  for (const [index, cell] of notebook["cells"].entries()) checkCell(cell, index, file, seen);
  return notebook as unknown as Notebook;
}

function checkCell(cell: unknown, index: number, file: string, seen: Map<string, number>): void {
  const where = `${file}, cell ${index + 1}`;
  if (!isRecord(cell)) throw new Problem(`${where}: a cell must be an object.`);
  const { cell_type, id, source } = cell;
  if (cell_type !== "code" && cell_type !== "markdown" && cell_type !== "raw") {
    throw new Problem(
      `${where}: cell_type ${JSON.stringify(cell_type)} is none of "code", "markdown", "raw".`,
    );
  }
  if (typeof id !== "string" || !CELL_ID.test(id)) {
    throw new Problem(
      `${where}: ${id === undefined ? "it has no id" : `its id ${JSON.stringify(id)} is not valid`}. nbformat 4.5 wants an "id" of 1 to 64 letters, digits, - and _.`,
    );
  }
  const other = seen.get(id);
  if (other !== undefined) {
    throw new Problem(
      `${where}: its id "${id}" is that of cell ${other + 1} too. Give it another.`,
    );
  }
  seen.set(id, index);
  const isText =
    typeof source === "string" ||
    (Array.isArray(source) && source.every((line) => typeof line === "string"));
  if (!isText) throw new Problem(`${where}: its "source" must be text or a list of lines.`);
  if (!isRecord(cell["metadata"])) cell["metadata"] = {};
}

/** The title of a chapter: its first cell is Markdown and begins with `# `. Throws a Problem where it does not. */
export function titleOf(notebook: Notebook, file: string): string {
  const first = notebook.cells[0];
  const line = first?.cell_type === "markdown" ? (sourceOf(first).split("\n")[0] ?? "") : "";
  const title = /^# +(\S.*)$/.exec(line)?.[1];
  if (title === undefined) {
    throw new Problem(
      `${file}, cell 1: a chapter needs a title. Make its first cell Markdown, and its first line "# " and the title.`,
    );
  }
  return title.trim();
}

/** The notebook as the text of a file, the way Jupyter writes it: one space, a newline at the end. */
export function notebookText(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const place = placeInWords(text, jsonErrorOffset(text) ?? text.length);
    throw new Problem(
      `${file}, ${place}: this is not JSON, so not a notebook. If a merge left its marks there, take them out; else save it again from Jupyter.`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
