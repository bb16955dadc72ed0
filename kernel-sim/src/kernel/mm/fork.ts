/** Copies an address space for a child (mm/mmap.c: dup_mmap; mm/memory.c: copy_page_range). */
import { PAGE_SIZE } from "../../core/units.js";
import {
  PMD_SIZE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_SPECIAL,
  PTE_WRITE,
  ptePfn,
  ptePresent,
} from "../../hardware/x86-64.js";
import { PG_ANON, PG_EXCLUSIVE, PG_ZERO } from "../page-flags.js";
import { addMapping } from "../rmap.js";
import { AnonVma } from "../vma.js";
import {
  VM_ACCOUNT,
  VM_DONTCOPY,
  VM_LOCKED_MASK,
  VM_MAYWRITE,
  VM_SHARED,
  VM_WIPEONFORK,
} from "../vm-flags.js";
import { accountPages, commitPages } from "./accounting.js";
import { shareHugePage } from "./huge-page.js";
import { link } from "./merge.js";
import type { Mm, Vma } from "../model.js";

/** Fills the child's empty address space; false, with a part of it there, where the overcommit mode forbids it. */
export function forkMm(parent: Mm, child: Mm): boolean {
  child.layout = parent.layout;
  child.mmapBase = parent.mmapBase;
  child.legacyBase = parent.legacyBase;
  child.startBrk = parent.startBrk;
  child.brk = parent.brk;
  child.startData = parent.startData;
  child.endData = parent.endData;
  child.startCode = parent.startCode;
  child.endCode = parent.endCode;
  child.startStack = parent.startStack;
  for (const vma of parent.vmas) {
    if ((vma.flags & VM_DONTCOPY) !== 0) continue;
    // Asked for each vma alone, as mode 0 looks at each call alone.
    if ((vma.flags & VM_ACCOUNT) !== 0 && !commitPages(parent, vma.pages)) {
      parent.mmu.flushAll();
      return false;
    }
    const copy = vma.duplicate(child);
    copy.flags &= ~VM_LOCKED_MASK;
    if ((vma.flags & VM_WIPEONFORK) === 0) forkAnonVma(copy, vma);
    link(copy);
    accountPages(child, copy.flags, copy.pages);
    if ((vma.flags & VM_WIPEONFORK) === 0 && vma.anonVma !== null) copyPages(vma, copy);
  }
  parent.mmu.flushAll();
  return true;
}

/** The child's vma may map pages of all its parents', and gets an anon_vma for its own (mm/rmap.c: anon_vma_fork). */
function forkAnonVma(copy: Vma, vma: Vma): void {
  if (vma.anonVma === null) return;
  copy.anonChain = vma.anonChain.slice();
  const unused = vma.anonChain.find(
    (other) => other.parent !== null && other.children < 2 && other.activeVmas === 0,
  );
  if (unused !== undefined) {
    copy.anonVma = unused;
  } else {
    copy.anonVma = new AnonVma(vma.anonVma);
    vma.anonVma.children++;
    copy.anonChain.push(copy.anonVma);
  }
  copy.anonVma.activeVmas++;
}

/** Shares every page that is there: private ones become read-only in both (copy_present_ptes). */
function copyPages(vma: Vma, copy: Vma): void {
  const parent = vma.mm;
  const child = copy.mm;
  const { memory } = parent.kernel;
  const { pageTable } = parent;
  const shared = (vma.flags & VM_SHARED) !== 0;
  const isCow = !shared && (vma.flags & VM_MAYWRITE) !== 0;
  const drop = PTE_ACCESSED | (shared ? PTE_DIRTY : 0) | (isCow ? PTE_WRITE : 0);
  if (vma.isHugetlb) copyHugetlbTables(vma, copy);
  for (let at = pageTable.nextPopulated(vma.start, vma.end); at < vma.end;) {
    const block = at - (at % PMD_SIZE);
    const to = Math.min(vma.end, block + PMD_SIZE);
    if (pageTable.huge(at) !== 0) {
      if (vma.isHugetlb) shareHugetlbPage(vma, copy, block);
      else if (isAnonymousHuge(parent, block)) shareHugePage(parent, child, block);
    } else {
      const table = pageTable.leaf(at)!;
      const target = child.pageTable.leafOrNew(at);
      for (let i = (at - block) / PAGE_SIZE; i < (to - block) / PAGE_SIZE; i++) {
        const entry = table[i]!;
        if (entry === 0 || !ptePresent(entry)) continue;
        if ((entry & PTE_SPECIAL) === 0) {
          const pfn = ptePfn(entry);
          if ((memory.flags[pfn]! & PG_ANON) !== 0) memory.flags[pfn]! &= ~PG_EXCLUSIVE;
          addMapping(child, pfn);
        }
        if (isCow) table[i] = (entry & ~PTE_WRITE) >>> 0;
        target[i] = (entry & ~drop) >>> 0;
      }
    }
    at = pageTable.nextPopulated(to, vma.end);
  }
}

/** A huge page of a file is left to the child's own faults (copy_huge_pmd). */
function isAnonymousHuge(mm: Mm, block: number): boolean {
  const { flags } = mm.kernel.memory;
  return (flags[ptePfn(mm.pageTable.huge(block))]! & (PG_ANON | PG_ZERO)) !== 0;
}

/** The child gets a table wherever the parent has one, also where no page is in it (copy_hugetlb_page_range: huge_pte_alloc). */
function copyHugetlbTables(vma: Vma, copy: Vma): void {
  for (let at = vma.start; at < vma.end; at += PMD_SIZE) {
    if (vma.mm.pageTable.pmd(at) !== undefined) copy.mm.pageTable.pmdOrNew(at);
  }
}

/** mm/hugetlb.c: copy_hugetlb_page_range. */
function shareHugetlbPage(vma: Vma, copy: Vma, block: number): void {
  const entry = vma.mm.pageTable.huge(block);
  const readOnly = (entry & ~PTE_WRITE) >>> 0;
  vma.mm.pageTable.setHuge(block, readOnly, "nothing");
  copy.mm.pageTable.setHuge(block, (readOnly & ~PTE_ACCESSED) >>> 0, "nothing");
  copy.mm.kernel.memory.mapcount[ptePfn(entry)]!++;
  copy.mm.hugetlbPages += 512;
}
