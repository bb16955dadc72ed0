/** A line of strace's log, taken apart: the call, its arguments, its result. */
import { logLines } from "./log-line.js";
import type { LogLine } from "./log-line.js";

export interface Argument {
  readonly text: string;
  /** Where it begins in the line. */
  readonly index: number;
}

export interface StraceCall {
  readonly name: string;
  readonly args: readonly Argument[];
  /** The result as it is printed: a number, an address; `-1` where the call failed. */
  readonly result: string;
  readonly line: LogLine;
}

const NOTE = /^(\+\+\+ .* \+\+\+|--- .* ---|strace: .*)$/;
const TASK = /^(?:\[pid\s+(\d+)\]\s+|(\d+)\s+)?(?:\d\d:\d\d:\d\d(?:\.\d+)?\s+|\d+\.\d+\s+)?/;

/** Calls whose result names an address: in the trace they stand where they returned. */
const MAPS = /^(mmap|mremap)\b/;

/**
 * The calls of a log, in their order. A call that another task's line interrupts (`<unfinished ...>`) is put
 * together again; it stands where it began, or, if it maps something, where it returned.
 * Throws TraceSyntaxError at a line that is not strace's.
 */
export function straceCalls(text: string, file: string): StraceCall[] {
  const calls: (StraceCall | undefined)[] = [];
  const unfinished = new Map<string, { readonly text: string; readonly place: number }>();
  for (const line of logLines(text, file)) {
    const prefix = TASK.exec(line.text) as RegExpExecArray;
    const task = prefix[1] ?? prefix[2] ?? "";
    const start = prefix[0].length;
    const body = line.text.slice(start);
    if (NOTE.test(body)) continue;
    const halted = /^(.*?)\s*<unfinished \.\.\.>$/.exec(body)?.[1];
    const resumed = /^<\.\.\. \w+ resumed>/.exec(body)?.[0];
    if (halted !== undefined) {
      unfinished.set(task, { text: halted, place: calls.length });
      calls.push(undefined);
    } else if (resumed === undefined) {
      calls.push(callOf(line, body, start));
    } else {
      const begun = unfinished.get(task);
      if (begun === undefined) throw line.error("a call that began in a line above", start);
      unfinished.delete(task);
      const call = callOf(line, begun.text + body.slice(resumed.length), start);
      if (MAPS.test(call.name)) calls.push(call);
      else calls[begun.place] = call;
    }
  }
  return calls.filter((call) => call !== undefined);
}

function callOf(line: LogLine, text: string, start: number): StraceCall {
  const match = /^(\w+)\((.*)\)\s+= (\?|-?\d+|0x[0-9a-f]+)(?:\s.*)?$/.exec(text);
  if (match === null)
    throw line.error("a call as strace prints it: NAME(ARGUMENTS) = RESULT", start);
  const name = match[1] as string;
  return {
    name,
    args: argumentsOf(match[2] as string, start + name.length + 1),
    result: match[3] as string,
    line,
  };
}

/** Split at commas; the calls that matter here have no strings or structures among their arguments. */
function argumentsOf(text: string, start: number): Argument[] {
  const args: Argument[] = [];
  for (const match of text.matchAll(/[^,\s][^,]*/g)) {
    args.push({ text: match[0].trimEnd(), index: start + match.index });
  }
  return args;
}
