/** POSIX_FADV_DONTNEED: takes pages of a file out of the page cache (mm/fadvise.c: generic_fadvise). */
import { PAGE_SIZE } from "../core/units.js";
import type { Pfn } from "../core/units.js";
import { PTE_SPECIAL, ptePfn } from "../hardware/x86-64.js";
import { syncPages } from "./file-sync.js";
import { BATCH_PAGES } from "./lru.js";
import { removeCacheFolio } from "./page-cache.js";
import { headOf } from "./rmap.js";
import { VM_LOCKED } from "./vm-flags.js";
import type { Inode, KernelState } from "./model.js";

/**
 * Begins to write the dirty pages of the bytes [offset, end) to the disk, and drops the whole pages of it that nobody maps.
 * Linux looks twice; a disk is slower than that, so that what was dirty stays.
 */
export function dropCache(kernel: KernelState, inode: Inode, offset: number, end: number): void {
  if (inode.kind !== "disk") return;
  const written = syncPages(
    kernel,
    inode,
    Math.floor(offset / PAGE_SIZE),
    Math.ceil(end / PAGE_SIZE),
  );
  const first = Math.ceil(offset / PAGE_SIZE);
  // A part of a page is kept, but for the end of the file.
  const last = end === inode.sizeBytes ? Math.ceil(end / PAGE_SIZE) : Math.floor(end / PAGE_SIZE);
  if (first >= last) return;
  kernel.lru.drain();
  const kept = dropUnused(kernel, inode, { first, last, written });
  if (kept.length > 0) deactivate(kernel, inode, kept);
}

/** Drops what nobody uses; the first page of each folio of [first, last) that stays (mm/truncate.c: mapping_try_invalidate). */
function dropUnused(
  kernel: KernelState,
  inode: Inode,
  range: { readonly first: number; readonly last: number; readonly written: ReadonlySet<Pfn> },
): number[] {
  const kept: number[] = [];
  for (const index of [...inode.pages.keys()].sort((a, b) => a - b)) {
    const pfn = inode.pages.get(index);
    if (pfn === undefined || index < range.first) continue;
    const folio = kernel.folios.of(pfn);
    if (index + (folio?.pages ?? 1) > range.last) continue;
    // A folio is looked at once, at its first page, and not at all while it is written.
    if (headOf(kernel, pfn) !== pfn || range.written.has(pfn)) continue;
    const mapped = folio === undefined ? kernel.memory.mapcount[pfn]! : folio.largeMapcount;
    if (mapped === 0) removeCacheFolio(kernel, inode, index);
    else kept.push(index);
  }
  return kept;
}

/**
 * The second look finds only what stays, in batches of which the first, given back, empties the LRU's; from the others up to 30
 * pages wait (deactivate_file_folio; __folio_batch_release).
 */
function deactivate(kernel: KernelState, inode: Inode, kept: readonly number[]): void {
  const { lru } = kernel;
  lru.drain();
  for (const [i, index] of kept.entries()) {
    const pfn = inode.pages.get(index)!;
    if (kernel.folios.of(pfn) !== undefined) lru.deactivateLarge();
    else if (!isLocked(inode, index, pfn)) lru.deactivate(pfn);
    if (i === Math.min(BATCH_PAGES, kept.length) - 1) lru.drain();
  }
}

/** Whether a mapping holds the page with mlock(2), so that it is on no list to be reclaimed from (folio_test_unevictable). */
function isLocked(inode: Inode, index: number, pfn: Pfn): boolean {
  for (const vma of inode.vmas) {
    if ((vma.flags & VM_LOCKED) === 0) continue;
    const at = vma.start + (index - vma.pgoff) * PAGE_SIZE;
    if (at < vma.start || at >= vma.end) continue;
    const entry = vma.mm.pageTable.entry(at);
    if (entry !== 0 && (entry & PTE_SPECIAL) === 0 && ptePfn(entry) === pfn) return true;
  }
  return false;
}
