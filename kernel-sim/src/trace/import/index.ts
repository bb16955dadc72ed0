/** Logs of other tools, turned into the trace language: text in, lines out. */
import { importLackey } from "./lackey.js";
import { importMallocLab } from "./malloc-lab.js";
import { importMtrace } from "./mtrace.js";
import { importStrace } from "./strace.js";

/** Returns the commands of a trace, a string each; throws TraceSyntaxError, with `file` as its name, at a line it does not know. */
export type Importer = (text: string, file: string) => string[];

/** By the name that the command line gives them. */
export const importers: ReadonlyMap<string, Importer> = new Map([
  ["mtrace", importMtrace],
  ["rep", importMallocLab],
  ["lackey", importLackey],
  ["strace", importStrace],
]);
