/** Collects what meminfo says of the machine (fs/proc/meminfo.c: meminfo_proc_show). */
import type { MeminfoInfo } from "../abi/proc-info.js";
import { PAGE_SIZE } from "../core/units.js";
import { PAGES_PER_HUGE_PAGE, PMD_SIZE } from "../hardware/x86-64.js";
import { commitLimitPages } from "./mm/accounting.js";
import type { KernelState, Vma } from "./model.js";
import { PG_ANON, PG_HUGETLB, PG_SWAPBACKED, PG_ZERO } from "./page-flags.js";
import { SmapsSums, gatherSmaps } from "./proc-maps.js";
import { isPageDirty, pageMapcount } from "./rmap.js";
import { VM_LOCKED } from "./vm-flags.js";

/** KiB in a page. */
const PAGE_KIB = PAGE_SIZE / 1024;
/** KiB of a thread's stack in the kernel (THREAD_SIZE). */
const KERNEL_STACK_KIB = 16;
/** The kernel's own area of addresses, in KiB (VMALLOC_TOTAL). */
const VMALLOC_KIB = 34359738367;

/** What of the machine's memory programs have, in pages. */
interface Usage {
  anon: number;
  mapped: number;
  tables: number;
  locked: number;
  anonHuge: number;
  /** Huge pages of shared memory, and those of them that an entry maps whole (NR_SHMEM_THPS, NR_SHMEM_PMDMAPPED). */
  shmemHuge: number;
  shmemHugeMapped: number;
  dirty: number;
}

function usageOf(kernel: KernelState): Usage {
  const { memory } = kernel;
  const usage: Usage = {
    ...{ anon: 0, mapped: 0, tables: 0, locked: 0, anonHuge: 0, shmemHuge: 0, shmemHugeMapped: 0 },
    dirty: 0,
  };
  for (const mm of kernel.mms) {
    usage.tables += mm.pageTable.tableCount;
    for (const vma of mm.vmas) if ((vma.flags & VM_LOCKED) !== 0) usage.locked += residentOf(vma);
  }
  for (let pfn = 0; pfn < memory.endPfn; pfn++) {
    const flags = memory.flags[pfn]!;
    const isCounted = memory.isUsed(pfn) && (flags & (PG_HUGETLB | PG_ZERO)) === 0;
    if (!isCounted || pageMapcount(kernel, pfn) === 0) continue;
    if ((flags & PG_ANON) !== 0) usage.anon++;
    else usage.mapped++;
  }
  for (const folio of kernel.folios) {
    const flags = memory.flags[folio.head]!;
    const mapped = folio.entireMapcount > 0 ? folio.pages : 0;
    if ((flags & PG_ANON) !== 0) {
      usage.anonHuge += mapped;
    } else if ((flags & PG_SWAPBACKED) !== 0 && folio.pages === PAGES_PER_HUGE_PAGE) {
      usage.shmemHuge += folio.pages;
      usage.shmemHugeMapped += mapped;
    }
  }
  for (const inode of kernel.inodes) {
    if (inode.kind !== "disk") continue;
    for (const pfn of inode.pages.values()) if (isPageDirty(kernel, pfn)) usage.dirty++;
  }
  return usage;
}

function residentOf(vma: Vma): number {
  const sums = new SmapsSums();
  gatherSmaps(vma, sums);
  return sums.resident / PAGE_SIZE;
}

/**
 * Every line of the file in its order. 0 are those of the kernel's own memory and of what is not modelled (Buffers, slabs,
 * Zswap, huge pages of files, Active, Writeback …); VmallocTotal is the architecture's; the direct map is in pages of 2 MiB.
 */
export function meminfo(kernel: KernelState): MeminfoInfo {
  const { memory, settings } = kernel;
  const usage = usageOf(kernel);
  const free = memory.freeFrames - usage.tables;
  const fileCache = kernel.cachePages - kernel.shmemPages;
  const swap = settings.swapBytes / 1024;
  const kB = (name: string, pages: number) => [name, pages * PAGE_KIB, "kB"] as const;
  const none = (...names: string[]) => names.map((name) => [name, 0, "kB"] as const);
  const ramKiB = settings.ramBytes / 1024;
  const directHuge = Math.floor(ramKiB / (PMD_SIZE / 1024)) * (PMD_SIZE / 1024);
  return [
    kB("MemTotal", memory.totalFrames),
    kB("MemFree", free),
    kB("MemAvailable", free + fileCache),
    ...none("Buffers"),
    kB("Cached", kernel.cachePages),
    ...none("SwapCached", "Active"),
    kB("Inactive", usage.anon + kernel.cachePages - usage.locked),
    ...none("Active(anon)"),
    kB("Inactive(anon)", usage.anon + kernel.shmemPages - usage.locked),
    ...none("Active(file)"),
    kB("Inactive(file)", fileCache),
    kB("Unevictable", usage.locked),
    kB("Mlocked", usage.locked),
    ["SwapTotal", swap, "kB"],
    ["SwapFree", swap, "kB"],
    ...none("Zswap", "Zswapped"),
    kB("Dirty", usage.dirty),
    ...none("Writeback"),
    kB("AnonPages", usage.anon),
    kB("Mapped", usage.mapped),
    kB("Shmem", kernel.shmemPages),
    ...none("KReclaimable", "Slab", "SReclaimable", "SUnreclaim"),
    ["KernelStack", kernel.tasks.size * KERNEL_STACK_KIB, "kB"],
    kB("PageTables", usage.tables),
    ...none("SecPageTables", "NFS_Unstable", "Bounce", "WritebackTmp"),
    kB("CommitLimit", commitLimitPages(kernel)),
    kB("Committed_AS", kernel.committedPages),
    ["VmallocTotal", VMALLOC_KIB, "kB"],
    ...none("VmallocUsed", "VmallocChunk", "Percpu"),
    kB("AnonHugePages", usage.anonHuge),
    kB("ShmemHugePages", usage.shmemHuge),
    kB("ShmemPmdMapped", usage.shmemHugeMapped),
    ...none("FileHugePages", "FilePmdMapped", "Balloon"),
    ["HugePages_Total", settings.hugePages, "pages"],
    ["HugePages_Free", kernel.freeHugePages.length, "pages"],
    ["HugePages_Rsvd", kernel.reservedHugePages, "pages"],
    ["HugePages_Surp", 0, "pages"],
    ["Hugepagesize", PMD_SIZE / 1024, "kB"],
    ["Hugetlb", (settings.hugePages * PMD_SIZE) / 1024, "kB"],
    ["DirectMap4k", ramKiB - directHuge, "kB"],
    ["DirectMap2M", directHuge, "kB"],
    ["DirectMap1G", 0, "kB"],
  ];
}
