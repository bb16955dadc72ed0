/** MADV_FREE, MADV_COLD and MADV_PAGEOUT: pages that may go, or should (mm/madvise.c). */
import { PAGE_SIZE } from "../../core/units.js";
import type { Address, Pfn } from "../../core/units.js";
import {
  PMD_SIZE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_SPECIAL,
  ptePfn,
  ptePresent,
} from "../../hardware/x86-64.js";
import { splitIntoPages, unmapFilePages } from "../file-punch.js";
import { removeCacheFolio } from "../page-cache.js";
import {
  PG_ANON,
  PG_DIRTY,
  PG_LARGE,
  PG_READAHEAD,
  PG_SWAPBACKED,
  PG_USED,
  PG_ZERO,
} from "../page-flags.js";
import { headOf, isPageDirty, removeMapping, setPageDirty } from "../rmap.js";
import { VM_LOCKED } from "../vm-flags.js";
import { splitHugePmd } from "./huge-page.js";
import { splitAnonFolio } from "./split-folio.js";
import type { LargeFolio } from "../large-folio.js";
import type { Inode, KernelState, Mm, Vma } from "../model.js";

export type Giving = "free" | "cold" | "pageout";

/** Marks or takes the pages of [start, end) (madvise_free_pte_range, madvise_cold_or_pageout_pte_range). */
export function givePages(mm: Mm, vma: Vma, start: Address, end: Address, giving: Giving): void {
  const { pageTable, kernel } = mm;
  kernel.lru.drain();
  mm.noteResident();
  for (let at = pageTable.nextPopulated(start, end); at < end;) {
    const block = at - (at % PMD_SIZE);
    const to = Math.min(end, block + PMD_SIZE);
    if (pageTable.huge(at) === 0 || splitForGiving(mm, vma, at, to, giving)) {
      givePtes(mm, vma, at, to, giving);
    }
    at = pageTable.nextPopulated(to, end);
  }
  mm.mmu.flush(start, end);
}

/** A huge page: given whole, or split so that its pages can be; false where nothing is left to do. */
function splitForGiving(mm: Mm, vma: Vma, at: Address, to: Address, giving: Giving): boolean {
  const { kernel, pageTable } = mm;
  const { flags } = kernel.memory;
  const entry = pageTable.huge(at);
  const head = ptePfn(entry);
  if ((flags[head]! & PG_ZERO) !== 0) return false;
  const folio = kernel.folios.of(head)!;
  if (folio.maybeShared) return false;
  if (to - at !== PMD_SIZE) return splitPart(mm, vma, folio, at);
  if (giving === "free") {
    flags[head]! &= ~PG_DIRTY;
    pageTable.setHuge(at, (entry & ~(PTE_ACCESSED | PTE_DIRTY)) >>> 0);
    kernel.lru.markLargeLazyFree(head, folio.pages);
  } else {
    flags[head]! &= ~PG_USED;
    if (giving === "pageout") reclaimHugePage(mm, vma, at);
    else pageTable.setHuge(at, (entry & ~PTE_ACCESSED) >>> 0);
  }
  return false;
}

function givePtes(mm: Mm, vma: Vma, start: Address, to: Address, giving: Giving): void {
  const { kernel, pageTable } = mm;
  const { memory } = kernel;
  const reclaim: Address[] = [];
  for (let at = start; at < to; at += PAGE_SIZE) {
    const table = pageTable.leaf(at);
    if (table === undefined) return;
    const slot = (at / PAGE_SIZE) & 511;
    let entry = table[slot]!;
    if (entry === 0 || !ptePresent(entry) || (entry & PTE_SPECIAL) !== 0) continue;
    const pfn = ptePfn(entry);
    if ((memory.flags[pfn]! & PG_LARGE) !== 0) {
      const folio = kernel.folios.of(pfn)!;
      const { head, pages } = folio;
      if (batchLength(table, slot, to - at, head, pages) < pages) {
        if (folio.maybeShared || !splitPart(mm, vma, folio, at)) continue;
        entry = table[slot]!;
        if (entry === 0 || (entry & PTE_SPECIAL) !== 0) continue;
      } else {
        if (giving === "free") freeWholeFolio(mm, table, slot, head, pages);
        else if (folio.largeMapcount === pages) {
          memory.flags[head]! &= ~PG_USED;
          if (giving === "pageout") reclaim.push(at);
          else for (let i = slot; i < slot + pages; i++) table[i]! &= ~PTE_ACCESSED;
        }
        at += (pages - 1) * PAGE_SIZE;
        continue;
      }
    }
    if (giving !== "free") {
      if (memory.mapcount[pfn] !== 1) continue;
      memory.flags[pfn]! &= ~PG_USED;
      if (giving === "pageout") reclaim.push(at);
      else table[slot] = (entry & ~PTE_ACCESSED) >>> 0;
      continue;
    }
    if (isPageDirty(kernel, pfn)) {
      if (memory.mapcount[pfn] !== 1) continue;
      memory.flags[pfn]! &= ~PG_DIRTY;
    }
    table[slot] = (entry & ~(PTE_ACCESSED | PTE_DIRTY)) >>> 0;
    if (memory.mapcount[pfn] === 1 || !isLockedByAnother(mm, pfn)) kernel.lru.markLazyFree(pfn);
  }
  for (const at of reclaim) reclaimPage(mm, vma, at);
}

/** A folio of which only a part is given becomes single pages; false where it cannot be split. */
function splitPart(mm: Mm, vma: Vma, folio: LargeFolio, at: Address): boolean {
  if ((mm.kernel.memory.flags[folio.head]! & PG_ANON) === 0) {
    return splitIntoPages(mm.kernel, vma.file!.inode, vma.pageIndex(at));
  }
  splitAnonFolio(mm, vma, folio, at);
  return true;
}

/** A page that another process holds with mlock(2) is unevictable, and is not marked (lru_lazyfree). */
function isLockedByAnother(mm: Mm, pfn: number): boolean {
  for (const other of mm.kernel.mms) {
    if (other === mm || other.lockedPages === 0) continue;
    for (const vma of other.vmas) {
      if ((vma.flags & VM_LOCKED) === 0 || !vma.isAnonymous) continue;
      const { pageTable } = other;
      for (let at = pageTable.nextPopulated(vma.start, vma.end); at < vma.end;) {
        const to = Math.min(vma.end, at - (at % PMD_SIZE) + PMD_SIZE);
        for (let page = at; page < to; page += PAGE_SIZE) {
          const entry = pageTable.entry(page);
          if (entry !== 0 && ptePfn(entry) === pfn) return true;
        }
        at = pageTable.nextPopulated(to, vma.end);
      }
    }
  }
  return false;
}

/** How many pages of the folio follow each other from the slot on (madvise_folio_pte_batch). */
function batchLength(
  table: Uint32Array,
  slot: number,
  bytes: number,
  head: number,
  pages: number,
): number {
  const first = ptePfn(table[slot]!);
  const most = Math.min(512 - slot, bytes / PAGE_SIZE, head + pages - first);
  let count = 0;
  while (
    count < most &&
    ptePresent(table[slot + count]!) &&
    ptePfn(table[slot + count]!) === first + count
  ) {
    count++;
  }
  return count;
}

function freeWholeFolio(
  mm: Mm,
  table: Uint32Array,
  slot: number,
  head: number,
  pages: number,
): void {
  const { flags } = mm.kernel.memory;
  const folio = mm.kernel.folios.of(head)!;
  if ((flags[head]! & PG_DIRTY) !== 0) {
    if (folio.largeMapcount !== pages) return;
    flags[head]! &= ~PG_DIRTY;
  }
  for (let i = 0; i < pages; i++) {
    table[slot + i] = (table[slot + i]! & ~(PTE_ACCESSED | PTE_DIRTY)) >>> 0;
  }
  mm.kernel.lru.markLargeLazyFree(head, pages);
}

/**
 * Takes a page out of the page table, and of its cache where it is clean; a private page would need
 * swap, unless MADV_FREE gave it up (mm/vmscan.c: reclaim_pages, shrink_folio_list).
 */
function reclaimPage(mm: Mm, vma: Vma, at: Address): void {
  const { kernel, pageTable } = mm;
  const table = pageTable.leaf(at);
  if (table === undefined) return;
  const slot = (at / PAGE_SIZE) & 511;
  const entry = table[slot]!;
  if (entry === 0) return;
  const pfn = ptePfn(entry);
  const flags = kernel.memory.flags[headOf(kernel, pfn)]!;
  const anonymous = (flags & PG_ANON) !== 0;
  if ((flags & PG_LARGE) !== 0) {
    if (anonymous) reclaimAnonFolio(mm, vma, kernel.folios.of(pfn)!, at);
    else reclaimFolio(kernel, vma.file!.inode, vma.pageIndex(at));
    return;
  }
  const dirty = (entry & PTE_DIRTY) !== 0 || isPageDirty(kernel, pfn);
  if (anonymous && (dirty || (flags & PG_SWAPBACKED) !== 0)) {
    if ((flags & PG_SWAPBACKED) === 0) takeBack(kernel, pfn, 1);
    return;
  }
  if (!anonymous && dirty) {
    setPageDirty(kernel, pfn);
    // Only kswapd writes file pages; this one is marked, so that it goes once it is written (PG_reclaim).
    if (vma.file!.inode.kind === "disk") kernel.memory.flags[headOf(kernel, pfn)]! |= PG_READAHEAD;
  }
  table[slot] = 0;
  removeMapping(mm, pfn);
  if (!anonymous && !dirty) removeCacheFolio(kernel, vma.file!.inode, vma.pageIndex(at));
  mm.mmu.flush(at, at + PAGE_SIZE);
}

/** The same for a page of 2 MiB that one entry maps. */
function reclaimHugePage(mm: Mm, vma: Vma, block: Address): void {
  const { kernel } = mm;
  const { flags } = kernel.memory;
  const entry = mm.pageTable.huge(block);
  const folio = kernel.folios.of(ptePfn(entry))!;
  const { head } = folio;
  if ((flags[head]! & PG_ANON) === 0) {
    reclaimFolio(kernel, vma.file!.inode, vma.pageIndex(block));
  } else if ((flags[head]! & PG_SWAPBACKED) !== 0) {
    splitAnonFolio(mm, vma, folio, block);
  } else {
    // Its table stays, so that the next touch finds single pages.
    splitHugePmd(mm, vma, block);
    reclaimAnonFolio(mm, vma, folio, block);
  }
}

/**
 * The same for a large folio of private memory whose pages all have entries of their own: for want of swap it becomes
 * single pages (shrink_folio_list: folio_alloc_swap), and where MADV_FREE gave it up it goes, or is taken back whole.
 */
function reclaimAnonFolio(mm: Mm, vma: Vma, folio: LargeFolio, at: Address): void {
  const { kernel } = mm;
  const { head, pages } = folio;
  if ((kernel.memory.flags[head]! & PG_SWAPBACKED) !== 0) {
    splitAnonFolio(mm, vma, folio, at);
    return;
  }
  const slot = (at / PAGE_SIZE) & 511;
  const entries = mm.pageTable.leaf(at)!.subarray(slot, slot + pages);
  const isDirty = (kernel.memory.flags[head]! & PG_DIRTY) !== 0;
  if (isDirty || entries.some((entry) => (entry & PTE_DIRTY) !== 0)) {
    takeBack(kernel, head, pages);
    return;
  }
  entries.fill(0);
  for (let i = 0; i < pages; i++) removeMapping(mm, head + i);
  mm.mmu.flush(at, at + pages * PAGE_SIZE);
}

/** A folio that MADV_FREE gave up and that was written since is the program's again, and dirty (try_to_unmap_one: folio_set_swapbacked). */
function takeBack(kernel: KernelState, head: Pfn, pages: number): void {
  kernel.memory.flags[head]! |= PG_DIRTY;
  for (let i = 0; i < pages; i++) kernel.memory.flags[head + i]! |= PG_SWAPBACKED;
}

/** The same for a large folio of a file, which goes whole or stays whole. */
function reclaimFolio(kernel: KernelState, inode: Inode, index: number): void {
  const pfn = inode.pages.get(index)!;
  const folio = kernel.folios.of(pfn)!;
  const first = index - (pfn - folio.head);
  unmapFilePages(inode, first, first + folio.pages, "kept");
  if (!isPageDirty(kernel, pfn)) removeCacheFolio(kernel, inode, index);
  else if (inode.kind === "disk") kernel.memory.flags[folio.head]! |= PG_READAHEAD;
}
