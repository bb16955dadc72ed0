/** Collects what status, statm, smaps_rollup and pagemap say of a process (fs/proc/task_mmu.c). */
import type { PagemapEntry, RollupInfo, StatusInfo } from "../abi/proc-info.js";
import { PAGE_SIZE } from "../core/units.js";
import type { Address } from "../core/units.js";
import { PAGES_PER_HUGE_PAGE, PTE_HUGE, ptePfn, ptePresent } from "../hardware/x86-64.js";
import type { Mm, Task } from "./model.js";
import { PG_ANON, PG_HUGETLB, PG_ZERO } from "./page-flags.js";
import { SmapsSums, gatherSmaps, smapsFields } from "./proc-maps.js";
import { pageMapcount } from "./rmap.js";

/** KiB in a page. */
const PAGE_KIB = PAGE_SIZE / 1024;

/** The pages of the program's own code (text of statm), of all that is executable. */
function textPages(mm: Mm): number {
  const text = Math.ceil(mm.endCode / PAGE_SIZE) - Math.floor(mm.startCode / PAGE_SIZE);
  return Math.min(text, mm.execPages);
}

function groupPid(task: Task): number {
  return task.parent === null ? task.pid : groupPid(task.parent);
}

/** fs/proc/task_mmu.c: task_mem. */
export function statusInfo(task: Task): StatusInfo {
  const { mm } = task;
  const text = textPages(mm);
  return {
    name: task.name,
    pid: task.pid,
    parentPid: task.parent?.pid ?? 1,
    groupPid: groupPid(task),
    user: task.privileged ? "root" : "unprivileged",
    VmPeak: Math.max(mm.peakTotalPages, mm.totalPages) * PAGE_KIB,
    VmSize: mm.totalPages * PAGE_KIB,
    VmLck: mm.lockedPages * PAGE_KIB,
    VmPin: 0,
    VmHWM: Math.max(mm.peakResidentPages, mm.residentPages) * PAGE_KIB,
    VmRSS: mm.residentPages * PAGE_KIB,
    RssAnon: mm.anonPages * PAGE_KIB,
    RssFile: mm.filePages * PAGE_KIB,
    RssShmem: mm.shmemPages * PAGE_KIB,
    VmData: mm.dataPages * PAGE_KIB,
    VmStk: mm.stackPages * PAGE_KIB,
    VmExe: text * PAGE_KIB,
    VmLib: (mm.execPages - text) * PAGE_KIB,
    VmPTE: mm.pageTable.tableCount * PAGE_KIB,
    VmSwap: mm.swapPages * PAGE_KIB,
    HugetlbPages: mm.hugetlbPages * PAGE_KIB,
  };
}

/** The seven numbers of statm, in pages: size, resident, shared, text, lib, data, dt (proc_pid_statm(5)). */
export function statmPages(task: Task): readonly number[] {
  const { mm } = task;
  return [
    mm.totalPages,
    mm.residentPages,
    mm.filePages + mm.shmemPages,
    textPages(mm),
    0,
    mm.dataPages + mm.stackPages,
    0,
  ];
}

/** fs/proc/task_mmu.c: show_smaps_rollup. */
export function rollupInfo(mm: Mm): RollupInfo {
  const sums = new SmapsSums();
  for (const vma of mm.vmas) gatherSmaps(vma, sums);
  const pss = (scaled: number): number => Math.floor(scaled / (1024 * 4096));
  return {
    start: mm.vmas.first?.start ?? 0,
    end: mm.vmas.last?.end ?? 0,
    fields: smapsFields(sums),
    pssAnon: pss(sums.pssAnon),
    pssFile: pss(sums.pssFile),
    pssShmem: pss(sums.pssShmem),
  };
}

/** One entry of pagemap (fs/proc/task_mmu.c: pte_to_pagemap_entry). Soft-dirty is 0: the measured kernel is built without. */
export function pagemapEntry(mm: Mm, address: Address): PagemapEntry {
  const entry = mm.pageTable.entry(address);
  const { kernel } = mm;
  const present = entry !== 0 && ptePresent(entry);
  if (!present) {
    return { present, pfn: 0, fileOrShared: false, exclusive: false, swapped: false };
  }
  const huge = (entry & PTE_HUGE) !== 0;
  const pfn = ptePfn(entry) + (huge ? Math.floor(address / PAGE_SIZE) % PAGES_PER_HUGE_PAGE : 0);
  const hugetlb = (kernel.memory.flags[ptePfn(entry)]! & PG_HUGETLB) !== 0;
  // What is known of a page of the hugetlb pool stands at its head.
  const known = hugetlb ? ptePfn(entry) : pfn;
  const flags = kernel.memory.flags[known]!;
  const counted = (flags & PG_ZERO) === 0;
  return {
    present,
    // Where in RAM a page is, is told to root alone.
    pfn: mm.task.privileged ? pfn : 0,
    // The huge page of zeros counts as a page of a file, the small one as no page.
    fileOrShared: (counted || huge) && (flags & PG_ANON) === 0,
    exclusive: counted && pageMapcount(kernel, known) === 1,
    swapped: false,
  };
}
