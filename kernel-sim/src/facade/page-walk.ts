/** The walk of the four tables to one address, as a value that a cell can ask and a page can draw. */
import { GiB, MiB, PAGE_SIZE } from "../core/units.js";
import type { Address, Pfn } from "../core/units.js";
import { PTE_DIRTY, PTE_HUGE, PTE_WRITE } from "../hardware/x86-64.js";
import { mapsEntry } from "../kernel/proc-maps.js";
import { pageWalk } from "../view/page-walk.js";
import type { WalkStep } from "../view/page-walk.js";
import type { Picture } from "../view/picture.js";
import { framePfn } from "./page-facts.js";
import type { Mm } from "../kernel/model.js";

/** Bytes that one entry of each table covers, from the root down. */
const COVERED = [
  ["pgd", 512 * GiB],
  ["pud", GiB],
  ["pmd", 2 * MiB],
  ["pte", PAGE_SIZE],
] as const;

/** A drawn walk; `pfn` is the frame, and absent where an entry on the way is empty. */
export interface PageWalk extends Picture {
  readonly pfn?: Pfn;
  readonly steps: readonly WalkStep[];
}

export function walkPageTable(mm: Mm, address: Address): PageWalk {
  const { pageTable } = mm;
  const pfn = framePfn(mm, address);
  const entry = pageTable.entry(address);
  const huge = pfn !== undefined && (entry & PTE_HUGE) !== 0;
  const pmd = pageTable.pmd(address) !== undefined;
  const leaf = pageTable.leaf(address) !== undefined;
  const pgdStart = Math.floor(address / (512 * GiB)) * 512 * GiB;
  const pud = pmd || pageTable.nextPopulated(pgdStart, pgdStart + 512 * GiB) < pgdStart + 512 * GiB;
  const reached = { pgd: true, pud, pmd, pte: leaf };
  const steps: WalkStep[] = [];
  COVERED.forEach(([table, bytes], i) => {
    if (!reached[table]) return;
    const index = Math.floor(address / bytes) % 512;
    const below = COVERED[i + 1]?.[0];
    const isLast = table === "pte" || (table === "pmd" && huge);
    if (isLast && pfn !== undefined) {
      steps.push({ table, index, entry: entryWords(entry, pfn), outcome: "frame" });
    } else if (below !== undefined && reached[below]) {
      steps.push({ table, index, entry: `→ ${below}`, outcome: "next table" });
    } else {
      steps.push({ table, index, entry: "empty", outcome: "empty" });
    }
  });
  const vma = mm.vmas.at(address);
  const picture = pageWalk({
    address,
    steps,
    ...(pfn === undefined ? {} : { pfn }),
    vma: vma === null ? "none: the address is not valid" : vmaWords(vma),
  });
  return { ...picture, steps, ...(pfn === undefined ? {} : { pfn }) };
}

function vmaWords(vma: Parameters<typeof mapsEntry>[0]): string {
  const { perms, name } = mapsEntry(vma);
  return `${perms} ${name === "" ? "anonymous" : name}`;
}

function entryWords(entry: number, pfn: Pfn): string {
  const rights = (entry & PTE_WRITE) === 0 ? "r" : "rw";
  const dirty = (entry & PTE_DIRTY) === 0 ? "clean" : "dirty";
  return `0x${pfn.toString(16)} ${rights} ${dirty}${(entry & PTE_HUGE) === 0 ? "" : " huge"}`;
}
