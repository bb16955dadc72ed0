/** Pages of files in memory (mm/filemap.c, mm/shmem.c): looked up, brought in, dirtied, taken out. */
import { PAGE_SIZE } from "../core/units.js";
import type { Pfn } from "../core/units.js";
import {
  PG_BUFFER_DIRTY,
  PG_CACHE,
  PG_DIRTY,
  PG_LARGE,
  PG_READAHEAD,
  PG_STALE,
  PG_SWAPBACKED,
} from "./page-flags.js";
import { freeFolio, headOf, isPageDirty } from "./rmap.js";
import type { Inode, KernelState } from "./model.js";

/** A block of zeros on the disk, the same for all. */
const ZERO_BLOCK = new Uint8Array(PAGE_SIZE);

/** The pages that a file of its size has. */
export function filePages(inode: Inode): number {
  return Math.ceil(inode.sizeBytes / PAGE_SIZE);
}

/** A new page of zeros in the cache; -1 where RAM is used up. */
export function addCachePage(kernel: KernelState, inode: Inode, index: number): Pfn {
  return addCacheFolio(kernel, inode, index, 1);
}

/** A new folio of `pages` pages in the cache, index aligned to it; -1 where RAM is used up. */
export function addCacheFolio(
  kernel: KernelState,
  inode: Inode,
  index: number,
  pages: number,
): Pfn {
  const { memory } = kernel;
  const head = memory.allocateRun(pages);
  if (head < 0) return head;
  const flags = PG_CACHE | (inode.kind === "shmem" ? PG_SWAPBACKED : 0);
  for (let i = 0; i < pages; i++) {
    memory.flags[head + i] = flags;
    inode.pages.set(index + i, head + i);
  }
  if (pages > 1) kernel.folios.create(head, pages);
  else kernel.lru.add(head);
  kernel.cachePages += pages;
  if (inode.kind === "shmem") kernel.shmemPages += pages;
  return head;
}

/** Fills a page of the cache from what is on the disk; a hole reads as zeros. */
export function readIn(kernel: KernelState, inode: Inode, index: number): void {
  const pfn = inode.pages.get(index)!;
  const stored = inode.disk.get(index);
  if (stored !== undefined) kernel.memory.contents.write(pfn, 0, stored);
  kernel.memory.flags[headOf(kernel, pfn)]! &= ~PG_STALE;
}

/** Whether the page holds what the file holds (folio_test_uptodate). */
export function isUpToDate(kernel: KernelState, pfn: Pfn): boolean {
  return (kernel.memory.flags[headOf(kernel, pfn)]! & PG_STALE) === 0;
}

/** A page that the disk is still reading is waited for; by then what else it was reading has come too (folio_lock). */
export function waitForDisk(kernel: KernelState, pfn: Pfn): void {
  if (kernel.reading.has(headOf(kernel, pfn))) kernel.reading.finish();
}

/** The same as mincore(2) sees it: a page that the disk is still reading does not yet. */
export function isReadIn(kernel: KernelState, pfn: Pfn): boolean {
  return isUpToDate(kernel, pfn) && !kernel.reading.has(headOf(kernel, pfn));
}

/**
 * The page of the cache, put there where it is missing: zeroing part of a block leaves one behind. The
 * block is read, but the page does not count as read before somebody asks for it
 * (fs/ext4/inode.c: ext4_block_zero_page_range reads the buffer alone).
 */
export function touchUnread(kernel: KernelState, inode: Inode, index: number): void {
  if (inode.kind !== "disk" || inode.pages.has(index)) return;
  const pfn = addCachePage(kernel, inode, index);
  if (pfn < 0) return;
  readIn(kernel, inode, index);
  kernel.memory.flags[pfn]! |= PG_STALE;
}

/** Writes a dirty page to the disk, and the page is clean (writepages). */
export function writeBack(kernel: KernelState, inode: Inode, index: number): void {
  const pfn = inode.pages.get(index);
  if (pfn === undefined || !isPageDirty(kernel, pfn)) return;
  const head = headOf(kernel, pfn);
  const pages = kernel.folios.of(head)?.pages ?? 1;
  const first = index - (pfn - head);
  // The end of the writing takes the mark of a page to be reclaimed, which is read-ahead's (folio_end_writeback).
  kernel.memory.flags[head]! &= ~(PG_DIRTY | PG_READAHEAD);
  if (inode.kind !== "disk") return;
  // What a program left past the end of the file is not written (ext4_bio_write_folio).
  zeroPastEnd(kernel, inode, (first + pages) * PAGE_SIZE);
  for (let i = 0; i < pages; i++) {
    const waits = (kernel.memory.flags[head + i]! & PG_BUFFER_DIRTY) !== 0;
    kernel.memory.flags[head + i]! &= ~PG_BUFFER_DIRTY;
    if (first + i >= filePages(inode) || !waits) continue;
    const zeros = kernel.memory.contents.code[head + i] === 0;
    inode.disk.set(
      first + i,
      zeros ? ZERO_BLOCK : kernel.memory.contents.read(head + i, 0, PAGE_SIZE),
    );
  }
}

/** Zeroes what the last page of the file holds past its end, up to the byte `to`. */
function zeroPastEnd(kernel: KernelState, inode: Inode, to: number): void {
  const { sizeBytes } = inode;
  const from = sizeBytes % PAGE_SIZE;
  const pfn = inode.pages.get(Math.floor(sizeBytes / PAGE_SIZE));
  if (from === 0 || to <= sizeBytes || pfn === undefined) return;
  const { contents } = kernel.memory;
  const before = contents.code[pfn]!;
  contents.fill(pfn, from, 0, Math.min(PAGE_SIZE - from, to - sizeBytes));
  if (contents.code[pfn] !== before) kernel.flushAllTlbs();
}

/** Takes the folio that holds a page out of the cache (filemap_remove_folio); its mappings must be gone. */
export function removeCacheFolio(kernel: KernelState, inode: Inode, index: number): void {
  const pfn = inode.pages.get(index);
  if (pfn === undefined) return;
  const head = headOf(kernel, pfn);
  const pages = kernel.folios.of(head)?.pages ?? 1;
  const first = index - (pfn - head);
  kernel.reading.forget(head);
  for (let i = 0; i < pages; i++) {
    inode.pages.delete(first + i);
    kernel.memory.flags[head + i]! &= ~PG_CACHE;
  }
  kernel.cachePages -= pages;
  if (inode.kind === "shmem") kernel.shmemPages -= pages;
  freeFolio(kernel, head);
}

/** Splits a folio of the cache into single pages (split_folio), as truncating inside one does. */
export function splitCacheFolio(kernel: KernelState, pfn: Pfn): void {
  const folio = kernel.folios.of(pfn);
  if (folio === undefined) return;
  const { flags } = kernel.memory;
  const kept = flags[folio.head]! & PG_DIRTY;
  kernel.folios.dissolve(folio);
  for (let i = 0; i < folio.pages; i++) {
    flags[folio.head + i] = (flags[folio.head + i]! | kept) & ~PG_LARGE;
  }
}
