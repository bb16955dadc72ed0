/** Makes holes in files, and cuts them (fallocate(2), ftruncate(2); mm/truncate.c, mm/shmem.c). */
import { maxFileBytes } from "./file.js";
import { F_SEAL_FUTURE_WRITE, F_SEAL_GROW, F_SEAL_SHRINK, F_SEAL_WRITE } from "../abi/fcntl.js";
import { Errno } from "../abi/errno.js";
import { PAGE_SIZE } from "../core/units.js";
import { PMD_SIZE } from "../hardware/x86-64.js";
import { dropHugePages, dropReservations } from "./mm/hugetlb-pool.js";
import { zapRange } from "./mm/zap.js";
import {
  filePages,
  removeCacheFolio,
  splitCacheFolio,
  touchUnread,
  waitForDisk,
} from "./page-cache.js";
import { PG_BUFFER_DIRTY, PG_DIRTY } from "./page-flags.js";
import { headOf, isPageDirty, setBlockDirty } from "./rmap.js";
import type { Inode, KernelState, OpenFile } from "./model.js";

/** The bytes read as zeros from now on, and whole pages of them go; the size stays. 0, or -errno. */
export function punchHole(
  kernel: KernelState,
  file: OpenFile,
  offset: number,
  length: number,
): number {
  const { inode } = file;
  if (offset < 0 || length <= 0) return -Errno.EINVAL;
  if (!file.writable) return -Errno.EBADF;
  if (offset + length > maxFileBytes(inode)) return -Errno.EFBIG;
  if ((inode.seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) !== 0) return -Errno.EPERM;
  if (inode.kind === "hugetlb") {
    const firstHuge = Math.ceil(offset / PMD_SIZE);
    const lastHuge = Math.max(firstHuge, Math.floor((offset + length) / PMD_SIZE));
    const pages = PMD_SIZE / PAGE_SIZE;
    unmapFilePages(inode, firstHuge * pages, lastHuge * pages, "dropped");
    dropHugePages(kernel, inode, firstHuge, lastHuge);
    return 0;
  }
  let end = offset + length;
  if (inode.kind === "disk" && end > inode.sizeBytes) {
    // Past the end of the file there is nothing to keep (ext4_punch_hole).
    end = Math.ceil(inode.sizeBytes / PAGE_SIZE) * PAGE_SIZE;
  }
  if (inode.kind === "disk" && offset >= inode.sizeBytes) return 0;
  const first = Math.ceil(offset / PAGE_SIZE);
  const last = Math.floor(end / PAGE_SIZE);
  // A hole that ends in the first page unmaps all from its start on: the end of the range to unmap
  // is rounded down to -1, and taken as unsigned (mm/truncate.c: truncate_pagecache_range).
  if (last === 0) unmapFilePages(inode, first, Infinity, "kept");
  else if (last > first) unmapFilePages(inode, first, last, "kept");
  dropPages(kernel, inode, offset, end);
  if (first > last) {
    touchUnread(kernel, inode, last);
    zeroBytes(kernel, inode, last, offset % PAGE_SIZE, end % PAGE_SIZE);
  } else {
    if (offset % PAGE_SIZE !== 0) {
      touchUnread(kernel, inode, first - 1);
      zeroBytes(kernel, inode, first - 1, offset % PAGE_SIZE, PAGE_SIZE);
    }
    if (end % PAGE_SIZE !== 0) {
      touchUnread(kernel, inode, last);
      zeroBytes(kernel, inode, last, 0, end % PAGE_SIZE);
    }
  }
  return 0;
}

/**
 * Sets the size: pages past it go from the file and from every mapping, private copies included, also where the size
 * was the same before (ext4_setattr, shmem_setattr).
 */
export function setSize(kernel: KernelState, file: OpenFile, sizeBytes: number): number {
  const { inode } = file;
  if (sizeBytes < 0 || !file.writable) return -Errno.EINVAL;
  if (sizeBytes > maxFileBytes(inode)) return -Errno.EFBIG;
  if (sizeBytes < inode.sizeBytes && (inode.seals & F_SEAL_SHRINK) !== 0) return -Errno.EPERM;
  if (sizeBytes > inode.sizeBytes && (inode.seals & F_SEAL_GROW) !== 0) return -Errno.EPERM;
  const before = inode.sizeBytes;
  if (inode.kind === "hugetlb") {
    if (sizeBytes % PMD_SIZE !== 0) return -Errno.EINVAL;
    inode.sizeBytes = sizeBytes;
    unmapFilePages(inode, sizeBytes / PAGE_SIZE, Infinity, "dropped");
    dropHugePages(kernel, inode, sizeBytes / PMD_SIZE, Infinity);
    dropReservations(kernel, inode, sizeBytes / PMD_SIZE);
    return 0;
  }
  inode.sizeBytes = sizeBytes;
  const grows = sizeBytes > before;
  if (grows && inode.kind === "shmem") return 0;
  if (grows) zeroTail(kernel, inode, before);
  // The folio at the old end, of 2 MiB at most, may reach past the new one.
  if (grows && sizeBytes >= Math.ceil(before / PMD_SIZE) * PMD_SIZE) return 0;
  // Memory is unmapped only where whole pages go; a file on the disk always, even where it grows (truncate_pagecache).
  const first = Math.ceil(sizeBytes / PAGE_SIZE);
  if (inode.kind === "disk" || before > first * PAGE_SIZE) {
    unmapFilePages(inode, first, Infinity, "dropped");
  }
  dropPages(kernel, inode, sizeBytes, Infinity);
  if (!grows) zeroTail(kernel, inode, sizeBytes);
  return 0;
}

/** What the last page holds past the end of the file becomes zeros (ext4_block_truncate_page, shmem_undo_range). */
export function zeroTail(kernel: KernelState, inode: Inode, sizeBytes: number): void {
  if (sizeBytes % PAGE_SIZE === 0) return;
  const tail = Math.floor(sizeBytes / PAGE_SIZE);
  touchUnread(kernel, inode, tail);
  zeroBytes(kernel, inode, tail, sizeBytes % PAGE_SIZE, PAGE_SIZE);
}

/** Takes pages [first, end) of a file out of every address space (unmap_mapping_range). */
export function unmapFilePages(
  inode: Inode,
  first: number,
  end: number,
  copies: "kept" | "dropped",
): void {
  for (const vma of inode.vmas) {
    const from = Math.max(first, vma.pgoff);
    const to = Math.min(end, vma.pgoff + vma.pages);
    if (from >= to) continue;
    zapRange(
      vma.mm,
      vma,
      vma.start + (from - vma.pgoff) * PAGE_SIZE,
      vma.start + (to - vma.pgoff) * PAGE_SIZE,
      copies === "kept" ? { keepAnonymous: true } : {},
    );
  }
}

/** Takes the pages that lie wholly in [from, to) out of the cache and off the disk (truncate_inode_pages_range). */
function dropPages(kernel: KernelState, inode: Inode, from: number, to: number): void {
  const first = Math.ceil(from / PAGE_SIZE);
  const end = to === Infinity ? Infinity : Math.floor(to / PAGE_SIZE);
  const around = to === Infinity ? Infinity : Math.ceil(to / PAGE_SIZE);
  let dropped = false;
  /** Where the folio ends that was cut last and stays whole. */
  let keptTo = -1;
  for (const index of [...inode.pages.keys()].sort((a, b) => a - b)) {
    if (index < Math.floor(from / PAGE_SIZE) || index >= around) continue;
    const pfn = inode.pages.get(index);
    if (pfn === undefined) continue;
    const folio = kernel.folios.of(pfn);
    if (folio !== undefined) {
      const start = index - (pfn - folio.head);
      const whole = start >= first && start + folio.pages <= end;
      if (!whole && start + folio.pages <= keptTo) continue;
      if (!whole && !cutFolio(kernel, inode, { from, to, start })) {
        keptTo = start + folio.pages;
        continue;
      }
    }
    if (index < first || index >= end) continue;
    waitForDisk(kernel, pfn);
    removeCacheFolio(kernel, inode, index);
    dropped = true;
  }
  // They were looked up in batches, the giving back of which empties the LRU's (mm/swap.c: __folio_batch_release).
  if (dropped) kernel.lru.drain();
  for (const index of [...inode.disk.keys()]) {
    if (index >= first && index < end) inode.disk.delete(index);
  }
}

/**
 * A large folio of which [first, end) goes: those pages are zeroed, and it is split. Where another page
 * of it still has to be written it cannot be split, and stays whole, unmapped: false
 * (mm/truncate.c: truncate_inode_partial_folio, try_folio_split_or_unmap; mm/filemap.c: filemap_release_folio).
 */
function cutFolio(
  kernel: KernelState,
  inode: Inode,
  { from, to, start }: { readonly from: number; readonly to: number; readonly start: number },
): boolean {
  const { memory } = kernel;
  const head = inode.pages.get(start)!;
  const { pages } = kernel.folios.of(head)!;
  let waits = false;
  for (let i = 0; i < pages; i++) {
    if ((start + i) * PAGE_SIZE < from || (start + i + 1) * PAGE_SIZE > to) {
      waits ||= inode.kind === "disk" && (memory.flags[head + i]! & PG_BUFFER_DIRTY) !== 0;
      continue;
    }
    memory.flags[head + i]! &= ~PG_BUFFER_DIRTY;
    memory.contents.fill(head + i, 0, 0, PAGE_SIZE);
  }
  kernel.flushAllTlbs();
  if (waits) {
    unmapFilePages(inode, start, start + pages, "kept");
    return false;
  }
  splitFolio(kernel, inode, start, head);
  halve(kernel, head, pages, Math.max(0, Math.floor(from / PAGE_SIZE) - start));
  const behind = Math.floor(to / PAGE_SIZE) - start;
  const folio = behind < pages ? kernel.folios.of(head + behind) : undefined;
  if (folio !== undefined) {
    splitCacheFolio(kernel, folio.head);
    halve(kernel, folio.head, folio.pages, head + behind - folio.head);
  }
  dropBeyondEnd(kernel, inode, start + pages);
  return true;
}

/** Makes folios again of single pages: the half without the page `at`, the half of the rest, and so on (folio_split). */
function halve(kernel: KernelState, head: number, pages: number, at: number): void {
  let first = 0;
  for (let half = pages / 2; half > 1; half /= 2) {
    const lower = at < first + half;
    kernel.folios.create(head + first + (lower ? half : 0), half);
    if (!lower) first += half;
  }
}

/**
 * A folio that is cut, no block of which has still to be written, becomes single pages; its mappings go, and the next touch
 * maps them again (try_to_unmap). With its blocks it gives up its mark of being dirty (fs/buffer.c: try_to_free_buffers).
 */
function splitFolio(kernel: KernelState, inode: Inode, index: number, pfn: number): void {
  const folio = kernel.folios.of(pfn);
  if (folio === undefined) return;
  const first = index - (pfn - folio.head);
  if (folio.largeMapcount > 0) unmapFilePages(inode, first, first + folio.pages, "kept");
  if (inode.kind === "disk") kernel.memory.flags[folio.head]! &= ~PG_DIRTY;
  splitCacheFolio(kernel, pfn);
}

/**
 * Makes single pages of the folio that holds a page, unmapped; those past the end of the file go. False where a page
 * of it still has to be written (mm/huge_memory.c: __folio_split; mm/filemap.c: filemap_release_folio).
 */
export function splitIntoPages(kernel: KernelState, inode: Inode, index: number): boolean {
  const pfn = inode.pages.get(index)!;
  const { head, pages } = kernel.folios.of(pfn)!;
  if (inode.kind === "disk") {
    for (let i = 0; i < pages; i++) {
      if ((kernel.memory.flags[head + i]! & PG_BUFFER_DIRTY) !== 0) return false;
    }
  }
  const first = index - (pfn - head);
  splitFolio(kernel, inode, index, pfn);
  dropBeyondEnd(kernel, inode, first + pages);
  return true;
}

/** What a split leaves wholly past the end of the file, up to page `end`, goes (mm/huge_memory.c: __folio_split). */
function dropBeyondEnd(kernel: KernelState, inode: Inode, end: number): void {
  const last = filePages(inode);
  for (let index = last; index < end; index++) {
    const pfn = inode.pages.get(index);
    if (pfn !== undefined && index - (pfn - headOf(kernel, pfn)) >= last) {
      removeCacheFolio(kernel, inode, index);
    }
  }
}

/** Zeroes part of a page where it is in the cache or on the disk. */
function zeroBytes(
  kernel: KernelState,
  inode: Inode,
  index: number,
  from: number,
  to: number,
): void {
  const pfn = inode.pages.get(index);
  if (pfn === undefined) return;
  // A block that the disk has is written again (ext4_block_zero_page_range: mark_buffer_dirty).
  const dirty = isPageDirty(kernel, pfn) || inode.disk.has(index);
  kernel.memory.contents.fill(pfn, from, 0, to - from);
  kernel.flushAllTlbs();
  if (inode.disk.has(index)) {
    // What is read in later must find the zeros, too.
    inode.disk.set(index, kernel.memory.contents.read(pfn, 0, PAGE_SIZE));
  }
  if (dirty || inode.kind === "shmem") setBlockDirty(kernel, pfn);
}
