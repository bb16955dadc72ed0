/** How much of a file is read when a page of it is missing (mm/readahead.c; mm/filemap.c: do_sync_mmap_readahead). */
import type { Pfn } from "../core/units.js";
import type { OpenFile } from "./file.js";
import type { KernelState } from "./kernel-state.js";
import { addCachePage, filePages, readFromDisk } from "./page-cache.js";
import { PG_READAHEAD } from "./page-flags.js";
import { VM_RAND_READ, VM_SEQ_READ } from "./vm-flags.js";

/** Faults that may miss the cache before read-around is given up (MMAP_LOTSAMISS). */
const LOTS_OF_MISSES = 100;

/** Brings a page into the cache for a fault, with those around it; its frame, or -1 where RAM is used up. */
export function bringIn(kernel: KernelState, file: OpenFile, vmFlags: number, index: number): Pfn {
  const { inode, readAhead } = file;
  const pages = kernel.settings.readAheadPages;
  const random = (vmFlags & VM_RAND_READ) !== 0 || pages === 0;
  if (!random && (vmFlags & VM_SEQ_READ) !== 0) {
    readPages(kernel, file, index, pages, -1);
  } else if (!random) {
    if (readAhead.misses < LOTS_OF_MISSES * 10) readAhead.misses++;
    if (readAhead.misses <= LOTS_OF_MISSES) {
      readAhead.start = Math.max(0, index - Math.floor(pages / 2));
      readAhead.size = pages;
      readAhead.asyncSize = Math.floor(pages / 4);
      readPages(
        kernel,
        file,
        readAhead.start,
        readAhead.size,
        readAhead.start + readAhead.size - readAhead.asyncSize,
      );
    }
  }
  const pfn = inode.pages.get(index);
  return pfn ?? readOne(kernel, file, index);
}

/** A fault found its page: read-ahead goes on where the page was its mark (do_async_mmap_readahead). */
export function noteHit(
  kernel: KernelState,
  file: OpenFile,
  vmFlags: number,
  index: number,
  pfn: Pfn,
): void {
  const { readAhead } = file;
  if ((vmFlags & VM_RAND_READ) !== 0 || kernel.settings.readAheadPages === 0) return;
  if (readAhead.misses > 0) readAhead.misses--;
  if ((kernel.memory.flags[pfn]! & PG_READAHEAD) === 0) return;
  kernel.memory.flags[pfn]! &= ~PG_READAHEAD;
  readAhead.start += readAhead.size;
  readAhead.size = Math.min(readAhead.size * 2, kernel.settings.readAheadPages);
  readAhead.asyncSize = readAhead.size;
  readPages(kernel, file, readAhead.start, readAhead.size, readAhead.start);
}

/** Reads the pages of [start, start + count) that are missing, up to the end of the file; `mark` is where the next begins. */
function readPages(
  kernel: KernelState,
  file: OpenFile,
  start: number,
  count: number,
  mark: number,
): void {
  const end = Math.min(start + count, filePages(file.inode));
  for (let index = start; index < end; index++) {
    if (file.inode.pages.has(index)) continue;
    const pfn = readOne(kernel, file, index);
    if (pfn < 0) return;
    if (index === mark) kernel.memory.flags[pfn]! |= PG_READAHEAD;
  }
}

function readOne(kernel: KernelState, file: OpenFile, index: number): Pfn {
  const pfn = addCachePage(kernel, file.inode, index);
  if (pfn >= 0) readFromDisk(kernel, file.inode, index, pfn);
  return pfn;
}

/** Reads what is missing of [first, first + count), without a mark (force_page_cache_readahead). */
export function forceReadAhead(
  kernel: KernelState,
  file: OpenFile,
  first: number,
  count: number,
): void {
  readPages(kernel, file, first, count, -1);
}

/** Brings a page in for read(2), and what read-ahead makes of it (page_cache_sync_ra, page_cache_async_ra). */
export function readForRead(
  kernel: KernelState,
  file: OpenFile,
  index: number,
  wanted: number,
): void {
  const { inode } = file;
  const cached = inode.pages.get(index);
  if (cached === undefined) {
    readPages(kernel, file, index, wanted, -1);
  }
}
