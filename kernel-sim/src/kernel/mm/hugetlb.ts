/** Pages of 2 MiB from the pool that the administrator set aside (mm/hugetlb.c). In neither Rss nor Pss. */
import type { Address, Pfn } from "../../core/units.js";
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
import { PG_ANON, PG_CACHE, PG_HUGETLB, PG_RESTORE_RESERVE } from "../page-flags.js";
import { VM_MAYSHARE, VM_SHARED, VM_WRITE } from "../vm-flags.js";
import { prepareAnonVma } from "./anon-vma.js";
import { freeHugePage, giveBackReservation, takeHugePage } from "./hugetlb-pool.js";
import type { HugePageUse } from "./hugetlb-pool.js";
import { splitVma } from "./merge.js";
import type { FaultResult, Mm, Vma } from "../model.js";

const indexOf = (vma: Vma, block: Address): number =>
  Math.floor(vma.pageIndex(block) / PAGES_PER_HUGE_PAGE);

/**
 * Takes huge pages of [start, end) out of the page table (__unmap_hugepage_range). With `only`, that page alone, and the
 * vma remembers that it lost one.
 */
export function zapHugetlb(mm: Mm, vma: Vma, start: Address, end: Address, only?: Pfn): void {
  const { kernel, pageTable } = mm;
  const { memory } = kernel;
  for (let at = pageTable.nextPopulated(start, end); at < end;) {
    const entry = pageTable.huge(at);
    const head = ptePfn(entry);
    if (entry !== 0 && (only === undefined || only === head)) {
      if (only !== undefined) vma.hugeLost = true;
      pageTable.setHuge(at, 0, "nothing");
      mm.hugetlbPages -= PAGES_PER_HUGE_PAGE;
      memory.mapcount[head]!--;
      if (vma.hugeUsed !== null && (memory.flags[head]! & PG_ANON) !== 0) {
        // What a private mapping was promised stays promised, though the page goes.
        memory.flags[head]! |= PG_RESTORE_RESERVE;
        giveBackReservation(vma, indexOf(vma, at));
      }
      freeHugePage(kernel, head);
    }
    at = pageTable.nextPopulated(at + PMD_SIZE, end);
  }
  mm.mmu.flush(start, end);
}

/**
 * False where a part of a vma of huge pages begins or ends inside one (hugetlb_vm_op_split: EINVAL); a beginning that is
 * right is cut all the same (mm/vma.c: vma_modify). True for every other vma.
 */
export function cutHugetlbVma(vma: Vma, start: Address, end: Address): boolean {
  if (!vma.isHugetlb) return true;
  if (start % PMD_SIZE !== 0) return false;
  if (end % PMD_SIZE === 0) return true;
  if (start > vma.start) splitVma(vma, start, "below");
  return false;
}

/** Serves a fault from the pool: SIGBUS where it is empty (hugetlb_fault). */
export function faultHugetlb(mm: Mm, vma: Vma, page: Address, access: Access): FaultResult {
  const block = page - (page % PMD_SIZE);
  const entry = mm.pageTable.huge(block);
  if (entry === 0) return faultAbsent(mm, vma, block, access);
  if (access === "write" && (entry & PTE_WRITE) === 0) return copyOnWrite(mm, vma, block);
  mm.pageTable.setHuge(block, entry | PTE_ACCESSED, "nothing");
  return "minor";
}

/** mm/hugetlb.c: hugetlb_no_page. */
function faultAbsent(mm: Mm, vma: Vma, block: Address, access: Access): FaultResult {
  if (vma.hugeLost) return "sigbus";
  const { memory } = mm.kernel;
  const { inode } = vma.file!;
  const index = indexOf(vma, block);
  let head = inode.pages.get(index);
  if (head === undefined) {
    if (index * PMD_SIZE >= inode.sizeBytes) return "sigbus";
    head = takeHugePage(mm.kernel, vma, index, "reservation");
    if (head === undefined) return "sigbus";
    if ((vma.flags & VM_MAYSHARE) !== 0) {
      memory.flags[head] = PG_HUGETLB | PG_CACHE;
      inode.pages.set(index, head);
    } else {
      memory.flags[head] = PG_HUGETLB | PG_ANON;
      prepareAnonVma(vma);
    }
  }
  memory.mapcount[head]!++;
  mm.hugetlbPages += PAGES_PER_HUGE_PAGE;
  mm.pageTable.setHuge(block, entryOf(vma, head, (vma.flags & VM_SHARED) !== 0), "nothing");
  const copies = access === "write" && (vma.flags & VM_SHARED) === 0;
  return copies ? copyOnWrite(mm, vma, block) : "minor";
}

/**
 * A write to a page that is mapped read-only (hugetlb_wp). The process that made a private mapping gets its copy though
 * the pool be empty: the page is then taken from its children, which get SIGBUS where they touch the mapping again.
 */
function copyOnWrite(mm: Mm, vma: Vma, block: Address): FaultResult {
  const { kernel, pageTable } = mm;
  const { memory } = kernel;
  const head = ptePfn(pageTable.huge(block));
  const isAlone = (): boolean =>
    memory.mapcount[head] === 1 && (memory.flags[head]! & PG_ANON) !== 0;
  if ((vma.flags & VM_MAYSHARE) !== 0 || isAlone()) {
    pageTable.setHuge(block, entryOf(vma, head, true), "nothing");
    return "minor";
  }
  const fromOwner = vma.hugeUsed !== null && (memory.flags[head]! & PG_CACHE) === 0;
  const use: HugePageUse = fromOwner ? "beyond reservation" : "reservation";
  const copy = takeHugePage(kernel, vma, indexOf(vma, block), use);
  if (copy === undefined) {
    if (!fromOwner) return "sigbus";
    takeFromOthers(vma, block, head);
    return isAlone() ? copyOnWrite(mm, vma, block) : "sigbus";
  }
  prepareAnonVma(vma);
  for (let i = 0; i < PAGES_PER_HUGE_PAGE; i++) memory.contents.copy(head + i, copy + i);
  memory.flags[copy] = PG_HUGETLB | PG_ANON;
  memory.mapcount[copy]!++;
  memory.mapcount[head]!--;
  pageTable.setHuge(block, entryOf(vma, copy, true), "nothing");
  mm.mmu.flush(block, block + PMD_SIZE);
  freeHugePage(kernel, head);
  return "minor";
}

/** mm/hugetlb.c: unmap_ref_private. */
function takeFromOthers(vma: Vma, block: Address, head: Pfn): void {
  const offset = vma.pageIndex(block);
  for (const other of vma.file!.inode.vmas) {
    const isAffected =
      other !== vma && (other.flags & VM_MAYSHARE) === 0 && other.hugeUsed === null;
    if (!isAffected || offset < other.pgoff || offset >= other.pgoff + other.pages) continue;
    const at = other.start + (offset - other.pgoff) * 4096;
    zapHugetlb(other.mm, other, at, at + PMD_SIZE, head);
  }
}

/** mm/hugetlb.c: make_huge_pte. */
function entryOf(vma: Vma, head: Pfn, wantsWrite: boolean): number {
  const writable = wantsWrite && (vma.flags & VM_WRITE) !== 0 ? PTE_WRITE | PTE_DIRTY : 0;
  return ((head << PTE_PFN_SHIFT) | PTE_HUGE | PTE_PRESENT | PTE_ACCESSED | writable) >>> 0;
}
