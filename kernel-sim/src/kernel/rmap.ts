/**
 * Who maps a page, as counts (mm/rmap.c): entries of page tables for each page, mappings of the whole
 * for a huge page, resident pages for each address space. Every entry that is put into or taken out of
 * a page table passes here.
 */
import type { Pfn } from "../core/units.js";
import { PAGES_PER_HUGE_PAGE } from "../hardware/x86-64.js";
import {
  PG_ANON,
  PG_BUFFER_DIRTY,
  PG_CACHE,
  PG_DIRTY,
  PG_EXCLUSIVE,
  PG_HUGETLB,
  PG_LARGE,
  PG_READAHEAD,
  PG_SWAPBACKED,
} from "./page-flags.js";
import type { KernelState, Mm } from "./model.js";

/** The frame whose flags speak for a page: the head of its folio. */
export function headOf(kernel: KernelState, pfn: Pfn): Pfn {
  return (kernel.memory.flags[pfn]! & PG_LARGE) === 0 ? pfn : kernel.folios.of(pfn)!.head;
}

/** How many entries of page tables map the page (folio_precise_page_mapcount). */
export function pageMapcount(kernel: KernelState, pfn: Pfn): number {
  const own = kernel.memory.mapcount[pfn]!;
  return (kernel.memory.flags[pfn]! & PG_LARGE) === 0
    ? own
    : own + kernel.folios.of(pfn)!.entireMapcount;
}

/**
 * The page differs from the disk (mm/page-writeback.c: folio_mark_dirty). That takes the mark of
 * read-ahead away, which shares its bit with the mark of a page to be reclaimed.
 */
export function setPageDirty(kernel: KernelState, pfn: Pfn): void {
  const { flags } = kernel.memory;
  const head = headOf(kernel, pfn);
  flags[head] = (flags[head]! & ~PG_READAHEAD) | PG_DIRTY;
  const pages = kernel.folios.of(head)?.pages ?? 1;
  for (let i = 0; i < pages; i++) flags[head + i]! |= PG_BUFFER_DIRTY;
}

/** The same for a page of which write(2) or a hole changed blocks: the mark stays (fs/buffer.c: mark_buffer_dirty). */
export function setBlockDirty(kernel: KernelState, pfn: Pfn): void {
  kernel.memory.flags[headOf(kernel, pfn)]! |= PG_DIRTY;
  kernel.memory.flags[pfn]! |= PG_BUFFER_DIRTY;
}

export function isPageDirty(kernel: KernelState, pfn: Pfn): boolean {
  return (kernel.memory.flags[headOf(kernel, pfn)]! & PG_DIRTY) !== 0;
}

/** Adds `count` resident pages of the page's kind (mm_counter). */
export function countResident(mm: Mm, pfn: Pfn, count: number): void {
  const flags = mm.kernel.memory.flags[pfn]!;
  if ((flags & PG_HUGETLB) !== 0) return;
  if ((flags & PG_ANON) !== 0) mm.anonPages += count;
  else if ((flags & PG_SWAPBACKED) !== 0) mm.shmemPages += count;
  else mm.filePages += count;
}

/** One entry more maps the page (folio_add_anon_rmap_pte, folio_add_file_rmap_pte). */
export function addMapping(mm: Mm, pfn: Pfn): void {
  const { memory, folios } = mm.kernel;
  memory.mapcount[pfn]!++;
  if ((memory.flags[pfn]! & PG_LARGE) !== 0) folios.of(pfn)!.addMappings(mm, 1);
  countResident(mm, pfn, 1);
}

/** One entry less; a page of nobody's is freed (folio_remove_rmap_pte). */
export function removeMapping(mm: Mm, pfn: Pfn): void {
  const { memory, folios } = mm.kernel;
  countResident(mm, pfn, -1);
  const flags = memory.flags[pfn]!;
  const left = --memory.mapcount[pfn]!;
  if ((flags & PG_LARGE) !== 0) {
    const folio = folios.of(pfn)!;
    folio.removeMappings(mm, 1);
    if (folio.largeMapcount === 0 && (flags & PG_CACHE) === 0) freeFolio(mm.kernel, folio.head);
  } else if (left === 0 && (flags & PG_CACHE) === 0) {
    freeFolio(mm.kernel, pfn);
  }
}

/** The whole of a huge page is mapped by one entry more (folio_add_anon_rmap_pmd). */
export function addHugeMapping(mm: Mm, head: Pfn): void {
  const folio = mm.kernel.folios.of(head)!;
  folio.entireMapcount++;
  folio.addMappings(mm, 1);
  countResident(mm, head, PAGES_PER_HUGE_PAGE);
}

/** One entry less maps the whole of a huge page (folio_remove_rmap_pmd). */
export function removeHugeMapping(mm: Mm, head: Pfn): void {
  const folio = mm.kernel.folios.of(head)!;
  countResident(mm, head, -PAGES_PER_HUGE_PAGE);
  folio.entireMapcount--;
  folio.removeMappings(mm, 1);
  if (folio.largeMapcount === 0 && (mm.kernel.memory.flags[head]! & PG_CACHE) === 0) {
    freeFolio(mm.kernel, head);
  }
}

/** Gives back the frames of a folio that nobody maps or holds. */
export function freeFolio(kernel: KernelState, pfn: Pfn): void {
  const folio = kernel.folios.of(pfn);
  if (folio === undefined) {
    kernel.lru.forget(pfn);
    kernel.memory.free(pfn);
    return;
  }
  kernel.folios.dissolve(folio);
  kernel.memory.freeRun(folio.head, folio.pages);
}

/**
 * Whether a write may take an anonymous page over instead of copying it: nobody else has it
 * (mm/memory.c: wp_can_reuse_anon_folio, __wp_can_reuse_large_anon_folio).
 */
export function canReuseAnon(kernel: KernelState, pfn: Pfn): boolean {
  const flags = kernel.memory.flags[pfn]!;
  if ((flags & PG_EXCLUSIVE) !== 0) return true;
  const folio = kernel.folios.of(pfn);
  if (folio === undefined) {
    // A page that waits in a batch of the LRU is held by it too.
    const mapcount = kernel.memory.mapcount[pfn]!;
    if (mapcount + kernel.lru.holdersOf(pfn) > 3) return false;
    if (!kernel.lru.isOnList(pfn)) kernel.lru.drain();
    return mapcount + kernel.lru.holdersOf(pfn) === 1;
  }
  // A folio of which only this page is mapped is left behind, so that the rest of it is freed.
  return folio.largeMapcount > 1 && !folio.maybeShared;
}
