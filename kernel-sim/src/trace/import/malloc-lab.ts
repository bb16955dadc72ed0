/**
 * A trace of the malloc lab of "Computer Systems: A Programmer's Perspective", a `.rep` file.
 *
 *     20000      a size for the heap, or a weight
 *     3          how many blocks there are: their numbers are below this
 *     5          how many lines follow the four
 *     1          a weight
 *     a 0 2040   malloc: number, bytes
 *     r 0 4072   realloc
 *     f 0        free; -1 is NULL
 *
 * Source: the lab's writeup, http://csapp.cs.cmu.edu/3e/labs.html.
 */
import { TraceSyntaxError } from "../syntax-error.js";
import { logLines } from "./log-line.js";
import type { LogLine } from "./log-line.js";

const HEADER_LINES = 4;
const IDS = 1;
const OPERATIONS = 2;

/** The trace of a `.rep` file. Throws TraceSyntaxError at a line that is not the lab's. */
export function importMallocLab(text: string, file: string): string[] {
  const header: number[] = [];
  const trace: string[] = [];
  let last: LogLine | undefined;
  for (const line of logLines(text, file)) {
    last = line;
    if (header.length < HEADER_LINES) header.push(headerNumber(line));
    else if (trace.length < (header[OPERATIONS] as number)) trace.push(command(line, header));
    else throw line.error(`no more than the ${header[OPERATIONS]} lines that line 3 tells of`, 0);
  }
  const isShort = header.length < HEADER_LINES || trace.length < (header[OPERATIONS] as number);
  if (isShort) {
    const expected =
      header.length < HEADER_LINES
        ? "four lines with a number each before the first command"
        : `${header[OPERATIONS]} commands, as line 3 tells; after ${trace.length}`;
    if (last === undefined) throw emptyFile(file, expected);
    throw last.error(expected, last.text.length);
  }
  return trace;
}

function emptyFile(file: string, expected: string): TraceSyntaxError {
  return new TraceSyntaxError({ file, line: 1, column: 1, expected, found: "" });
}

function headerNumber(line: LogLine): number {
  const value = line.text.trim();
  if (!/^\d+$/.test(value)) {
    throw line.error("a number: the first four lines are heap size, blocks, commands, weight", 0);
  }
  return Number(value);
}

function command(line: LogLine, header: readonly number[]): string {
  const [op, id, size, more] = line.words();
  const isSized = op?.text === "a" || op?.text === "r";
  if (!isSized && op?.text !== "f") throw line.error("a, r or f", op?.index ?? 0);
  const isNull = op?.text === "f" && id?.text === "-1";
  const ids = header[IDS] as number;
  if (id === undefined || (!isNull && !(/^\d+$/.test(id.text) && Number(id.text) < ids))) {
    throw line.error(`the number of a block, below ${ids}`, id?.index ?? line.text.length);
  }
  if (isSized && (size === undefined || !/^\d+$/.test(size.text))) {
    throw line.error("a size in bytes", size?.index ?? line.text.length);
  }
  const beyond = isSized ? more : size;
  if (beyond !== undefined) throw line.error("the end of the line", beyond.index);
  const name = `b${id.text}`;
  if (op?.text === "a") return `malloc ${name} ${size?.text}`;
  if (op?.text === "r") return `realloc ${name} ${name} ${size?.text}`;
  return isNull ? "# free(NULL)" : `free ${name}`;
}
