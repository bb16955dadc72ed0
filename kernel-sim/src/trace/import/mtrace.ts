/**
 * The log that glibc's mtrace() writes: a line for each block that is allocated or freed.
 *
 *     = Start
 *     @ ./a.out:[0x1220] + 0x5639a2a0 0x18        malloc, calloc, memalign: address, bytes
 *     @ ./a.out:[0x1248] < 0x5639a2a0             realloc: the old block, then
 *     @ ./a.out:[0x1248] > 0x5639a890 0x7d0       the new one
 *     @ ./a.out:[0x1390] ! 0x5639a890 0x7d0       realloc that failed
 *     @ ./a.out:[0x13aa] - 0x5639a890             free
 *     = End
 *
 * The log does not tell malloc from calloc and memalign: each becomes malloc.
 * Source: mtrace(3), malloc/mtrace-impl.c.
 */
import { logLines } from "./log-line.js";
import type { LogLine } from "./log-line.js";

const NULL_POINTER = "(nil)";

/** The trace of an mtrace log. Throws TraceSyntaxError at a line that is not mtrace's. */
export function importMtrace(text: string, file: string): string[] {
  const names = new Map<string, string>();
  const trace: string[] = [];
  let count = 0;
  let moved: string | undefined;

  const nameOf = (address: string) => {
    const name = `a${++count}`;
    if (address !== NULL_POINTER) names.set(address, name);
    return name;
  };
  const forget = (address: string) => {
    const name = names.get(address);
    names.delete(address);
    return name;
  };

  for (const line of logLines(text, file)) {
    if (/^= (Start|End)$/.test(line.text)) continue;
    const { sign, address, size } = eventOf(line);
    switch (sign) {
      case "+":
        trace.push(`malloc ${nameOf(address)} ${size}`);
        break;
      case "-": {
        const name = forget(address);
        trace.push(name === undefined ? unknown("freed", address) : `free ${name}`);
        break;
      }
      case "<":
        moved = address;
        break;
      case "!":
      case ">": {
        const old = sign === "!" ? address : moved;
        if (old === undefined)
          throw line.error("a line with < before it", line.text.indexOf(" > ") + 1);
        const oldName = sign === "!" ? names.get(old) : forget(old);
        const name = nameOf(sign === "!" ? NULL_POINTER : address);
        if (oldName === undefined) trace.push(unknown("moved", old), `malloc ${name} ${size}`);
        else trace.push(`realloc ${name} ${oldName} ${size}`);
        moved = undefined;
      }
    }
  }
  return trace;
}

function unknown(what: string, address: string): string {
  return `# ${address} was ${what}, and allocated before the log began`;
}

interface MtraceEvent {
  readonly sign: "+" | "-" | "<" | ">" | "!";
  readonly address: string;
  /** In decimal; empty where the event has none. */
  readonly size: string;
}

/** `@ CALLER SIGN ADDRESS [SIZE]`; the caller may hold spaces. */
function eventOf(line: LogLine): MtraceEvent {
  const words = line.words();
  if (words[0]?.text !== "@") throw line.error("@, = Start or = End", 0);
  const at = words.findLastIndex((word) => /^[-+<>!]$/.test(word.text));
  if (at < 1) throw line.error("one of + - < > ! after the caller", line.text.length);
  const sign = words[at]?.text as MtraceEvent["sign"];
  const [address, size, more] = words.slice(at + 1);
  if (address === undefined || !/^(0x[0-9a-f]+|\(nil\))$/.test(address.text)) {
    throw line.error("an address", address?.index ?? line.text.length);
  }
  const isSized = sign === "+" || sign === ">" || sign === "!";
  if (isSized && (size === undefined || !/^(0|0x[0-9a-f]+)$/.test(size.text))) {
    throw line.error("a size in hexadecimal", size?.index ?? line.text.length);
  }
  const beyond = isSized ? more : size;
  if (beyond !== undefined) throw line.error("the end of the line", beyond.index);
  return {
    sign,
    address: address.text,
    size: isSized && size !== undefined ? String(BigInt(size.text)) : "",
  };
}
