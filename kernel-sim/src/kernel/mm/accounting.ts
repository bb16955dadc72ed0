/** Which of a process's figures a vma counts in, and what limits a new one (mm/mmap.c, mm/util.c). */
import { PAGE_SIZE } from "../../core/units.js";
import {
  VM_EXEC,
  VM_GROWSDOWN,
  VM_LOCKED,
  VM_NORESERVE,
  VM_SHARED,
  VM_WRITE,
} from "../vm-flags.js";
import type { KernelState, Mm } from "../model.js";

export function isDataMapping(flags: number): boolean {
  return (flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) === VM_WRITE;
}

function isExecMapping(flags: number): boolean {
  return (flags & (VM_EXEC | VM_WRITE | VM_GROWSDOWN)) === VM_EXEC;
}

function isStackMapping(flags: number): boolean {
  return (flags & VM_GROWSDOWN) === VM_GROWSDOWN;
}

/** Adds `pages` (negative: takes away) to the figures (vm_stat_account). */
export function accountPages(mm: Mm, flags: number, pages: number): void {
  if (mm.totalPages > mm.peakTotalPages) mm.peakTotalPages = mm.totalPages;
  mm.totalPages += pages;
  if (mm.totalPages > mm.peakTotalPages) mm.peakTotalPages = mm.totalPages;
  if (isExecMapping(flags)) mm.execPages += pages;
  else if (isStackMapping(flags)) mm.stackPages += pages;
  else if (isDataMapping(flags)) mm.dataPages += pages;
}

/** Whether RLIMIT_AS and RLIMIT_DATA allow `pages` more (may_expand_vm). */
export function mayExpand(mm: Mm, flags: number, pages: number): boolean {
  const { limits } = mm.task;
  if (mm.totalPages + pages > Math.floor(limits.as.soft / PAGE_SIZE)) return false;
  return !(isDataMapping(flags) && mm.dataPages + pages > Math.floor(limits.data.soft / PAGE_SIZE));
}

/** Whether a mapping counts towards the commit limit (mm/vma.c: accountable_mapping). */
export function isAccountable(flags: number, isHugetlb: "hugetlb" | "other"): boolean {
  if (isHugetlb === "hugetlb") return false;
  return (flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) === VM_WRITE;
}

/** CommitLimit of meminfo, in pages (mm/util.c: vm_commit_limit). */
export function commitLimitPages(kernel: KernelState): number {
  const { settings, memory } = kernel;
  const ram = memory.totalFrames - settings.hugePages * 512;
  const ofRam = settings.overcommitPages || Math.floor((ram * settings.overcommitRatio) / 100);
  return ofRam + settings.swapBytes / PAGE_SIZE;
}

/** vm.admin_reserve_kbytes (8 MiB) and the most of vm.user_reserve_kbytes (128 MiB), in pages. */
const ADMIN_RESERVE_PAGES = 2048;
const USER_RESERVE_PAGES = 32768;

/** Promises `pages` to the process if the overcommit mode allows it (mm/util.c: __vm_enough_memory). */
export function commitPages(mm: Mm, pages: number): boolean {
  const { kernel } = mm;
  const { settings, memory } = kernel;
  if (settings.overcommitMemory === 0) {
    if (pages > memory.totalFrames + settings.swapBytes / PAGE_SIZE) return false;
  } else if (settings.overcommitMemory === 2) {
    let allowed = commitLimitPages(kernel);
    if (!mm.task.privileged) allowed -= ADMIN_RESERVE_PAGES;
    allowed -= Math.min(Math.floor(mm.totalPages / 32), USER_RESERVE_PAGES);
    if (kernel.committedPages + pages >= allowed) return false;
  }
  kernel.committedPages += pages;
  return true;
}

export function uncommitPages(kernel: KernelState, pages: number): void {
  kernel.committedPages -= pages;
}

/** Whether the process may lock `pages` more, all told (mm/mlock.c: can_do_mlock, mlock_future_ok). */
export function mayLock(mm: Mm, flags: number, pages: number): boolean {
  if ((flags & VM_LOCKED) === 0 || mm.task.privileged) return true;
  return mm.lockedPages + pages <= Math.floor(mm.task.limits.memlock.soft / PAGE_SIZE);
}
