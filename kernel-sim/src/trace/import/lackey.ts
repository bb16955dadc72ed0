/**
 * The log of `valgrind --tool=lackey --trace-mem=yes`: each access of a program to its memory.
 *
 *     I  0401ab70,3      an instruction was fetched: address in hexadecimal, bytes
 *      L 1fff000688,8    load
 *      S 1fff000688,8    store
 *      M 0421e040,4      modify: load and store in one instruction, which faults as a store
 *
 * The log does not say what was mapped. Each run of pages that data were read from or written to becomes an
 * anonymous map; instructions are left out, since the simulator executes none. Accesses of one kind to one page that
 * follow each other are one.
 * Source: Valgrind User Manual, "Lackey: an example tool".
 */
import { PAGE_SIZE } from "../../core/units.js";
import { logLines } from "./log-line.js";

interface Access {
  readonly kind: "read" | "write";
  readonly address: number;
  readonly bytes: number;
}

interface Run {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The trace of a lackey log. Throws TraceSyntaxError at a line that is neither an access nor Valgrind's own. */
export function importLackey(text: string, file: string): string[] {
  const accesses = [...accessesOf(text, file)];
  const runs = runsOf(accesses);
  return [
    ...runs.map(({ name, start, end }) => `mmap ${name} ${end - start} rw private|anon`),
    ...commands(accesses, runs),
  ];
}

function* accessesOf(text: string, file: string): Generator<Access> {
  let last: Access | undefined;
  for (const line of logLines(text, file)) {
    if (/^(==|--|I )/.test(line.text)) continue;
    const match = /^ ([LSM]) ([0-9a-f]+),([1-9]\d*)$/.exec(line.text);
    if (match === null)
      throw line.error("I, L, S or M, an address, a comma and a number of bytes", 0);
    const kind = match[1] === "L" ? "read" : "write";
    const access = {
      kind,
      address: parseInt(match[2] as string, 16),
      bytes: Number(match[3]),
    } as const;
    if (last !== undefined && repeats(access, last)) continue;
    last = access;
    yield access;
  }
}

/** Whether an access is of the kind and the page of the one before it. */
function repeats(access: Access, last: Access): boolean {
  const page = pageOf(lastByteOf(last));
  return (
    access.kind === last.kind &&
    pageOf(access.address) === page &&
    pageOf(lastByteOf(access)) === page
  );
}

function lastByteOf({ address, bytes }: Access): number {
  return address + bytes - 1;
}

function pageOf(address: number): number {
  return address - (address % PAGE_SIZE);
}

/** The runs of neighbouring pages that were accessed, lowest first. */
function runsOf(accesses: readonly Access[]): Run[] {
  const pages = new Set<number>();
  for (const access of accesses) {
    for (let page = pageOf(access.address); page <= lastByteOf(access); page += PAGE_SIZE) {
      pages.add(page);
    }
  }
  const runs: Run[] = [];
  for (const page of [...pages].sort((one, other) => one - other)) {
    const last = runs.at(-1);
    if (last?.end === page) runs[runs.length - 1] = { ...last, end: page + PAGE_SIZE };
    else runs.push({ name: `m${runs.length + 1}`, start: page, end: page + PAGE_SIZE });
  }
  return runs;
}

function commands(accesses: readonly Access[], runs: readonly Run[]): string[] {
  return accesses.map((access) => {
    const { name, start } = runHolding(access.address, runs);
    return `${access.kind} ${name}+0x${(access.address - start).toString(16)} ${access.bytes}`;
  });
}

function runHolding(address: number, runs: readonly Run[]): Run {
  let low = 0;
  let high = runs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((runs[middle] as Run).start <= address) low = middle;
    else high = middle - 1;
  }
  return runs[low] as Run;
}
