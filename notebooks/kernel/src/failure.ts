/**
 * What a cell's failure looks like: name, message and traceback, as the `error` message of Jupyter wants them.
 * Frames of cells keep their cell and line; frames of packages lose the machine's path; frames of Node and
 * of the kernel are left out. A usage error shows the cells alone.
 */
import { inspect } from "node:util";
import { mapLines, type Place } from "./line-map.js";
import type { Diagnostic } from "./tslab.js";

export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** What ran under a cell's name. `prefixLength` is what tslab puts before the first line of the output. */
export interface CellCode {
  readonly source: string;
  output: string;
  prefixLength: number;
}

/** All that a failure needs to know of the surroundings. */
export interface Surroundings {
  /** Code by the name that stack traces give it, `In[3]`. */
  readonly cells: ReadonlyMap<string, CellCode>;
  /** Folders whose paths must not be shown, the longest first. */
  readonly hiddenRoots: readonly string[];
}

/** The name of a cell in stack traces. */
export function cellName(executionCount: number): string {
  return `In[${executionCount}]`;
}

/** A thrown value as a failure. */
export function thrownFailure(thrown: unknown, surroundings: Surroundings): Failure {
  if (!(thrown instanceof Error) && !isErrorLike(thrown)) {
    const evalue = withoutPaths(
      typeof thrown === "string" ? thrown : inspect(thrown),
      surroundings.hiddenRoots,
    );
    return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`] };
  }
  const ename = String(thrown.name || "Error");
  const evalue = cleanMessage(String(thrown.message), surroundings.hiddenRoots);
  const traceback = [evalue === "" ? ename : `${ename}: ${evalue}`];
  traceback.push(...frames(thrown, surroundings));
  if (thrown.cause !== undefined) {
    traceback.push(
      ...thrownFailure(thrown.cause, surroundings).traceback.map((line, index) =>
        index === 0 ? `Caused by ${line}` : line,
      ),
    );
  }
  return { ename, evalue, traceback };
}

/** The compiler's diagnostics as a failure: each with its line, and a mark below it. */
export function diagnosticsFailure(
  diagnostics: readonly Diagnostic[],
  name: string,
  source: string,
): Failure {
  const lines = source.split("\n");
  const traceback = diagnostics.flatMap((diagnostic) => {
    const { line, character } = diagnostic.start;
    const where = `${diagnostic.fileName ?? name}:${line + 1}:${character + 1}`;
    const said = [`${where} - ${diagnostic.messageText}`];
    const text = diagnostic.fileName === undefined ? lines[line] : undefined;
    if (text !== undefined) said.push(`    ${text}`, `    ${" ".repeat(character)}^`);
    return said;
  });
  return {
    ename: "CompileError",
    evalue: diagnostics[0]?.messageText ?? "The cell does not compile.",
    traceback: ["CompileError: the cell was not run, since it does not compile", ...traceback],
  };
}

/** `text` with the folders in `roots` taken out of paths. */
export function withoutPaths(text: string, roots: readonly string[]): string {
  let clean = text;
  for (const root of roots) {
    if (root.length > 1) clean = clean.replaceAll(`file://${root}/`, "").replaceAll(`${root}/`, "");
  }
  return clean;
}

function cleanMessage(message: string, roots: readonly string[]): string {
  const stack = message.indexOf("\nRequire stack:");
  return withoutPaths(stack < 0 ? message : message.slice(0, stack), roots);
}

function isErrorLike(
  value: unknown,
): value is { name: string; message: string; stack?: string; cause?: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    "message" in value &&
    "name" in value &&
    "stack" in value
  );
}

/** Errors that say by themselves what was wrong: the frames of packages would only hide it. */
const TEACHING = new Set(["UsageError", "ListingError"]);

const FRAME = /^\s+at (?:(.*?) \()?(?:async )?([^()]+?):(\d+):(\d+)\)?$/;

function frames(error: { name: string; stack?: string }, surroundings: Surroundings): string[] {
  const cells: string[] = [];
  const all: string[] = [];
  for (const line of (error.stack ?? "").split("\n")) {
    const match = FRAME.exec(line);
    if (match === null) continue;
    const [, called, file = "", lineNumber = "", column = ""] = match;
    const cell = surroundings.cells.get(file);
    if (cell !== undefined && Number(lineNumber) > cell.output.split("\n").length) {
      // The call that tslab puts around a cell.
    } else if (cell !== undefined) {
      const frame = cellFrame(file, cell, called, Number(lineNumber), Number(column));
      cells.push(frame);
      all.push(frame);
    } else if (!isInside(file)) {
      const clean = withoutPaths(file, surroundings.hiddenRoots);
      const place = `${clean}:${lineNumber}:${column}`;
      all.push(called === undefined ? `    at ${place}` : `    at ${called} (${place})`);
    }
  }
  return TEACHING.has(error.name) && cells.length > 0 ? cells : all;
}

/** Is the file part of Node, of tslab or of this kernel? Then a reader has no use for it. */
function isInside(file: string): boolean {
  return (
    file.startsWith("node:") ||
    file.includes("/node_modules/tslab/") ||
    file.includes("/notebooks/kernel/dist/")
  );
}

function cellFrame(
  name: string,
  cell: CellCode,
  called: string | undefined,
  line: number,
  column: number,
): string {
  const inOutput: Place = {
    line,
    column: line === 1 ? Math.max(1, column - cell.prefixLength) : column,
  };
  const place = mapLines(cell.source, cell.output)(inOutput) ?? inOutput;
  const where = `${name}:${place.line}:${place.column}`;
  // The wrapper that tslab puts around a cell has no name that a person knows.
  return called === undefined || called === "eval"
    ? `    at ${where}`
    : `    at ${called} (${where})`;
}
