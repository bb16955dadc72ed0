/** strace's constants in the words of the trace language. */
import { advices, mapFlags, remapFlags } from "../language.js";
import type { LogLine } from "./log-line.js";
import type { Argument } from "./strace-line.js";

/** mmap's flags that Linux accepts and ignores (mmap(2)). */
const IGNORED = new Set(["MAP_DENYWRITE", "MAP_EXECUTABLE", "MAP_NONBLOCK"]);

/** A number, an address or NULL. */
export function integerOf({ text, index }: Argument, line: LogLine): number {
  if (text === "NULL") return 0;
  if (!/^(0x[0-9a-f]+|\d+)$/.test(text)) throw line.error("a number, an address or NULL", index);
  return Number(text);
}

/** `rw`, `r`, `none` … */
export function rightsOf({ text, index }: Argument, line: LogLine): string {
  if (text === "PROT_NONE") return "none";
  return constants({ text, index }, line, (name) => {
    const letter = { PROT_READ: "r", PROT_WRITE: "w", PROT_EXEC: "x" }[name];
    return letter ?? undefined;
  }).join("");
}

/** `private|anon` … */
export function mapFlagsOf(argument: Argument, line: LogLine): string {
  return constants(argument, line, (name) => {
    if (IGNORED.has(name)) return "";
    if (name === "MAP_ANONYMOUS") return "anon";
    if (name === "MAP_SHARED_VALIDATE") return "shared";
    return known(mapFlags, name, "MAP_");
  })
    .filter((word) => word !== "")
    .join("|");
}

/** `maymove|fixed` …, or `none`. */
export function remapFlagsOf(argument: Argument, line: LogLine): string {
  if (argument.text === "0") return "none";
  return constants(argument, line, (name) => known(remapFlags, name, "MREMAP_")).join("|");
}

/** `dontneed` … */
export function adviceOf(argument: Argument, line: LogLine): string {
  return constants(argument, line, (name) => known(advices, name, "MADV_")).join("");
}

/** `sync` or `async`. */
export function syncFlagOf({ text, index }: Argument, line: LogLine): string {
  if (text === "MS_SYNC") return "sync";
  if (text === "MS_ASYNC") return "async";
  throw line.error("MS_SYNC or MS_ASYNC", index);
}

function known(
  table: ReadonlyMap<string, number>,
  name: string,
  prefix: string,
): string | undefined {
  const word = name.startsWith(prefix) ? name.slice(prefix.length).toLowerCase() : "";
  return table.has(word) && word !== "none" ? word : undefined;
}

/** Each of the constants joined by |, as `wordOf` names it; one that it does not name is an error. */
function constants(
  { text, index }: Argument,
  line: LogLine,
  wordOf: (name: string) => string | undefined,
): string[] {
  let at = index;
  return text.split("|").map((name) => {
    const word = wordOf(name);
    if (word === undefined)
      throw line.error("a constant that the trace language has a word for", at);
    at += name.length + 1;
    return word;
  });
}
