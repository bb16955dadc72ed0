/** Takes pages out of a page table, and frees what nobody else has (mm/memory.c: zap_pte_range). */
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { PMD_SIZE, PTE_DIRTY, PTE_SPECIAL, ptePfn, ptePresent } from "../../hardware/x86-64.js";
import { PG_ANON } from "../page-flags.js";
import { removeMapping, setPageDirty } from "../rmap.js";
import { zapHugetlb } from "./hugetlb.js";
import { splitHugePmd, unmapHugePage } from "./huge-page.js";
import type { Mm, Vma } from "../model.js";

export interface ZapDetails {
  /** Keep private copies of a file's pages, as making a hole in the file does (even_cows off). */
  readonly keepAnonymous?: true;
  /** Free page tables that the zap emptied (CONFIG_PT_RECLAIM: try_to_free_pte). */
  readonly reclaimTables?: true;
}

/** Takes out the pages of [start, end), which lie in one vma. */
export function zapRange(
  mm: Mm,
  vma: Vma,
  start: Address,
  end: Address,
  details: ZapDetails = {},
): void {
  if (vma.isHugetlb) {
    zapHugetlb(mm, vma, start, end);
    return;
  }
  mm.noteResident();
  const { pageTable, kernel } = mm;
  const { memory } = kernel;
  for (let at = pageTable.nextPopulated(start, end); at < end;) {
    const block = at - (at % PMD_SIZE);
    const to = Math.min(end, block + PMD_SIZE);
    const huge = pageTable.huge(at);
    if (huge !== 0) {
      if (at === block && to === block + PMD_SIZE) {
        zapHuge(mm, block, huge, details);
        at = pageTable.nextPopulated(to, end);
        continue;
      }
      splitHugePmd(mm, vma, block);
    }
    const pmd = pageTable.pmd(at)!;
    const index = (block / PMD_SIZE) & 511;
    const table = pmd.tables[index];
    if (table === undefined) {
      at = pageTable.nextPopulated(to, end);
      continue;
    }
    const last = (to - block) / PAGE_SIZE;
    for (let i = (at - block) / PAGE_SIZE; i < last; i++) {
      const entry = table[i]!;
      if (entry === 0) continue;
      if ((entry & PTE_SPECIAL) !== 0 || !ptePresent(entry)) {
        table[i] = 0;
        continue;
      }
      const pfn = ptePfn(entry);
      const anonymous = (memory.flags[pfn]! & PG_ANON) !== 0;
      if (anonymous && details.keepAnonymous === true) continue;
      table[i] = 0;
      if (!anonymous && (entry & PTE_DIRTY) !== 0) setPageDirty(kernel, pfn);
      removeMapping(mm, pfn);
    }
    if (
      details.reclaimTables === true &&
      at === block &&
      to === block + PMD_SIZE &&
      table.every((entry) => entry === 0)
    ) {
      pageTable.setLeaf(pmd, index, undefined);
    }
    at = pageTable.nextPopulated(to, end);
  }
  mm.mmu.flush(start, end);
}

function zapHuge(mm: Mm, block: Address, entry: number, details: ZapDetails): void {
  const flags = mm.kernel.memory.flags[ptePfn(entry)]!;
  if ((flags & PG_ANON) !== 0 && details.keepAnonymous === true) return;
  unmapHugePage(mm, block);
}
