/**
 * How much of a file is read when a page of it is missing, and in which folios (mm/readahead.c;
 * mm/filemap.c: do_sync_mmap_readahead, do_async_mmap_readahead, filemap_get_pages).
 *
 *                         |<----- asyncSize ---------|
 *      |------------------- size -------------------->|
 *      ^start             ^ the page marked here starts the next read when it is used
 *
 * Not modelled: the time that the disk takes; what is read is there at once.
 */
import type { Pfn } from "../core/units.js";
import { nextMiss, prevMiss } from "./cache-miss.js";
import { addCacheFolio, filePages, isUpToDate, readIn } from "./page-cache.js";
import { PG_READAHEAD } from "./page-flags.js";
import { headOf } from "./rmap.js";
import { VM_EXEC, VM_HUGEPAGE, VM_RAND_READ, VM_SEQ_READ } from "./vm-flags.js";
import type { KernelState, OpenFile, ReadAhead, Vma } from "./model.js";

/** Faults that may miss the cache before read-around is given up (MMAP_LOTSAMISS). */
const LOTS_OF_MISSES = 100;
/** What the measured disk takes at once, 4 MiB (bdi->io_pages). */
const DISK_PAGES = 1024;
/** The largest folio of ext4's page cache, as a power of two of pages (MAX_PAGECACHE_ORDER). */
export const MAX_FOLIO_ORDER = 9;

/** Brings a page that a fault misses into the cache, with those around it; its frame, or -1 where RAM is used up. */
export function readForFault(kernel: KernelState, file: OpenFile, vma: Vma, index: number): Pfn {
  const { readAhead, inode } = file;
  const pages = kernel.settings.readAheadPages;
  const { flags } = vma;
  if ((flags & VM_HUGEPAGE) !== 0 && kernel.settings.thp !== "never") {
    readAhead.size = 512 * ((flags & VM_RAND_READ) !== 0 ? 1 : 2);
    readAhead.asyncSize = 512;
    readAhead.order = MAX_FOLIO_ORDER;
    readWindow(kernel, file, index - (index % 512));
  } else if ((flags & (VM_RAND_READ | VM_EXEC)) !== VM_RAND_READ && pages > 0) {
    readAround(kernel, file, vma, index);
  }
  const pfn = inode.pages.get(index);
  // The fault waits for its own page; where that came from the disk, the others have come too.
  if (inode.disk.has(index)) kernel.reading.finish();
  if (pfn !== undefined) {
    if (!isUpToDate(kernel, pfn)) readIn(kernel, inode, index);
    return pfn;
  }
  return addRead(kernel, file, index, 0, -1);
}

function readAround(kernel: KernelState, file: OpenFile, vma: Vma, index: number): void {
  const { readAhead } = file;
  const pages = kernel.settings.readAheadPages;
  if ((vma.flags & VM_SEQ_READ) !== 0) {
    readSync(kernel, file, index, pages);
    return;
  }
  if (readAhead.misses < LOTS_OF_MISSES * 10) readAhead.misses++;
  if (readAhead.misses > LOTS_OF_MISSES) return;
  readAhead.order = 0;
  if ((vma.flags & VM_EXEC) !== 0) {
    // Code is read from the page on, and not past its mapping.
    readAhead.start = Math.max(index, vma.pgoff);
    readAhead.size = Math.min(readAhead.start + pages, vma.pgoff + vma.pages) - readAhead.start;
    readAhead.asyncSize = 0;
  } else {
    readAhead.start = Math.max(0, index - Math.floor(pages / 2));
    readAhead.size = pages;
    readAhead.asyncSize = Math.floor(pages / 4);
  }
  readWindow(kernel, file, readAhead.start);
}

/** A fault found its page: where the page was the mark, reading goes on, and the fault is taken again (true). */
export function noteHit(
  kernel: KernelState,
  file: OpenFile,
  vmFlags: number,
  index: number,
  pfn: Pfn,
): boolean {
  const { readAhead } = file;
  const pages = kernel.settings.readAheadPages;
  if ((vmFlags & VM_RAND_READ) !== 0 || pages === 0) return false;
  if (readAhead.misses > 0) readAhead.misses--;
  if ((kernel.memory.flags[headOf(kernel, pfn)]! & PG_READAHEAD) === 0) return false;
  readAsync(kernel, file, index, pfn, pages);
  return true;
}

/** Brings the page of a read(2) in, and what read-ahead makes of it; `wanted` pages are asked for in all. */
export function readForRead(
  kernel: KernelState,
  file: OpenFile,
  index: number,
  wanted: number,
): void {
  const { inode } = file;
  if (!inode.pages.has(index)) readSync(kernel, file, index, wanted);
  const pfn = inode.pages.get(index) ?? addRead(kernel, file, index, 0, -1);
  if (pfn < 0) return;
  // The mark is looked at on the last folio of the batch that is contiguous and marked or asked for.
  for (let at = index; at < index + wanted; at++) {
    const next = inode.pages.get(at);
    if (next === undefined) break;
    if ((kernel.memory.flags[headOf(kernel, next)]! & PG_READAHEAD) !== 0) {
      const head = headOf(kernel, next);
      const first = at - (next - head);
      readAsync(kernel, file, first, next, index + wanted - first);
      break;
    }
  }
  if (!isUpToDate(kernel, pfn)) readIn(kernel, inode, index);
}

/**
 * Reads what is missing of [first, first + count), page by page, without a mark, and no more than one window
 * (force_page_cache_ra). The call does not wait for the disk.
 */
export function forceReadAhead(
  kernel: KernelState,
  file: OpenFile,
  first: number,
  count: number,
): void {
  readPages(kernel, file, first, mostForced(kernel, count), 0);
}

function mostForced(kernel: KernelState, count: number): number {
  return Math.min(count, Math.max(DISK_PAGES, kernel.settings.readAheadPages));
}

/** mm/readahead.c: page_cache_sync_ra. */
function readSync(kernel: KernelState, file: OpenFile, index: number, wanted: number): void {
  const { readAhead, inode } = file;
  const most = kernel.settings.readAheadPages;
  if (most === 0 || file.advice === "random") {
    readPages(kernel, file, index, most === 0 ? 1 : mostForced(kernel, wanted), 0);
    return;
  }
  const previous = Math.floor(readAhead.previousPosition / 4096);
  const step = index - previous;
  if (index === 0 || wanted > most || (readAhead.previousPosition >= 0 && step >= 0 && step <= 1)) {
    readAhead.start = index;
    readAhead.size = initialSize(wanted, most);
    readAhead.asyncSize =
      readAhead.size > wanted ? readAhead.size - wanted : Math.floor(readAhead.size / 2);
  } else {
    const miss = prevMiss(kernel, inode, index - 1, most);
    let contiguous = index - miss - 1;
    if (contiguous <= wanted) {
      readPages(kernel, file, index, wanted, 0);
      return;
    }
    if (miss < 0) contiguous *= 2;
    readAhead.start = index;
    readAhead.size = Math.min(contiguous + wanted, most);
    readAhead.asyncSize = 1;
  }
  readAhead.order = 0;
  readWindow(kernel, file, readAhead.start);
}

/** mm/readahead.c: page_cache_async_ra. */
function readAsync(
  kernel: KernelState,
  file: OpenFile,
  index: number,
  pfn: Pfn,
  wanted: number,
): void {
  const { readAhead, inode } = file;
  const most = kernel.settings.readAheadPages;
  const head = headOf(kernel, pfn);
  kernel.memory.flags[head]! &= ~PG_READAHEAD;
  const folioPages = kernel.folios.of(head)?.pages ?? 1;
  const expected = readAhead.start + readAhead.size - readAhead.asyncSize;
  if (index === expected - (expected % folioPages)) {
    readAhead.start += readAhead.size;
    readAhead.size = Math.max(readAhead.size, nextSize(readAhead, most));
  } else {
    const start = nextMiss(kernel, inode, index + 1, most);
    if (start - index > most) return;
    readAhead.start = start;
    readAhead.size = start - index + wanted;
    readAhead.size = nextSize(readAhead, most);
  }
  readAhead.order += 2;
  const align = 2 ** Math.min(readAhead.order, Math.floor(Math.log2(most & -most)));
  const end = readAhead.start + readAhead.size;
  const alignedEnd = end - (end % align);
  if (alignedEnd > readAhead.start) readAhead.size -= end - alignedEnd;
  readAhead.asyncSize = readAhead.size;
  readWindow(kernel, file, readAhead.start);
}

function initialSize(wanted: number, most: number): number {
  const size = 2 ** Math.ceil(Math.log2(wanted));
  if (size <= most / 32) return size * 4;
  return size <= most / 4 ? size * 2 : most;
}

function nextSize(readAhead: ReadAhead, most: number): number {
  if (readAhead.size < most / 16) return 4 * readAhead.size;
  return readAhead.size <= most / 2 ? 2 * readAhead.size : most;
}

/** Reads the window in folios of its order, smaller where that does not fit (page_cache_ra_order). */
function readWindow(kernel: KernelState, file: OpenFile, start: number): void {
  const { readAhead, inode } = file;
  const mark = start + readAhead.size - readAhead.asyncSize;
  const limit = Math.min(filePages(inode) - 1, start + readAhead.size - 1);
  const most = Math.min(
    MAX_FOLIO_ORDER,
    readAhead.order,
    Math.floor(Math.log2(Math.max(1, readAhead.size))),
  );
  readAhead.order = most;
  for (let index = start; index <= limit;) {
    let order = most;
    if (index % 2 ** order !== 0) order = Math.log2(index & -index);
    while (order > 0 && index + 2 ** order - 1 > limit) order--;
    if (anyCached(file, index, 2 ** order)) {
      readPages(kernel, file, index, readAhead.size - (index - start), readAhead.asyncSize);
      return;
    }
    if (addRead(kernel, file, index, order, mark) < 0) return;
    index += 2 ** order;
  }
}

function anyCached(file: OpenFile, index: number, pages: number): boolean {
  for (let i = 0; i < pages; i++) if (file.inode.pages.has(index + i)) return true;
  return false;
}

/** Reads page by page what is missing, up to the end of the file (do_page_cache_ra). */
function readPages(
  kernel: KernelState,
  file: OpenFile,
  start: number,
  count: number,
  lookAhead: number,
): void {
  const wanted = Math.min(count, filePages(file.inode) - start);
  const mark = lookAhead > 0 && lookAhead <= wanted ? start + wanted - lookAhead : -1;
  for (let index = start; index < start + wanted; index++) {
    if (!file.inode.pages.has(index) && addRead(kernel, file, index, 0, mark) < 0) return;
  }
}

/** One folio, read in; marked where the mark lies in it. */
function addRead(
  kernel: KernelState,
  file: OpenFile,
  index: number,
  order: number,
  mark: number,
): Pfn {
  const pages = 2 ** order;
  const head = addCacheFolio(kernel, file.inode, index, pages);
  if (head < 0) return head;
  for (let i = 0; i < pages; i++) {
    if (file.inode.disk.has(index + i)) kernel.reading.add(head);
    readIn(kernel, file.inode, index + i);
  }
  if (mark >= 0 && index === mark - (mark % pages)) kernel.memory.flags[head]! |= PG_READAHEAD;
  return head;
}
