/**
 * The pool of huge pages, and what of it is promised (mm/hugetlb.c: alloc_hugetlb_folio, hugetlb_reserve_pages).
 *
 *   free pages        | promised to mappings (resv_huge_pages) | for whoever asks |
 *
 * A shared mapping keeps in its file the pages that were promised, used ones included; a private one keeps in its vma
 * those that were used. Not modelled: surplus pages (nr_overcommit_hugepages is 0), subpools, cgroups.
 */
import type { Pfn } from "../../core/units.js";
import { PAGES_PER_HUGE_PAGE } from "../../hardware/x86-64.js";
import { PG_CACHE, PG_HUGETLB, PG_RESTORE_RESERVE } from "../page-flags.js";
import { VM_MAYSHARE, VM_NORESERVE } from "../vm-flags.js";
import type { Inode, KernelState, Vma } from "../model.js";

/** `beyond reservation`: the owner of a private mapping copies a page, and leaves what it was promised alone. */
export type HugePageUse = "reservation" | "beyond reservation";

/** Whether the page at the index was promised and not used yet (vma_needs_reservation). */
function isPromised(vma: Vma, index: number): boolean {
  if ((vma.flags & VM_MAYSHARE) !== 0) return vma.file!.inode.reserved.has(index);
  return vma.hugeUsed !== null && !vma.hugeUsed.has(index);
}

/** A free page of zeros; undefined where there is none but those promised to others. */
export function takeHugePage(
  kernel: KernelState,
  vma: Vma,
  index: number,
  use: HugePageUse,
): Pfn | undefined {
  const promised = use === "reservation" && isPromised(vma, index);
  if (!promised && kernel.freeHugePages.length === kernel.reservedHugePages) return undefined;
  const head = kernel.freeHugePages.pop();
  if (head === undefined) return undefined;
  if (promised) kernel.reservedHugePages--;
  if (use === "reservation") {
    if ((vma.flags & VM_MAYSHARE) !== 0) vma.file!.inode.reserved.add(index);
    else vma.hugeUsed?.add(index);
  }
  return head;
}

/** A page that nobody maps goes back to the pool, promised again where it was so marked (free_huge_folio). */
export function freeHugePage(kernel: KernelState, head: Pfn): void {
  const { memory } = kernel;
  if (memory.mapcount[head]! > 0 || (memory.flags[head]! & PG_CACHE) !== 0) return;
  for (let i = 0; i < PAGES_PER_HUGE_PAGE; i++) memory.contents.clear(head + i);
  if ((memory.flags[head]! & PG_RESTORE_RESERVE) !== 0) kernel.reservedHugePages++;
  memory.flags[head] = PG_HUGETLB;
  kernel.freeHugePages.push(head);
}

/** The page at the index counts as promised and not used (vma_add_reservation, of a private mapping). */
export function giveBackReservation(vma: Vma, index: number): void {
  vma.hugeUsed?.delete(index);
}

/** Promises the pages of a new vma (hugetlb_reserve_pages); false where the pool has too few. */
export function reserveHugePages(kernel: KernelState, vma: Vma): boolean {
  if ((vma.flags & VM_NORESERVE) !== 0) return true;
  const first = Math.floor(vma.pgoff / PAGES_PER_HUGE_PAGE);
  const pages = vma.pages / PAGES_PER_HUGE_PAGE;
  const { reserved } = vma.file!.inode;
  const shared = (vma.flags & VM_MAYSHARE) !== 0;
  const wanted: number[] = [];
  for (let index = first; index < first + pages; index++) {
    if (!shared || !reserved.has(index)) wanted.push(index);
  }
  if (kernel.reservedHugePages + wanted.length > kernel.freeHugePages.length) return false;
  kernel.reservedHugePages += wanted.length;
  if (shared) for (const index of wanted) reserved.add(index);
  else vma.hugeUsed = new Set();
  return true;
}

/** A private vma goes: what it was promised and has not used is free again (hugetlb_vm_op_close). */
export function closeHugetlbVma(vma: Vma): void {
  if (vma.hugeUsed === null) return;
  const first = Math.floor(vma.pgoff / PAGES_PER_HUGE_PAGE);
  for (let index = first; index < first + vma.pages / PAGES_PER_HUGE_PAGE; index++) {
    if (!vma.hugeUsed.has(index)) vma.mm.kernel.reservedHugePages--;
  }
}

/** Whole huge pages [first, end) of a file go, once nobody maps them, and the LRU's batches with them (remove_inode_hugepages). */
export function dropHugePages(kernel: KernelState, inode: Inode, first: number, end: number): void {
  for (const [index, head] of [...inode.pages]) {
    if (index < first || index >= end) continue;
    kernel.lru.drain();
    inode.pages.delete(index);
    inode.reserved.delete(index);
    kernel.memory.flags[head]! &= ~PG_CACHE;
    freeHugePage(kernel, head);
  }
}

/** What a file was promised beyond its pages is free again (hugetlb_unreserve_pages). */
export function dropReservations(kernel: KernelState, inode: Inode, first: number): void {
  for (const index of [...inode.reserved]) {
    if (index < first) continue;
    inode.reserved.delete(index);
    kernel.reservedHugePages--;
  }
}
