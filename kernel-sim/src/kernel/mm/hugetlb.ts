/** Pages of 2 MiB from the pool that the administrator set aside (mm/hugetlb.c). In neither Rss nor Pss. */
import type { Address } from "../../core/units.js";
import type { Access } from "../../hardware/mmu.js";
import {
  PAGES_PER_HUGE_PAGE,
  PMD_SIZE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_HUGE,
  PTE_PFN_SHIFT,
  PTE_PRESENT,
  PTE_WRITE,
  ptePfn,
} from "../../hardware/x86-64.js";
import { PG_ANON, PG_CACHE, PG_HUGETLB } from "../page-flags.js";
import { VM_NORESERVE, VM_SHARED, VM_WRITE } from "../vm-flags.js";
import type { FaultResult, Mm, Vma } from "../model.js";

/** Takes huge pages of [start, end) out of the page table; private ones go back to the pool. */
export function zapHugetlb(mm: Mm, vma: Vma, start: Address, end: Address): void {
  const { kernel, pageTable } = mm;
  for (let at = pageTable.nextPopulated(start, end); at < end;) {
    const entry = pageTable.huge(at);
    if (entry !== 0) {
      const head = ptePfn(entry);
      pageTable.setHuge(at, 0);
      mm.hugetlbPages -= PAGES_PER_HUGE_PAGE;
      kernel.memory.mapcount[head]!--;
      if (kernel.memory.mapcount[head] === 0 && (kernel.memory.flags[head]! & PG_CACHE) === 0) {
        clearHugePage(mm, head);
        kernel.freeHugePages.push(head);
      }
    }
    at = pageTable.nextPopulated(at + PMD_SIZE, end);
  }
  mm.mmu.flush(start, end);
}

function clearHugePage(mm: Mm, head: number): void {
  const { memory } = mm.kernel;
  for (let i = 0; i < PAGES_PER_HUGE_PAGE; i++) memory.contents.clear(head + i);
}

/** Serves a fault from the pool: SIGBUS where it is empty (hugetlb_fault). */
export function faultHugetlb(mm: Mm, vma: Vma, page: Address, access: Access): FaultResult {
  const { kernel, pageTable } = mm;
  const { memory } = kernel;
  const block = page - (page % PMD_SIZE);
  const inode = vma.file!.inode;
  const shared = (vma.flags & VM_SHARED) !== 0;
  const write = (vma.flags & VM_WRITE) !== 0 ? PTE_WRITE | PTE_DIRTY : 0;
  const entry = pageTable.huge(block);
  const index = Math.floor(vma.pageIndex(block) / PAGES_PER_HUGE_PAGE);
  if (entry !== 0) {
    const head = ptePfn(entry);
    if (access === "read" || (entry & PTE_WRITE) !== 0) {
      pageTable.setHuge(block, entry | PTE_ACCESSED);
      return "minor";
    }
    if (shared || (memory.mapcount[head] === 1 && (memory.flags[head]! & PG_ANON) !== 0)) {
      pageTable.setHuge(block, entry | write | PTE_ACCESSED);
      return "minor";
    }
    const copy = takeHugePage(mm, vma, index);
    if (copy < 0) return "sigbus";
    for (let i = 0; i < PAGES_PER_HUGE_PAGE; i++) memory.contents.copy(head + i, copy + i);
    memory.flags[copy] = PG_HUGETLB | PG_ANON;
    memory.mapcount[copy]!++;
    memory.mapcount[head]!--;
    if (memory.mapcount[head] === 0 && (memory.flags[head]! & PG_CACHE) === 0) {
      clearHugePage(mm, head);
      kernel.freeHugePages.push(head);
    }
    pageTable.setHuge(block, hugeEntry(copy, write));
    mm.mmu.flush(block, block + PMD_SIZE);
    return "minor";
  }
  let head = shared || inode.pages.has(index) ? (inode.pages.get(index) ?? -1) : -1;
  if (head < 0) {
    head = takeHugePage(mm, vma, index);
    if (head < 0) return "sigbus";
    memory.flags[head] = PG_HUGETLB | (shared ? PG_CACHE : PG_ANON);
    if (shared) inode.pages.set(index, head);
  }
  memory.mapcount[head]!++;
  mm.hugetlbPages += PAGES_PER_HUGE_PAGE;
  pageTable.setHuge(block, hugeEntry(head, shared || access === "write" ? write : write));
  return "minor";
}

function hugeEntry(head: number, bits: number): number {
  return ((head << PTE_PFN_SHIFT) | PTE_HUGE | PTE_PRESENT | PTE_ACCESSED | bits) >>> 0;
}

/** A page of the pool: one that was reserved for the vma, or a free one beyond all reservations; -1 for none. */
function takeHugePage(mm: Mm, vma: Vma, index: number): number {
  const { kernel } = mm;
  const { reserved } = vma.file!.inode;
  const owns = mm === vma.mm && reserved.has(index);
  if (!owns && kernel.freeHugePages.length <= kernel.reservedHugePages) return -1;
  const head = kernel.freeHugePages.pop();
  if (head === undefined) return -1;
  if (owns) {
    reserved.delete(index);
    kernel.reservedHugePages--;
  }
  return head;
}

/** Promises the pages of a new vma from the pool (hugetlb_reserve_pages); false where it has too few. */
export function reserveHugePages(mm: Mm, vma: Vma): boolean {
  const { kernel } = mm;
  if ((vma.flags & VM_NORESERVE) !== 0) return true;
  const { inode } = vma.file!;
  const first = Math.floor(vma.pgoff / PAGES_PER_HUGE_PAGE);
  const wanted: number[] = [];
  for (let index = first; index < first + vma.pages / PAGES_PER_HUGE_PAGE; index++) {
    if (!inode.reserved.has(index) && !inode.pages.has(index)) wanted.push(index);
  }
  if (kernel.freeHugePages.length - kernel.reservedHugePages < wanted.length) return false;
  kernel.reservedHugePages += wanted.length;
  for (const index of wanted) inode.reserved.add(index);
  return true;
}
