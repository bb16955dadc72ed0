/**
 * The log of `strace -e trace=%memory,openat,close`: mmap, munmap, brk, mprotect, mremap, madvise, mlock and their kin.
 *
 * A mapping that the log does not show being made (the program's own segments, its stack) has no name in the
 * trace: calls on it become comments. A file is as long as its mappings reach. All tasks of `strace -f` are taken
 * as threads of one process.
 * Source: strace(1).
 */
import { AddressNames } from "./address-names.js";
import { FilesOfLog } from "./files-of-log.js";
import {
  adviceOf,
  integerOf,
  mapFlagsOf,
  remapFlagsOf,
  rightsOf,
  syncFlagOf,
} from "./strace-values.js";
import { straceCalls } from "./strace-line.js";
import type { Argument, StraceCall } from "./strace-line.js";

/** The trace of a strace log. Throws TraceSyntaxError at a line or a constant that it does not know. */
export function importStrace(text: string, file: string): string[] {
  const calls = straceCalls(text, file);
  const state = new StraceState(new FilesOfLog(calls));
  return calls.flatMap((call) => state.commands(call));
}

/** Calls on a range that become a command with the range's address and length: their third operand. */
const rangeCalls: Readonly<Record<string, (call: StraceCall) => string>> = {
  munmap: () => "",
  mlock: () => "",
  munlock: () => "",
  mprotect: (call) => ` ${rightsOf(argument(call, 2), call.line)}`,
  madvise: (call) => ` ${adviceOf(argument(call, 2), call.line)}`,
  msync: (call) => ` ${syncFlagOf(argument(call, 2), call.line)}`,
};

class StraceState {
  readonly #names = new AddressNames();
  readonly #files: FilesOfLog;
  #count = 0;
  #break: number | undefined;

  constructor(files: FilesOfLog) {
    this.#files = files;
  }

  commands(call: StraceCall): string[] {
    const range = rangeCalls[call.name];
    if (range !== undefined) return [this.#range(call.name, call, range(call))];
    switch (call.name) {
      case "mmap":
        return this.#mmap(call);
      case "mremap":
        return [this.#mremap(call)];
      case "mlock2": {
        const onFault = argument(call, 2).text === "MLOCK_ONFAULT";
        return [this.#range(onFault ? "mlock_onfault" : "mlock", call, "")];
      }
      case "brk":
        return this.#brk(call);
      default:
        return [];
    }
  }

  #mmap(call: StraceCall): string[] {
    const flags = mapFlagsOf(argument(call, 3), call.line);
    const { file, created } = this.#files.mapped(call);
    const at = this.#names.expression(integer(call, 0));
    const isFixed = /\bfixed/.test(flags);
    if (isFixed && at === undefined) return [...created, notInLog(call)];
    const name = `m${++this.#count}`;
    const words = [
      "mmap",
      name,
      lengthText(call, 1),
      rightsOf(argument(call, 2), call.line),
      flags,
    ];
    if (file !== undefined) words.push(file);
    if (file !== undefined && integer(call, 5) > 0) words.push(`off=${lengthText(call, 5)}`);
    // A hint that no mapping of the log holds has no name: the simulator chooses.
    if (at !== undefined) words.push(`at=${at}`);
    this.#name(name, call, 1);
    return [...created, words.join(" ")];
  }

  #mremap(call: StraceCall): string {
    const from = this.#names.expression(integer(call, 0));
    const at = call.args[4] === undefined ? undefined : this.#names.expression(integer(call, 4));
    if (from === undefined || (call.args[4] !== undefined && at === undefined))
      return notInLog(call);
    const name = `m${++this.#count}`;
    const flags = remapFlagsOf(argument(call, 3), call.line);
    const words = ["mremap", name, from, lengthText(call, 1), lengthText(call, 2), flags];
    if (at !== undefined) words.push(`at=${at}`);
    this.#name(name, call, 2);
    return words.join(" ");
  }

  /** The name is that of what the call mapped, as long as the call's argument `lengthAt` says. */
  #name(name: string, call: StraceCall, lengthAt: number): void {
    if (call.result !== "-1") this.#names.add(name, Number(call.result), integer(call, lengthAt));
  }

  #range(command: string, call: StraceCall, rest: string): string {
    const expression = this.#names.expression(integer(call, 0));
    const length = lengthText(call, 1);
    return expression === undefined ? notInLog(call) : `${command} ${expression} ${length}${rest}`;
  }

  /** The first brk(NULL) tells where the break is; what follows moves it. */
  #brk(call: StraceCall): string[] {
    const asked = argument(call, 0);
    const before = this.#break;
    this.#break = Number(call.result);
    if (asked.text === "NULL") return before === undefined ? ["sbrk 0"] : [];
    const target = integer(call, 0);
    if (before === undefined) return [notInLog(call)];
    return [`sbrk ${target - before}`];
  }
}

function argument(call: StraceCall, at: number): Argument {
  const found = call.args[at];
  if (found === undefined) {
    throw call.line.error(`${call.name}'s argument ${at + 1}`, call.line.text.lastIndexOf(")"));
  }
  return found;
}

function integer(call: StraceCall, at: number): number {
  return integerOf(argument(call, at), call.line);
}

/** As it stands in the log: a length may have more digits than a number holds. */
function lengthText(call: StraceCall, at: number): string {
  integer(call, at);
  return argument(call, at).text;
}

function notInLog(call: StraceCall): string {
  const args = call.args.map(({ text }) => text).join(", ");
  return `# ${call.name}(${args}): what is mapped there, the log does not show`;
}
