/** Moves page-table entries from one range to another (mm/mremap.c: move_page_tables). */
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { PMD_SIZE } from "../../hardware/x86-64.js";
import { moveHugePage, splitHugePmd } from "./huge-page.js";
import type { Mm, Vma } from "../model.js";

/** The entries of [from, from + bytes) are afterwards at `to`; frames stay where they are. */
export function movePages(mm: Mm, vma: Vma, from: Address, to: Address, bytes: number): void {
  const { pageTable } = mm;
  const end = from + bytes;
  for (let at = pageTable.nextPopulated(from, end); at < end;) {
    const target = to + (at - from);
    const extent = Math.min(end - at, PMD_SIZE - (at % PMD_SIZE), PMD_SIZE - (target % PMD_SIZE));
    moveExtent(mm, vma, at, target, extent);
    at = pageTable.nextPopulated(at + extent, end);
  }
  mm.mmu.flush(from, end);
  mm.mmu.flush(to, to + bytes);
}

/** One step inside a page table on either side: a whole table or huge page where it fits, else entry by entry. */
function moveExtent(mm: Mm, vma: Vma, at: Address, target: Address, extent: number): void {
  const { pageTable } = mm;
  const whole = extent === PMD_SIZE;
  const targetPmd = pageTable.pmdOrNew(target);
  const targetIndex = Math.floor(target / PMD_SIZE) & 511;
  const free = targetPmd.tables[targetIndex] === undefined && targetPmd.huge[targetIndex] === 0;
  if (pageTable.huge(at) !== 0) {
    if (whole && free) {
      moveHugePage(mm, { from: at, to: target });
      return;
    }
    if (vma.isHugetlb) return;
    splitHugePmd(mm, vma, at - (at % PMD_SIZE));
  }
  const pmd = pageTable.pmd(at)!;
  const index = Math.floor(at / PMD_SIZE) & 511;
  const table = pmd.tables[index];
  if (table === undefined) return;
  if (whole && free) {
    pageTable.setLeaf(pmd, index, undefined);
    pageTable.setLeaf(targetPmd, targetIndex, table);
    return;
  }
  const targetTable = pageTable.leafOrNew(target);
  const first = (at / PAGE_SIZE) & 511;
  const targetFirst = (target / PAGE_SIZE) & 511;
  for (let i = 0; i < extent / PAGE_SIZE; i++) {
    const entry = table[first + i]!;
    if (entry === 0) continue;
    table[first + i] = 0;
    targetTable[targetFirst + i] = entry;
  }
}
