/** Writes dirty pages of a file to its disk (fsync(2), msync(2); mm/page-writeback.c: folio_clear_dirty_for_io). */
import { PAGE_SIZE } from "../core/units.js";
import type { Pfn } from "../core/units.js";
import { PTE_DIRTY, PTE_WRITE, ptePfn } from "../hardware/x86-64.js";
import { writeBack } from "./page-cache.js";
import { headOf, isPageDirty, setPageDirty } from "./rmap.js";
import { VM_SHARED } from "./vm-flags.js";
import type { Inode, KernelState } from "./model.js";

/**
 * Folios of which a page lies in [first, end) are clean afterwards, and the next shared write to one faults again. The heads
 * of those that were written.
 */
export function syncPages(
  kernel: KernelState,
  inode: Inode,
  first: number,
  end: number,
): ReadonlySet<Pfn> {
  const written = new Set<Pfn>();
  if (inode.kind !== "disk") return written;
  kernel.reading.finish();
  for (const index of [...inode.pages.keys()]) {
    const pfn = inode.pages.get(index)!;
    const folio = kernel.folios.of(pfn);
    const start = folio === undefined ? index : index - (pfn - folio.head);
    if (start + (folio?.pages ?? 1) <= first || start >= end) continue;
    cleanEntries(kernel, inode, index);
    if (!isPageDirty(kernel, inode.pages.get(index)!)) continue;
    writeBack(kernel, inode, index);
    written.add(headOf(kernel, pfn));
  }
  // The folios to write were looked up in batches (mm/swap.c: __folio_batch_release).
  if (written.size > 0) kernel.lru.drain();
  return written;
}

/** Takes the dirty and write bits from every shared mapping of a page (folio_mkclean). */
function cleanEntries(kernel: KernelState, inode: Inode, index: number): void {
  const pfn = inode.pages.get(index)!;
  if (kernel.memory.mapcount[pfn] === 0) return;
  for (const vma of inode.vmas) {
    if ((vma.flags & VM_SHARED) === 0) continue;
    const at = vma.start + (index - vma.pgoff) * PAGE_SIZE;
    if (at < vma.start || at >= vma.end) continue;
    const entry = vma.mm.pageTable.entry(at);
    if (entry === 0 || ptePfn(entry) !== pfn || (entry & (PTE_DIRTY | PTE_WRITE)) === 0) continue;
    if ((entry & PTE_DIRTY) !== 0) setPageDirty(kernel, pfn);
    vma.mm.pageTable.set(at, (entry & ~(PTE_DIRTY | PTE_WRITE)) >>> 0);
    vma.mm.mmu.flush(at, at + PAGE_SIZE);
  }
}
