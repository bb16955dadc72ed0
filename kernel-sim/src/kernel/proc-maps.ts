/** Collects what maps and smaps say of a process (fs/proc/task_mmu.c). */
import type { MapsEntry, SmapsEntry, SmapsFields } from "../abi/proc-info.js";
import { PAGE_SIZE } from "../core/units.js";
import {
  PAGES_PER_HUGE_PAGE,
  PMD_SIZE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_SPECIAL,
  ptePfn,
  ptePresent,
} from "../hardware/x86-64.js";
import { PG_ANON, PG_DIRTY, PG_REFERENCED, PG_SWAPBACKED, PG_ZERO } from "./page-flags.js";
import { headOf, pageMapcount } from "./rmap.js";
import {
  VM_EXEC,
  VM_FLAG_MNEMONICS,
  VM_HUGEPAGE,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_NOHUGEPAGE,
  VM_READ,
  VM_WRITE,
} from "./vm-flags.js";
import type { Mm, Vma } from "./model.js";

/** Pss is added up in bytes times 2^12, so that a third of a page is not lost (PSS_SHIFT). */
const PSS_SCALE = 4096;

export function mapsEntry(vma: Vma): MapsEntry {
  const { mm, flags, file } = vma;
  const perms =
    ((flags & VM_READ) !== 0 ? "r" : "-") +
    ((flags & VM_WRITE) !== 0 ? "w" : "-") +
    ((flags & VM_EXEC) !== 0 ? "x" : "-") +
    ((flags & VM_MAYSHARE) !== 0 ? "s" : "p");
  let { name } = vma;
  if (file !== null) name = file.path;
  else if (name === "" && vma.start < mm.brk && vma.end > mm.startBrk) name = "[heap]";
  else if (name === "" && vma.start <= mm.startStack && vma.end >= mm.startStack) name = "[stack]";
  return {
    start: vma.start,
    end: vma.end,
    perms,
    offset: file === null ? 0 : vma.pgoff * PAGE_SIZE,
    device: file === null ? "00:00" : file.inode.device,
    inode: file === null ? 0 : file.inode.number,
    name,
  };
}

/** Sums over pages, Pss scaled, all in bytes (struct mem_size_stats). */
export class SmapsSums {
  resident = 0;
  pss = 0;
  pssDirty = 0;
  pssAnon = 0;
  pssFile = 0;
  pssShmem = 0;
  pssLocked = 0;
  sharedClean = 0;
  sharedDirty = 0;
  privateClean = 0;
  privateDirty = 0;
  referenced = 0;
  anonymous = 0;
  lazyFree = 0;
  anonHuge = 0;
  shmemHuge = 0;
  sharedHugetlb = 0;
  privateHugetlb = 0;
}

/** Adds the pages of a vma to the sums (smap_gather_stats). */
export function gatherSmaps(vma: Vma, sums: SmapsSums): void {
  const { mm } = vma;
  const { pageTable } = mm;
  const locked = (vma.flags & VM_LOCKED) !== 0;
  for (let at = pageTable.nextPopulated(vma.start, vma.end); at < vma.end;) {
    const block = at - (at % PMD_SIZE);
    const to = Math.min(vma.end, block + PMD_SIZE);
    const huge = pageTable.huge(at);
    if (huge !== 0) {
      if (vma.isHugetlb) addHugetlbPage(mm, huge, sums);
      else addHugePage(mm, huge, locked, sums);
    } else {
      const table = pageTable.leaf(at)!;
      for (let i = (at - block) / PAGE_SIZE; i < (to - block) / PAGE_SIZE; i++) {
        const entry = table[i]!;
        if (entry !== 0 && (entry & PTE_SPECIAL) === 0 && ptePresent(entry)) {
          addPage(mm, ptePfn(entry), entry, locked, sums);
        }
      }
    }
    at = pageTable.nextPopulated(to, vma.end);
  }
}

function addHugetlbPage(mm: Mm, entry: number, sums: SmapsSums): void {
  if (mm.kernel.memory.mapcount[ptePfn(entry)]! > 1) sums.sharedHugetlb += PMD_SIZE;
  else sums.privateHugetlb += PMD_SIZE;
}

function addHugePage(mm: Mm, entry: number, locked: boolean, sums: SmapsSums): void {
  const head = ptePfn(entry);
  if ((mm.kernel.memory.flags[head]! & PG_ZERO) !== 0) return;
  if ((mm.kernel.memory.flags[head]! & PG_ANON) !== 0) sums.anonHuge += PMD_SIZE;
  else sums.shmemHuge += PMD_SIZE;
  for (let i = 0; i < PAGES_PER_HUGE_PAGE; i++) addPage(mm, head + i, entry, locked, sums);
}

/** One resident page (smaps_account, smaps_page_accumulate). */
function addPage(mm: Mm, pfn: number, entry: number, locked: boolean, sums: SmapsSums): void {
  const { kernel } = mm;
  const folioFlags = kernel.memory.flags[headOf(kernel, pfn)]!;
  const dirty = (entry & PTE_DIRTY) !== 0 || (folioFlags & PG_DIRTY) !== 0;
  if ((folioFlags & PG_ANON) !== 0) {
    sums.anonymous += PAGE_SIZE;
    if ((folioFlags & PG_SWAPBACKED) === 0 && !dirty) sums.lazyFree += PAGE_SIZE;
  }
  sums.resident += PAGE_SIZE;
  const referenced = (entry & PTE_ACCESSED) !== 0 || (folioFlags & PG_REFERENCED) !== 0;
  if (referenced) sums.referenced += PAGE_SIZE;
  const mapcount = pageMapcount(kernel, pfn);
  let pss = PAGE_SIZE * PSS_SCALE;
  if (mapcount >= 2) pss = Math.floor(pss / mapcount);
  sums.pss += pss;
  if ((folioFlags & PG_ANON) !== 0) sums.pssAnon += pss;
  else if ((folioFlags & PG_SWAPBACKED) !== 0) sums.pssShmem += pss;
  else sums.pssFile += pss;
  if (locked) sums.pssLocked += pss;
  if (dirty) {
    sums.pssDirty += pss;
    if (mapcount >= 2) sums.sharedDirty += PAGE_SIZE;
    else sums.privateDirty += PAGE_SIZE;
  } else if (mapcount >= 2) sums.sharedClean += PAGE_SIZE;
  else sums.privateClean += PAGE_SIZE;
}

/** The sums in kB, rounded down as the kernel prints them. */
export function smapsFields(
  sums: SmapsSums,
): Omit<SmapsFields, "Size" | "KernelPageSize" | "MMUPageSize"> {
  const kB = (bytes: number): number => Math.floor(bytes / 1024);
  const pssKB = (scaled: number): number => Math.floor(scaled / (1024 * PSS_SCALE));
  return {
    Rss: kB(sums.resident),
    Pss: pssKB(sums.pss),
    Pss_Dirty: pssKB(sums.pssDirty),
    Shared_Clean: kB(sums.sharedClean),
    Shared_Dirty: kB(sums.sharedDirty),
    Private_Clean: kB(sums.privateClean),
    Private_Dirty: kB(sums.privateDirty),
    Referenced: kB(sums.referenced),
    Anonymous: kB(sums.anonymous),
    KSM: 0,
    LazyFree: kB(sums.lazyFree),
    AnonHugePages: kB(sums.anonHuge),
    ShmemPmdMapped: kB(sums.shmemHuge),
    FilePmdMapped: 0,
    Shared_Hugetlb: kB(sums.sharedHugetlb),
    Private_Hugetlb: kB(sums.privateHugetlb),
    Swap: 0,
    SwapPss: 0,
    Locked: pssKB(sums.pssLocked),
  };
}

export function smapsEntry(vma: Vma): SmapsEntry {
  const sums = new SmapsSums();
  // Longer than a disk reads (kernel.reading).
  vma.mm.kernel.reading.finish();
  gatherSmaps(vma, sums);
  const pageKB = vma.isHugetlb ? PMD_SIZE / 1024 : PAGE_SIZE / 1024;
  return {
    ...mapsEntry(vma),
    fields: {
      Size: (vma.end - vma.start) / 1024,
      KernelPageSize: pageKB,
      MMUPageSize: pageKB,
      ...smapsFields(sums),
    },
    thpEligible: isThpEligible(vma) ? 1 : 0,
    vmFlags: VM_FLAG_MNEMONICS.filter(([bit]) => (vma.flags & bit) !== 0).map(([, name]) => name),
  };
}

/** Whether a huge page fits and is allowed somewhere in the vma (thp_vma_allowable_orders, TVA_SMAPS). */
function isThpEligible(vma: Vma): boolean {
  const { thp } = vma.mm.kernel.settings;
  if (!vma.isAnonymous || (vma.flags & VM_NOHUGEPAGE) !== 0 || thp === "never") return false;
  if (thp === "madvise" && (vma.flags & VM_HUGEPAGE) === 0) return false;
  const first = Math.ceil(vma.start / PMD_SIZE) * PMD_SIZE;
  return first + PMD_SIZE <= vma.end;
}
