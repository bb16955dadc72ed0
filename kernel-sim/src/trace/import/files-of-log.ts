/** The files that a strace log maps: which descriptor means which, and how long each must be. */
import { integerOf } from "./strace-values.js";
import type { StraceCall } from "./strace-line.js";

interface MappedFile {
  readonly name: string;
  sizeBytes: number;
  isCreated: boolean;
}

/**
 * A descriptor means a new file after openat() or close() of it; where the log has neither, a mapping that is not
 * MAP_FIXED begins one, as the dynamic linker's first mapping of a library does.
 */
export class FilesOfLog {
  readonly #ofCall = new Map<StraceCall, MappedFile>();

  constructor(calls: readonly StraceCall[]) {
    const open = new Map<string, MappedFile>();
    const hasOpenat = calls.some(({ name }) => name === "openat");
    let count = 0;
    for (const call of calls) {
      if (call.name === "openat") open.delete(call.result);
      if (call.name === "close") open.delete(call.args[0]?.text ?? "");
      const descriptor = call.args[4]?.text;
      if (call.name !== "mmap" || descriptor === undefined || descriptor === "-1") continue;
      if (call.args[3]?.text.includes("MAP_ANONYMOUS")) continue;
      let file = open.get(descriptor);
      const begins = !hasOpenat && !call.args[3]?.text.includes("MAP_FIXED");
      if (file === undefined || begins) {
        file = { name: `f${++count}`, sizeBytes: 0, isCreated: false };
        open.set(descriptor, file);
      }
      const [length, offset] = [call.args[1], call.args[5]];
      if (length !== undefined && offset !== undefined) {
        const end = integerOf(offset, call.line) + integerOf(length, call.line);
        file.sizeBytes = Math.max(file.sizeBytes, end);
      }
      this.#ofCall.set(call, file);
    }
  }

  /** The file of an mmap call, if it has one, and the command that makes it where this is its first mapping. */
  mapped(call: StraceCall): { readonly file: string | undefined; readonly created: string[] } {
    const file = this.#ofCall.get(call);
    if (file === undefined) return { file: undefined, created: [] };
    const created = file.isCreated ? [] : [`file ${file.name} ${file.sizeBytes}`];
    file.isCreated = true;
    return { file: file.name, created };
  }
}
