/**
 * A log of the faults that a program's own accesses take: where, why, and what came of it.
 *
 * It compares the page table before and after the kernel's work, so it costs nothing where nobody
 * watches. Pages that a call brings in by itself (mlock, MAP_POPULATE) are counted by getrusage(),
 * but no access of the program faulted, so they are not here.
 */
import { display } from "../core/display.js";
import type { Displayable } from "../core/display.js";
import { hex, PAGE_SIZE, pageFloor } from "../core/units.js";
import type { Address, Pfn } from "../core/units.js";
import { PTE_HUGE } from "../hardware/x86-64.js";
import type { Access } from "../hardware/mmu.js";
import { PG_ANON, PG_CACHE } from "../kernel/page-flags.js";
import { framePfn } from "./page-facts.js";
import type { Mm } from "../kernel/model.js";

export interface FaultEntry {
  readonly address: Address;
  readonly access: Access;
  readonly weight: "minor" | "major" | "fatal";
  /** What the kernel did, in words. */
  readonly reason: string;
  /** The frame that the entry names afterwards. */
  readonly pfn?: Pfn;
  /** Pages that became resident by this fault: more than one with fault-around or huge pages. */
  readonly pagesMapped: number;
}

export interface FaultLog extends Displayable, Iterable<FaultEntry> {
  readonly entries: readonly FaultEntry[];
}

/** Watches from now on; the log that is returned grows. */
export function watchFaults(mm: Mm): FaultLog {
  const { kernel } = mm;
  const entries: FaultEntry[] = [];
  const serve = kernel.onFault;
  kernel.onFault = (faulting, address, access) => {
    if (faulting !== mm) {
      serve(faulting, address, access);
      return;
    }
    const page = pageFloor(address);
    const before = framePfn(mm, page);
    const majorBefore = mm.task.majorFaults;
    const residentBefore = mm.residentPages;
    try {
      serve(mm, address, access);
    } catch (signal) {
      const reason = `no valid access: ${signal instanceof Error ? signal.message : "a signal"}`;
      entries.push({ address, access, weight: "fatal", reason, pagesMapped: 0 });
      throw signal;
    }
    const pfn = framePfn(mm, page);
    const major = mm.task.majorFaults > majorBefore;
    entries.push({
      address: page,
      access,
      weight: major ? "major" : "minor",
      reason: reasonOf(mm, page, access, before, major ? "major" : "minor"),
      ...(pfn === undefined ? {} : { pfn }),
      pagesMapped: mm.residentPages - residentBefore,
    });
  };
  return faultLog(entries);
}

function reasonOf(
  mm: Mm,
  page: Address,
  access: Access,
  before: Pfn | undefined,
  weight: "minor" | "major",
): string {
  const { kernel } = mm;
  const after = framePfn(mm, page);
  if (after === undefined) return "nothing is there afterwards";
  const flags = kernel.memory.flags[after] ?? 0;
  const huge = (mm.pageTable.entry(page) & PTE_HUGE) !== 0 ? "huge " : "";
  if (before === undefined) {
    if (after === kernel.zeroPfn) return "first read: the zero page";
    if ((flags & PG_ANON) !== 0) {
      return mm.vmas.at(page)?.file == null
        ? `first write: a new ${huge}frame of zeros`
        : "write to a private file page: copied to a new frame";
    }
    const from = weight === "major" ? "read from the disk" : "found in the page cache";
    return access === "write" ? `shared page, ${from}, to be written` : `page ${from}`;
  }
  if (before === kernel.zeroPfn) return "write to the zero page: a new frame of zeros";
  if (before !== after) return `copy-on-write: frame ${hex(before)} copied to a new one`;
  return (flags & PG_CACHE) === 0
    ? "write to a frame that is no longer shared: taken over, not copied"
    : "first write to a clean shared page: it becomes dirty";
}

function faultLog(entries: readonly FaultEntry[]): FaultLog {
  const toString = (): string => logText(entries);
  return {
    entries,
    [Symbol.iterator]: () => entries[Symbol.iterator](),
    toString,
    [display]: () => ({ "text/plain": toString(), "application/json": [...entries] }),
  };
}

/** A line a fault; neighbours of one kind, page after page, share a line. */
function logText(entries: readonly FaultEntry[]): string {
  if (entries.length === 0) return "no faults";
  const lines: string[] = [];
  for (let i = 0; i < entries.length;) {
    const first = entries[i];
    if (first === undefined) break;
    let count = 1;
    while (follows(entries[i + count], first, count)) count++;
    const pages = count === 1 ? "" : ` (${count} pages in a row)`;
    const mapped = first.pagesMapped > 1 ? `, ${first.pagesMapped} pages mapped at once` : "";
    const frame = first.pfn === undefined || count > 1 ? "" : ` (frame ${hex(first.pfn)})`;
    lines.push(
      `${hex(first.address).padEnd(16)}${first.access.padEnd(7)}${first.weight.padEnd(7)}${first.reason}${frame}${mapped}${pages}`,
    );
    i += count;
  }
  return lines.join("\n");
}

function follows(entry: FaultEntry | undefined, first: FaultEntry, count: number): boolean {
  if (entry === undefined) return false;
  return (
    entry.address === first.address + count * PAGE_SIZE &&
    entry.access === first.access &&
    entry.weight === first.weight &&
    entry.reason.replace(/0x[0-9a-f]+/, "") === first.reason.replace(/0x[0-9a-f]+/, "")
  );
}
