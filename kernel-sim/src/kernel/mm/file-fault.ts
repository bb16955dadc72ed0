/** Faults in a mapping of a file or of shared anonymous memory (mm/memory.c: do_read_fault, do_cow_fault, do_shared_fault; mm/filemap.c). */
import { PAGE_SIZE } from "../../core/units.js";
import type { Address, Pfn } from "../../core/units.js";
import {
  PMD_SIZE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_PFN_SHIFT,
  PTE_PRESENT,
  PTE_WRITE,
} from "../../hardware/x86-64.js";
import type { Access } from "../../hardware/mmu.js";
import { addCachePage, filePages, isUpToDate, readIn } from "../page-cache.js";
import { PG_ANON, PG_EXCLUSIVE, PG_READAHEAD, PG_STALE, PG_SWAPBACKED } from "../page-flags.js";
import { noteHit, readForFault } from "../read-ahead.js";
import { mapHugeFile } from "./huge-file.js";
import { addMapping, headOf, setPageDirty } from "../rmap.js";
import { VM_SHARED, VM_WRITE } from "../vm-flags.js";
import { prepareAnonVma } from "./anon-vma.js";
import type { FaultResult, Mm, Vma } from "../model.js";

/** fault_around_bytes, 64 KiB. */
const FAULT_AROUND_PAGES = 16;

/** A fault on a page that the page table does not have (do_fault). */
export function faultFilePage(mm: Mm, vma: Vma, page: Address, access: Access): FaultResult {
  if (access === "read") return readFault(mm, vma, page);
  if ((vma.flags & VM_SHARED) === 0) return copyFault(mm, vma, page);
  return sharedFault(mm, vma, page);
}

interface Found {
  readonly pfn: Pfn;
  readonly result: "minor" | "major";
  /** The fault waited, and is taken again from the start. */
  readonly again: "again" | "at once";
}

/** The page of the cache, brought in where it is missing (shmem_fault, filemap_fault). */
function cachePage(mm: Mm, vma: Vma, page: Address): Found | "sigbus" | "oom" {
  const file = vma.file!;
  const { inode } = file;
  const { kernel } = mm;
  const index = vma.pageIndex(page);
  if (index >= filePages(inode)) return "sigbus";
  const cached = inode.pages.get(index);
  if (inode.kind !== "disk") {
    const pfn = cached ?? addCachePage(kernel, inode, index);
    return pfn < 0 ? "oom" : { pfn, result: "minor", again: "at once" };
  }
  if (cached !== undefined) {
    let again = noteHit(kernel, file, vma.flags, index, cached);
    if (kernel.reading.has(headOf(kernel, cached))) {
      // The fault waits for the disk; by then what else it was reading has come too.
      kernel.reading.finish();
      again = true;
    }
    if (!isUpToDate(kernel, cached)) {
      readIn(kernel, inode, index);
      again = true;
    }
    return { pfn: cached, result: "minor", again: again ? "again" : "at once" };
  }
  const pfn = readForFault(kernel, file, vma, index);
  return pfn < 0 ? "oom" : { pfn, result: "major", again: "again" };
}

/** Entries of a shared writable mapping are writable at once where nobody must be told of the write (vma_wants_writenotify). */
function defaultBits(vma: Vma): number {
  const shared = (vma.flags & (VM_SHARED | VM_WRITE)) === (VM_SHARED | VM_WRITE);
  const told = vma.file!.inode.kind === "disk";
  return PTE_PRESENT | (shared && !told ? PTE_WRITE : 0);
}

function readFault(mm: Mm, vma: Vma, page: Address): FaultResult {
  if (faultAround(mm, vma, page)) return "minor";
  const found = cachePage(mm, vma, page);
  if (typeof found === "string") return found;
  // After waiting for the disk the fault is taken again, and finds the neighbours in the cache.
  if (found.again === "again" && faultAround(mm, vma, page)) return found.result;
  mapFolio(mm, vma, page, found.pfn, defaultBits(vma) | PTE_ACCESSED);
  return found.result;
}

/** Maps the page, and where the whole folio fits, all of it (finish_fault, set_pte_range). */
function mapFolio(mm: Mm, vma: Vma, page: Address, pfn: Pfn, bits: number): void {
  const { kernel, pageTable } = mm;
  const folio = kernel.folios.of(pfn);
  if (folio !== undefined && mapHugeFile(mm, vma, page, folio, bits)) return;
  const { inode } = vma.file!;
  const table = pageTable.leafOrNew(page);
  const slot = (page / PAGE_SIZE) & 511;
  let first = slot;
  let head = pfn;
  let pages = 1;
  if (folio !== undefined) {
    const before = pfn - folio.head;
    const start = page - before * PAGE_SIZE;
    const index = vma.pageIndex(page) - before;
    const fits =
      start >= vma.start &&
      start + folio.pages * PAGE_SIZE <= vma.end &&
      slot >= before &&
      slot - before + folio.pages <= 512 &&
      (inode.kind === "shmem" || index + folio.pages <= filePages(inode));
    if (fits && table.subarray(slot - before, slot - before + folio.pages).every((e) => e === 0)) {
      first = slot - before;
      head = folio.head;
      pages = folio.pages;
    }
  }
  for (let i = 0; i < pages; i++) {
    table[first + i] = (((head + i) << PTE_PFN_SHIFT) | bits) >>> 0;
    addMapping(mm, head + i);
  }
}

/**
 * Maps the pages around the fault that are in the cache, in the same 64 KiB of the page table, the vma
 * and the file (do_fault_around, filemap_map_pages). A large folio that the range touches is mapped
 * whole where it fits. True where the page itself is now mapped.
 */
function faultAround(mm: Mm, vma: Vma, page: Address): boolean {
  const { kernel } = mm;
  const { inode, readAhead } = vma.file!;
  const blockStart = page - (page % PMD_SIZE);
  const around = page - (page % (FAULT_AROUND_PAGES * PAGE_SIZE));
  const first = Math.max(around, vma.start, blockStart);
  // A page past the end of the file is not mapped, but those before it in the same block are.
  const last = Math.min(
    first + FAULT_AROUND_PAGES * PAGE_SIZE,
    blockStart + PMD_SIZE,
    vma.end,
    vma.start + (filePages(inode) - vma.pgoff) * PAGE_SIZE,
  );
  let table = mm.pageTable.leaf(page);
  const bits = defaultBits(vma) | PTE_ACCESSED;
  let isFirst = true;
  let hits = 0;
  for (let at = first; at < last;) {
    const found = mappableFolio(mm, vma, at);
    if (found === null) {
      at += PAGE_SIZE;
      continue;
    }
    // A folio that ends the file is not mapped whole, and makes no new page table where it is the first one found.
    const mapsWhole = inode.kind === "shmem" || filePages(inode) - 1 >= found.nextIndex;
    if (isFirst) {
      isFirst = false;
      if (!mapsWhole && table === undefined) return false;
      const folio = kernel.folios.of(found.head);
      if (table === undefined && folio !== undefined && mapHugeFile(mm, vma, page, folio, bits)) {
        return true;
      }
    }
    table ??= mm.pageTable.leafOrNew(page);
    const folioEnd = found.start + found.pages * PAGE_SIZE;
    const whole =
      mapsWhole &&
      found.start >= Math.max(vma.start, blockStart) &&
      folioEnd <= Math.min(vma.end, blockStart + PMD_SIZE);
    const to = whole ? folioEnd : Math.min(last, folioEnd);
    for (let each = whole ? found.start : at; each < to; each += PAGE_SIZE) {
      hits++;
      const slot = (each / PAGE_SIZE) & 511;
      if (table[slot] !== 0) continue;
      const pfn = found.head + (each - found.start) / PAGE_SIZE;
      table[slot] = ((pfn << PTE_PFN_SHIFT) | bits) >>> 0;
      addMapping(mm, pfn);
    }
    at = Math.max(to, folioEnd);
  }
  readAhead.misses = Math.max(0, readAhead.misses - hits);
  return table !== undefined && table[(page / PAGE_SIZE) & 511] !== 0;
}

/** The folio of the cache at an address, if it may be mapped without asking: read, and not the mark (next_uptodate_folio). */
function mappableFolio(
  mm: Mm,
  vma: Vma,
  at: Address,
): {
  readonly head: Pfn;
  readonly pages: number;
  readonly start: Address;
  readonly nextIndex: number;
} | null {
  const { kernel } = mm;
  const index = vma.pageIndex(at);
  const pfn = vma.file!.inode.pages.get(index);
  if (pfn === undefined) return null;
  const folio = kernel.folios.of(pfn);
  const head = folio === undefined ? pfn : folio.head;
  if ((kernel.memory.flags[head]! & (PG_READAHEAD | PG_STALE)) !== 0) return null;
  if (kernel.reading.has(head)) return null;
  const pages = folio === undefined ? 1 : folio.pages;
  const before = pfn - head;
  return { head, pages, start: at - before * PAGE_SIZE, nextIndex: index - before + pages };
}

/** A private write to a page that is not there: a copy at once (do_cow_fault). */
function copyFault(mm: Mm, vma: Vma, page: Address): FaultResult {
  const { memory } = mm.kernel;
  prepareAnonVma(vma);
  const found = cachePage(mm, vma, page);
  if (typeof found === "string") return found;
  const copy = memory.allocate();
  if (copy < 0) return "oom";
  memory.contents.copy(found.pfn, copy);
  memory.flags[copy] = PG_ANON | PG_SWAPBACKED | PG_EXCLUSIVE;
  const write = (vma.flags & VM_WRITE) !== 0 ? PTE_WRITE : 0;
  mm.pageTable.set(
    page,
    ((copy << PTE_PFN_SHIFT) | PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY | write) >>> 0,
  );
  addMapping(mm, copy);
  mm.kernel.lru.add(copy);
  return found.result;
}

/** A shared write to a page that is not there (do_shared_fault). */
function sharedFault(mm: Mm, vma: Vma, page: Address): FaultResult {
  const found = cachePage(mm, vma, page);
  if (typeof found === "string") return found;
  setPageDirty(mm.kernel, found.pfn);
  mapFolio(mm, vma, page, found.pfn, PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY | PTE_WRITE);
  return found.result;
}

/** A first shared write to a page that is mapped read-only: the file learns that it is dirty (wp_page_shared). */
export function dirtySharedPage(mm: Mm, vma: Vma, page: Address, pfn: Pfn): FaultResult {
  if (vma.pageIndex(page) >= filePages(vma.file!.inode)) return "sigbus";
  setPageDirty(mm.kernel, pfn);
  return "minor";
}
