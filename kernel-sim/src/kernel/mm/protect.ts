/** mprotect(2) (mm/mprotect.c: do_mprotect_pkey, mprotect_fixup, change_pte_range). */
import { Errno } from "../../abi/errno.js";
import { PROT_GROWSDOWN, PROT_GROWSUP } from "../../abi/mman.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import {
  PMD_SIZE,
  PTE_DIRTY,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_SPECIAL,
  PTE_WRITE,
  ptePfn,
  ptePresent,
} from "../../hardware/x86-64.js";
import { PG_ANON, PG_EXCLUSIVE, PG_ZERO } from "../page-flags.js";
import {
  VM_ACCESS_FLAGS,
  VM_ACCOUNT,
  VM_GROWSDOWN,
  VM_HUGETLB,
  VM_LOCKED,
  VM_NORESERVE,
  VM_SHARED,
  VM_WRITE,
} from "../vm-flags.js";
import { accountPages, commitPages, mayExpand, uncommitPages } from "./accounting.js";
import { splitHugePmd } from "./huge-page.js";
import { cutHugetlbVma } from "./hugetlb.js";
import { pageAlign } from "./lengths.js";
import { modifyVma } from "./merge.js";
import { populateVma } from "./populate.js";
import type { Mm, Vma } from "../model.js";

const PROT_SEM = 0x8;

/** Changes the rights of a range; vmas before a gap or a refusal are changed all the same. 0, or -errno. */
export function mprotect(mm: Mm, address: Address, length: number, prot: number): number {
  const grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
  const rights = prot & ~(PROT_GROWSDOWN | PROT_GROWSUP);
  if (grows === (PROT_GROWSDOWN | PROT_GROWSUP)) return -Errno.EINVAL;
  if (address % PAGE_SIZE !== 0) return -Errno.EINVAL;
  if (length === 0) return 0;
  let start = address;
  const end = start + pageAlign(length);
  if (end <= start || end >= 2 ** 63) return -Errno.ENOMEM;
  if ((rights & ~(VM_ACCESS_FLAGS | PROT_SEM)) !== 0) return -Errno.EINVAL;
  let vma = mm.vmas.intersecting(start, end);
  if (vma === null) return -Errno.ENOMEM;
  if ((grows & PROT_GROWSDOWN) !== 0) {
    if ((vma.flags & VM_GROWSDOWN) === 0) return -Errno.EINVAL;
    start = vma.start;
  } else if (vma.start > start) {
    return -Errno.ENOMEM;
  }
  for (let at = start; at < end;) {
    vma = mm.vmas.at(at);
    if (vma === null) return -Errno.ENOMEM;
    const flags = (rights & VM_ACCESS_FLAGS) | (vma.flags & ~VM_ACCESS_FLAGS);
    if ((flags & ~(flags >> 4) & VM_ACCESS_FLAGS) !== 0) return -Errno.EACCES;
    const to = Math.min(end, vma.end);
    const error = protectVma(mm, vma, at, to, flags);
    if (error < 0) return error;
    at = to;
  }
  return 0;
}

/** mm/mprotect.c: mprotect_fixup. */
function protectVma(mm: Mm, vma: Vma, start: Address, end: Address, wanted: number): number {
  const old = vma.flags;
  let flags = wanted;
  if (flags === old) return 0;
  if (!cutHugetlbVma(vma, start, end)) return -Errno.EINVAL;
  const pages = (end - start) / PAGE_SIZE;
  let charged = 0;
  if ((flags & VM_WRITE) !== 0) {
    if (!mayExpand(mm, flags, pages) && mayExpand(mm, old, pages)) return -Errno.ENOMEM;
    if ((old & (VM_ACCOUNT | VM_WRITE | VM_HUGETLB | VM_SHARED | VM_NORESERVE)) === 0) {
      if (!commitPages(mm, pages)) return -Errno.ENOMEM;
      charged = pages;
      flags |= VM_ACCOUNT;
    }
  } else if ((old & VM_ACCOUNT) !== 0 && vma.isAnonymous && vma.anonVma === null) {
    flags &= ~VM_ACCOUNT;
  }
  const part = modifyVma(vma, start, end, flags);
  if (part === null) {
    uncommitPages(mm.kernel, charged);
    return -Errno.ENOMEM;
  }
  part.flags = flags;
  changeEntries(mm, part, start, end);
  if ((old & VM_ACCOUNT) !== 0 && (flags & VM_ACCOUNT) === 0) uncommitPages(mm.kernel, pages);
  if ((old & (VM_WRITE | VM_SHARED | VM_LOCKED)) === VM_LOCKED && (flags & VM_WRITE) !== 0) {
    populateVma(mm, part, start, end);
  }
  accountPages(mm, old, -pages);
  accountPages(mm, flags, pages);
  return 0;
}

/** Gives the entries of [start, end) the rights of their vma (change_pte_range, change_huge_pmd). */
function changeEntries(mm: Mm, vma: Vma, start: Address, end: Address): void {
  const { pageTable } = mm;
  for (let at = pageTable.nextPopulated(start, end); at < end;) {
    const block = at - (at % PMD_SIZE);
    const to = Math.min(end, block + PMD_SIZE);
    const huge = pageTable.huge(at);
    if (huge !== 0 && at === block && to === block + PMD_SIZE) {
      pageTable.setHuge(block, changed(mm, vma, huge));
    } else {
      if (huge !== 0) splitHugePmd(mm, vma, block);
      const table = pageTable.leaf(at);
      if (table !== undefined) {
        for (let i = (at - block) / PAGE_SIZE; i < (to - block) / PAGE_SIZE; i++) {
          const entry = table[i]!;
          if (entry !== 0 && ptePresent(entry)) table[i] = changed(mm, vma, entry);
        }
      }
    }
    at = pageTable.nextPopulated(to, end);
  }
  mm.mmu.flush(start, end);
}

/** An entry with the rights of its vma (pte_modify, can_change_pte_writable). */
function changed(mm: Mm, vma: Vma, entry: number): number {
  const bits = entry & ~(PTE_PRESENT | PTE_PROTNONE | PTE_WRITE);
  if (!vma.isAccessible) return (bits | PTE_PROTNONE) >>> 0;
  return (bits | PTE_PRESENT | (mayWriteNow(mm, vma, entry) ? PTE_WRITE : 0)) >>> 0;
}

/** Whether a write needs no fault: the page is the process's own, or the file has been told already. */
function mayWriteNow(mm: Mm, vma: Vma, entry: number): boolean {
  if ((vma.flags & VM_WRITE) === 0) return false;
  if (vma.isHugetlb) return (vma.flags & VM_SHARED) !== 0;
  if ((vma.flags & VM_SHARED) !== 0) {
    return vma.file!.inode.kind !== "disk" || (entry & PTE_DIRTY) !== 0;
  }
  if ((entry & PTE_SPECIAL) !== 0) return false;
  const flags = mm.kernel.memory.flags[ptePfn(entry)]!;
  return (flags & PG_ZERO) === 0 && (flags & PG_ANON) !== 0 && (flags & PG_EXCLUSIVE) !== 0;
}
