/** Collects what status, statm, smaps_rollup, pagemap and meminfo say (fs/proc/task_mmu.c, fs/proc/meminfo.c). */
import type { MeminfoInfo, PagemapEntry, RollupInfo, StatusInfo } from "../abi/proc-info.js";
import { PAGE_SIZE } from "../core/units.js";
import type { Address } from "../core/units.js";
import { PAGES_PER_HUGE_PAGE, PTE_HUGE, ptePfn, ptePresent } from "../hardware/x86-64.js";
import { commitLimitPages } from "./mm/accounting.js";
import type { KernelState, Mm, Task } from "./model.js";
import { PG_ANON, PG_ZERO } from "./page-flags.js";
import { SmapsSums, gatherSmaps, smapsFields } from "./proc-maps.js";
import { isPageDirty, pageMapcount } from "./rmap.js";
import { VM_LOCKED } from "./vm-flags.js";

/** KiB in a page. */
const PAGE_KIB = PAGE_SIZE / 1024;

/** The pages of the program's own code (text of statm), of all that is executable. */
function textPages(mm: Mm): number {
  const text = Math.ceil(mm.endCode / PAGE_SIZE) - Math.floor(mm.startCode / PAGE_SIZE);
  return Math.min(text, mm.execPages);
}

/** fs/proc/task_mmu.c: task_mem. */
export function statusInfo(task: Task): StatusInfo {
  const { mm } = task;
  const text = textPages(mm);
  return {
    name: task.name,
    pid: task.pid,
    parentPid: task.parent?.pid ?? 1,
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
  const within = (entry & PTE_HUGE) !== 0 ? (address / PAGE_SIZE) % PAGES_PER_HUGE_PAGE : 0;
  const pfn = ptePfn(entry) + Math.floor(within);
  const flags = kernel.memory.flags[pfn]!;
  const counted = (flags & PG_ZERO) === 0;
  return {
    present,
    pfn,
    fileOrShared: counted && (flags & PG_ANON) === 0,
    exclusive: counted && pageMapcount(kernel, pfn) === 1,
    swapped: false,
  };
}

/** fs/proc/meminfo.c: meminfo_proc_show, as far as the machine has it; the kernel's own memory is page tables alone. */
export function meminfo(kernel: KernelState): MeminfoInfo {
  const { memory, settings } = kernel;
  let anon = 0;
  let mapped = 0;
  let tables = 0;
  let locked = 0;
  let anonHuge = 0;
  for (const mm of kernel.mms) {
    tables += mm.pageTable.tableCount;
    for (const vma of mm.vmas) if ((vma.flags & VM_LOCKED) !== 0) locked += lockedPages(vma);
  }
  for (let pfn = 0; pfn < memory.endPfn; pfn++) {
    if (!memory.isUsed(pfn) || pageMapcount(kernel, pfn) === 0) continue;
    const flags = memory.flags[pfn]!;
    if ((flags & PG_ANON) !== 0) anon++;
    else if ((flags & PG_ZERO) === 0) mapped++;
  }
  for (const folio of kernel.folios) {
    if (folio.entireMapcount > 0 && (memory.flags[folio.head]! & PG_ANON) !== 0) {
      anonHuge += folio.pages;
    }
  }
  let dirty = 0;
  for (const inode of kernel.inodes) {
    if (inode.kind !== "disk") continue;
    for (const pfn of inode.pages.values()) if (isPageDirty(kernel, pfn)) dirty++;
  }
  const free = memory.freeFrames - tables;
  const fileCache = kernel.cachePages - kernel.shmemPages;
  const swap = settings.swapBytes / 1024;
  const kB = (pages: number): number => pages * PAGE_KIB;
  return [
    ["MemTotal", kB(memory.totalFrames), "kB"],
    ["MemFree", kB(free), "kB"],
    ["MemAvailable", kB(free + fileCache), "kB"],
    ["Buffers", 0, "kB"],
    ["Cached", kB(kernel.cachePages), "kB"],
    ["SwapCached", 0, "kB"],
    ["Active", 0, "kB"],
    ["Inactive", kB(anon + kernel.cachePages - locked), "kB"],
    ["Active(anon)", 0, "kB"],
    ["Inactive(anon)", kB(anon + kernel.shmemPages - locked), "kB"],
    ["Active(file)", 0, "kB"],
    ["Inactive(file)", kB(fileCache), "kB"],
    ["Unevictable", kB(locked), "kB"],
    ["Mlocked", kB(locked), "kB"],
    ["SwapTotal", swap, "kB"],
    ["SwapFree", swap, "kB"],
    ["Dirty", kB(dirty), "kB"],
    ["Writeback", 0, "kB"],
    ["AnonPages", kB(anon), "kB"],
    ["Mapped", kB(mapped), "kB"],
    ["Shmem", kB(kernel.shmemPages), "kB"],
    ["PageTables", kB(tables), "kB"],
    ["CommitLimit", kB(commitLimitPages(kernel)), "kB"],
    ["Committed_AS", kB(kernel.committedPages), "kB"],
    ["AnonHugePages", kB(anonHuge), "kB"],
    ["HugePages_Total", settings.hugePages, "pages"],
    ["HugePages_Free", kernel.freeHugePages.length, "pages"],
    ["HugePages_Rsvd", kernel.reservedHugePages, "pages"],
    ["HugePages_Surp", 0, "pages"],
    ["Hugepagesize", 2048, "kB"],
    ["Hugetlb", settings.hugePages * 2048, "kB"],
  ];
}

function lockedPages(vma: Parameters<typeof gatherSmaps>[0]): number {
  const sums = new SmapsSums();
  gatherSmaps(vma, sums);
  return sums.resident / PAGE_SIZE;
}
