/** Faults pages in before they are used (mm/gup.c: __mm_populate, populate_vma_page_range). */
import { Errno } from "../../abi/errno.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import type { Access } from "../../hardware/mmu.js";
import {
  PMD_SIZE,
  PTE_DIRTY,
  PTE_SPECIAL,
  PTE_WRITE,
  ptePfn,
  ptePresent,
} from "../../hardware/x86-64.js";
import { PG_ACTIVE, PG_HUGETLB, PG_REFERENCED, PG_ZERO } from "../page-flags.js";
import { headOf, isPageDirty, setPageDirty } from "../rmap.js";
import { VM_IO, VM_LOCKONFAULT, VM_PFNMAP, VM_SHARED, VM_WRITE } from "../vm-flags.js";
import { handleFault } from "./page-fault.js";
import type { Mm, Vma } from "../model.js";

/** Faults in [start, end), as mmap(MAP_POPULATE) and mlock(2) do; 0, or -EFAULT, -ENOMEM of the first failure unless `errors` is ignored. */
export function populate(
  mm: Mm,
  start: Address,
  end: Address,
  errors: "ignored" | "reported",
): number {
  if (end <= start) return 0;
  for (
    let vma = mm.vmas.intersecting(start, end);
    vma !== null && vma.start < end;
    vma = vma.next
  ) {
    if ((vma.flags & (VM_IO | VM_PFNMAP)) !== 0) continue;
    const result = populateVma(mm, vma, Math.max(start, vma.start), Math.min(end, vma.end));
    if (result < 0 && errors === "reported") return result;
  }
  return 0;
}

/** Faults in a part of one vma: as a write where it is private and writable, so that nothing is copied later. */
export function populateVma(mm: Mm, vma: Vma, start: Address, end: Address): number {
  if ((vma.flags & VM_LOCKONFAULT) !== 0) return 0;
  const write = (vma.flags & (VM_WRITE | VM_SHARED)) === VM_WRITE;
  if (!vma.isAccessible) return -Errno.EFAULT;
  const result = faultIn(mm, vma, start, end, write ? "write" : "read");
  mm.kernel.lru.drain();
  return result === "done" ? 0 : result === "oom" ? -Errno.ENOMEM : -Errno.EFAULT;
}

/** The kernel itself looked at the page: once, it counts as referenced; twice, as active (mm/swap.c: folio_mark_accessed). */
function markAccessed(mm: Mm, page: Address): void {
  const { memory } = mm.kernel;
  const entry = mm.pageTable.entry(page);
  if (entry === 0 || (entry & PTE_SPECIAL) !== 0) return;
  const head = headOf(mm.kernel, ptePfn(entry));
  const flags = memory.flags[head]!;
  if ((flags & (PG_ZERO | PG_HUGETLB)) !== 0) return;
  if ((flags & PG_REFERENCED) === 0) memory.flags[head] = flags | PG_REFERENCED;
  else if ((flags & PG_ACTIVE) === 0) memory.flags[head] = (flags | PG_ACTIVE) & ~PG_REFERENCED;
}

/** Faults each page of [start, end) in unless it is there with the right (mm/gup.c: __get_user_pages). */
export function faultIn(
  mm: Mm,
  vma: Vma,
  start: Address,
  end: Address,
  access: Access,
): "done" | "sigbus" | "oom" {
  for (let page = start; page < end; page += PAGE_SIZE) {
    const entry = mm.pageTable.entry(page);
    const there =
      entry !== 0 && ptePresent(entry) && (access === "read" || (entry & PTE_WRITE) !== 0);
    if (there) {
      if (access === "write" && (entry & (PTE_DIRTY | PTE_SPECIAL)) === 0) {
        const pfn = ptePfn(entry);
        if (!isPageDirty(mm.kernel, pfn)) setPageDirty(mm.kernel, pfn);
      }
      markAccessed(mm, page);
      if (mm.pageTable.huge(page) !== 0) page += PMD_SIZE - (page % PMD_SIZE) - PAGE_SIZE;
      continue;
    }
    const result = handleFault(mm, vma, page, access);
    if (result === "sigbus" || result === "oom") return result;
    markAccessed(mm, page);
    if (mm.pageTable.huge(page) !== 0) page += PMD_SIZE - (page % PMD_SIZE) - PAGE_SIZE;
  }
  return "done";
}
