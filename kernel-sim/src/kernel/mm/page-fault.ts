/**
 * Serves a page fault (arch/x86/mm/fault.c: do_user_addr_fault; mm/memory.c: handle_mm_fault).
 *
 *   no vma there                 SIGSEGV/MAPERR
 *   vma without the right        SIGSEGV/ACCERR
 *   nothing in the page table    first touch: zero page, new frame, file page or huge page
 *   read-only entry, write       copy-on-write, or take over, or a shared file page becomes dirty
 */
import { PAGE_SIZE } from "../../core/units.js";
import type { Address, Pfn } from "../../core/units.js";
import type { SignalInfo } from "../../abi/signal.js";
import {
  PMD_SIZE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_PFN_SHIFT,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_SPECIAL,
  PTE_WRITE,
  TASK_SIZE,
  ptePfn,
} from "../../hardware/x86-64.js";
import type { Access } from "../../hardware/mmu.js";
import { PG_ANON, PG_EXCLUSIVE, PG_SWAPBACKED } from "../page-flags.js";
import { addMapping, canReuseAnon, removeMapping } from "../rmap.js";
import { VM_ACCESS_FLAGS, VM_GROWSDOWN, VM_MAYSHARE, VM_SHARED, VM_WRITE } from "../vm-flags.js";
import { prepareAnonVma } from "./anon-vma.js";
import { expandStack } from "./expand-stack.js";
import { faultFilePage, dirtySharedPage } from "./file-fault.js";
import { faultHugePage, hugePageAllowed, writeProtectedHugePage } from "./huge-page.js";
import { faultHugetlb } from "./hugetlb.js";
import type { FaultResult, Mm, Vma } from "../model.js";

/** Serves a program's access, or says which signal it gets. */
export function servePageFault(mm: Mm, address: Address, access: Access): SignalInfo | null {
  const page = address - (address % PAGE_SIZE);
  if (address < 0 || address >= 2 ** 47) {
    // Not canonical: a general-protection fault, which has no address.
    return { signal: "SIGSEGV", code: "KERNEL", address: 0 };
  }
  if (address >= TASK_SIZE) {
    return { signal: "SIGSEGV", code: "MAPERR", address };
  }
  let vma = mm.vmas.find(address);
  if (vma !== null && vma.start > address) {
    vma = (vma.flags & VM_GROWSDOWN) !== 0 && expandStack(mm, vma, page) === 0 ? vma : null;
  }
  if (vma === null) return { signal: "SIGSEGV", code: "MAPERR", address };
  const allowed = access === "write" ? VM_WRITE : VM_ACCESS_FLAGS;
  if ((vma.flags & allowed) === 0) return { signal: "SIGSEGV", code: "ACCERR", address };
  const result = handleFault(mm, vma, page, access);
  if (result === "sigbus") return { signal: "SIGBUS", code: "ADRERR", address };
  if (result === "oom") {
    return { signal: "SIGKILL", code: "KERNEL", message: "Out of memory: Killed process" };
  }
  return null;
}

/** Makes one page of a vma accessible and counts the fault (handle_mm_fault, mm_account_fault). */
export function handleFault(mm: Mm, vma: Vma, page: Address, access: Access): FaultResult {
  const result = vma.isHugetlb
    ? faultHugetlb(mm, vma, page, access)
    : faultPage(mm, vma, page, access);
  if (result === "minor") mm.task.minorFaults++;
  else if (result === "major") mm.task.majorFaults++;
  mm.kernel.reading.step();
  return result;
}

/** mm/memory.c: __handle_mm_fault, handle_pte_fault. */
function faultPage(mm: Mm, vma: Vma, page: Address, access: Access): FaultResult {
  const { pageTable } = mm;
  const pmd = pageTable.pmd(page);
  const middle = Math.floor(page / PMD_SIZE) & 511;
  if (pmd === undefined || (pmd.tables[middle] === undefined && pmd.huge[middle] === 0)) {
    if (hugePageAllowed(mm, vma, page) && faultHugePage(mm, vma, page, access)) return "minor";
  } else if (pmd.huge[middle] !== 0) {
    const entry = pmd.huge[middle]!;
    if (access === "read" || (entry & PTE_WRITE) !== 0) {
      pmd.huge[middle] = entry | PTE_ACCESSED;
      return "minor";
    }
    if (writeProtectedHugePage(mm, vma, page)) return "minor";
  }
  const entry = pageTable.entry(page);
  if (entry === 0) {
    if (vma.file !== null) return faultFilePage(mm, vma, page, access);
    return faultAnonymousPage(mm, vma, page, access);
  }
  if (access === "write" && (entry & PTE_WRITE) === 0) {
    return writeProtectedPage(mm, vma, page, entry);
  }
  pageTable.set(page, entry | PTE_ACCESSED | (access === "write" ? PTE_DIRTY : 0));
  return "minor";
}

/** A first touch of anonymous memory (do_anonymous_page): a read maps the zero page, a write takes a frame. */
function faultAnonymousPage(mm: Mm, vma: Vma, page: Address, access: Access): FaultResult {
  if ((vma.flags & VM_SHARED) !== 0) return "sigbus";
  if (access === "read") {
    mm.pageTable.set(page, zeroPageEntry(mm));
    return "minor";
  }
  prepareAnonVma(vma);
  return mapNewAnonPage(mm, vma, page) < 0 ? "oom" : "minor";
}

/** The entry through which an untouched page reads zeros. */
export function zeroPageEntry(mm: Mm): number {
  return ((mm.kernel.zeroPfn << PTE_PFN_SHIFT) | PTE_SPECIAL | PTE_PRESENT | PTE_ACCESSED) >>> 0;
}

/** Puts a new frame of zeros, exclusive to the process, into the page table; -1 where RAM is used up. */
export function mapNewAnonPage(mm: Mm, vma: Vma, page: Address): Pfn {
  const { memory } = mm.kernel;
  const pfn = memory.allocate();
  if (pfn < 0) return pfn;
  memory.flags[pfn] = PG_ANON | PG_SWAPBACKED | PG_EXCLUSIVE;
  const write = (vma.flags & VM_WRITE) !== 0 ? PTE_WRITE | PTE_DIRTY : 0;
  const present = (vma.flags & VM_ACCESS_FLAGS) !== 0 ? PTE_PRESENT : PTE_PROTNONE;
  mm.pageTable.set(page, ((pfn << PTE_PFN_SHIFT) | present | PTE_ACCESSED | write) >>> 0);
  addMapping(mm, pfn);
  mm.kernel.lru.add(pfn);
  return pfn;
}

/** A write to a page that is there, through an entry that does not allow it (do_wp_page). */
function writeProtectedPage(mm: Mm, vma: Vma, page: Address, entry: number): FaultResult {
  const { memory } = mm.kernel;
  const { pageTable } = mm;
  const pfn = ptePfn(entry);
  const special = (entry & PTE_SPECIAL) !== 0;
  const writable = PTE_WRITE | PTE_DIRTY | PTE_ACCESSED;
  if ((vma.flags & (VM_SHARED | VM_MAYSHARE)) !== 0) {
    const result = dirtySharedPage(mm, vma, page, pfn);
    if (result === "minor") pageTable.set(page, entry | writable);
    return result;
  }
  if (!special && (memory.flags[pfn]! & PG_ANON) !== 0 && canReuseAnon(mm.kernel, pfn)) {
    memory.flags[pfn]! |= PG_EXCLUSIVE;
    pageTable.set(page, entry | writable);
    return "minor";
  }
  // The copy: the old page keeps what it holds (wp_page_copy).
  prepareAnonVma(vma);
  const copy = memory.allocate();
  if (copy < 0) return "oom";
  if (!special) memory.contents.copy(pfn, copy);
  memory.flags[copy] = PG_ANON | PG_SWAPBACKED | PG_EXCLUSIVE;
  const bits = (entry & (PTE_PRESENT | PTE_PROTNONE)) | PTE_ACCESSED | PTE_DIRTY;
  const write = (vma.flags & VM_WRITE) !== 0 ? PTE_WRITE : 0;
  pageTable.set(page, ((copy << PTE_PFN_SHIFT) | bits | write) >>> 0);
  addMapping(mm, copy);
  mm.kernel.lru.add(copy);
  if (!special) removeMapping(mm, pfn);
  mm.mmu.flush(page, page + PAGE_SIZE);
  return "minor";
}
