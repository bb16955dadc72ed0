/** MADV_COLLAPSE: gathers small pages into huge ones at once (mm/khugepaged.c: madvise_collapse). */
import { Errno } from "../../abi/errno.js";
import type { Address } from "../../core/units.js";
import {
  ENTRIES_PER_TABLE,
  PMD_SIZE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_HUGE,
  PTE_PFN_SHIFT,
  PTE_PRESENT,
  PTE_SPECIAL,
  PTE_WRITE,
  ptePfn,
} from "../../hardware/x86-64.js";
import { addHugeMapping, removeMapping } from "../rmap.js";
import { VM_HUGETLB, VM_NOHUGEPAGE, VM_SPECIAL, VM_WRITE } from "../vm-flags.js";
import { collapseFileBlock, mayCollapseFile } from "./collapse-file.js";
import { allocateHugePage } from "./huge-page.js";
import type { Mm, Vma } from "../model.js";

/** 0 where every 2 MiB of the range is a huge page afterwards, whatever the setting of transparent huge pages; -errno of the last that is not. */
export function collapse(mm: Mm, vma: Vma, start: Address, end: Address): number {
  if ((vma.flags & (VM_NOHUGEPAGE | VM_SPECIAL | VM_HUGETLB)) !== 0) return -Errno.EINVAL;
  if (!(vma.isAnonymous ? mayCollapse(vma) : mayCollapseFile(vma))) return -Errno.EINVAL;
  const first = Math.ceil(start / PMD_SIZE) * PMD_SIZE;
  const last = Math.floor(end / PMD_SIZE) * PMD_SIZE;
  mm.kernel.lru.drain();
  // A range that meets no boundary of 2 MiB has less than no blocks: that fails; one that meets one alone has none.
  let error = -Errno.EINVAL;
  let collapsed = 0;
  for (let block = first; block < last; block += PMD_SIZE) {
    const result = vma.isAnonymous
      ? collapseBlock(mm, vma, block)
      : collapseFileBlock(mm, vma, block);
    if (result === 0) {
      collapsed++;
      continue;
    }
    error = result;
    // Of errors only a missing table of the middle level lets the next block have its turn (SCAN_PMD_NULL).
    if (!vma.isAnonymous || mm.pageTable.pmd(block) !== undefined) break;
  }
  return collapsed === (last - first) / PMD_SIZE ? 0 : error;
}

/** Where nothing was ever written there is nothing to collapse (__thp_vma_allowable_orders). */
function mayCollapse(vma: Vma): boolean {
  if (vma.anonVma === null) return false;
  return Math.ceil(vma.start / PMD_SIZE) * PMD_SIZE + PMD_SIZE <= vma.end;
}

function collapseBlock(mm: Mm, vma: Vma, block: Address): number {
  const { pageTable, kernel } = mm;
  const { memory } = kernel;
  if (pageTable.huge(block) !== 0) return 0;
  const table = pageTable.leaf(block);
  // A table without entries is enough.
  if (table === undefined) return -Errno.EINVAL;
  const head = allocateHugePage(kernel);
  if (head < 0) return -Errno.ENOMEM;
  for (let i = 0; i < ENTRIES_PER_TABLE; i++) {
    const entry = table[i]!;
    if (entry === 0 || (entry & PTE_SPECIAL) !== 0) continue;
    memory.contents.copy(ptePfn(entry), head + i);
    table[i] = 0;
    removeMapping(mm, ptePfn(entry));
  }
  pageTable.setLeaf(pageTable.pmdOrNew(block), (block / PMD_SIZE) & 511, undefined);
  const write = (vma.flags & VM_WRITE) !== 0 ? PTE_WRITE : 0;
  pageTable.setHuge(
    block,
    ((head << PTE_PFN_SHIFT) | PTE_HUGE | PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY | write) >>> 0,
  );
  addHugeMapping(mm, head);
  mm.mmu.flush(block, block + PMD_SIZE);
  return 0;
}
