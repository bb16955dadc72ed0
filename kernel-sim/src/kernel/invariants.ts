/**
 * Checks the machine's books against each other: vmas sorted and apart, counts of mappings equal to
 * the page tables, every frame used once and none lost. A difference is a bug of the simulator.
 */
import { invariant } from "../core/errors.js";
import { PAGE_SIZE, hex } from "../core/units.js";
import type { Pfn } from "../core/units.js";
import {
  PAGES_PER_HUGE_PAGE,
  PMD_SIZE,
  PTE_SPECIAL,
  PTE_WRITE,
  ptePfn,
} from "../hardware/x86-64.js";
import { isDataMapping } from "./mm/accounting.js";
import type { KernelState, Mm, Vma } from "./model.js";
import {
  PG_ANON,
  PG_CACHE,
  PG_EXCLUSIVE,
  PG_HUGETLB,
  PG_SWAPBACKED,
  PG_ZERO,
} from "./page-flags.js";
import { VM_ACCOUNT, VM_LOCKED, VM_SHARED } from "./vm-flags.js";

const USER_SPACE_END = 0x8000_0000_0000;

/** How often the page tables map each frame: by entries of its own, and with the whole of a huge page. */
interface Mappings {
  readonly pages: Map<Pfn, number>;
  readonly huge: Map<Pfn, number>;
}

/** Throws InvariantError at the first thing that is wrong. */
export function checkInvariants(kernel: KernelState): void {
  const mappings: Mappings = { pages: new Map(), huge: new Map() };
  let committed = 0;
  for (const mm of kernel.mms) {
    mm.vmas.check();
    checkCounts(mm);
    checkPageTable(mm, mappings);
    for (const vma of mm.vmas) if ((vma.flags & VM_ACCOUNT) !== 0) committed += vma.pages;
  }
  for (const inode of kernel.inodes) committed += inode.accountedPages;
  invariant(
    committed === kernel.committedPages,
    `${kernel.committedPages} pages are committed, the vmas add up to ${committed}`,
  );
  checkMappings(kernel, mappings);
  checkFrames(kernel);
}

function checkCounts(mm: Mm): void {
  let total = 0;
  let locked = 0;
  let data = 0;
  for (const vma of mm.vmas) {
    total += vma.pages;
    if ((vma.flags & VM_LOCKED) !== 0) locked += vma.pages;
    if (isDataMapping(vma.flags)) data += vma.pages;
    invariant(
      vma.start % PAGE_SIZE === 0 && vma.end % PAGE_SIZE === 0,
      `the vma at ${hex(vma.start)} does not lie on pages`,
    );
    invariant(
      vma.file === null || vma.file.inode.vmas.has(vma),
      `the file of the vma at ${hex(vma.start)} does not know it`,
    );
  }
  invariant(total === mm.totalPages, `total_vm is ${mm.totalPages}, the vmas are ${total} pages`);
  invariant(locked === mm.lockedPages, `locked_vm is ${mm.lockedPages}, the vmas say ${locked}`);
  invariant(data === mm.dataPages, `data_vm is ${mm.dataPages}, the vmas say ${data}`);
}

function checkPageTable(mm: Mm, mappings: Mappings): void {
  const { pageTable, kernel } = mm;
  const { flags } = kernel.memory;
  let anon = 0;
  let file = 0;
  let shmem = 0;
  const count = (pfn: Pfn, pages: number): void => {
    if ((flags[pfn]! & PG_HUGETLB) !== 0) return;
    if ((flags[pfn]! & PG_ANON) !== 0) anon += pages;
    else if ((flags[pfn]! & PG_SWAPBACKED) !== 0) shmem += pages;
    else file += pages;
  };
  for (let at = pageTable.nextPopulated(0, USER_SPACE_END); at < USER_SPACE_END;) {
    const block = at - (at % PMD_SIZE);
    const huge = pageTable.huge(block);
    if (huge !== 0) {
      const head = ptePfn(huge);
      inVma(mm, block);
      if ((flags[head]! & PG_ZERO) === 0) {
        mappings.huge.set(head, (mappings.huge.get(head) ?? 0) + 1);
        count(head, PAGES_PER_HUGE_PAGE);
      }
    }
    const table = pageTable.leaf(block);
    invariant(huge === 0 || table === undefined, `a table and a huge page at ${hex(block)}`);
    for (let i = 0; table !== undefined && i < table.length; i++) {
      const entry = table[i]!;
      if (entry === 0) continue;
      const vma = inVma(mm, block + i * PAGE_SIZE);
      if ((entry & PTE_SPECIAL) !== 0) continue;
      const pfn = ptePfn(entry);
      mappings.pages.set(pfn, (mappings.pages.get(pfn) ?? 0) + 1);
      count(pfn, 1);
      invariant(
        (entry & PTE_WRITE) === 0 ||
          (vma.flags & VM_SHARED) !== 0 ||
          (flags[pfn]! & (PG_ANON | PG_EXCLUSIVE)) === (PG_ANON | PG_EXCLUSIVE),
        `the private page at ${hex(block + i * PAGE_SIZE)} may be written and is not its own`,
      );
    }
    at = pageTable.nextPopulated(block + PMD_SIZE, USER_SPACE_END);
  }
  invariant(anon === mm.anonPages, `MM_ANONPAGES is ${mm.anonPages}, the page table has ${anon}`);
  invariant(file === mm.filePages, `MM_FILEPAGES is ${mm.filePages}, the page table has ${file}`);
  invariant(
    shmem === mm.shmemPages,
    `MM_SHMEMPAGES is ${mm.shmemPages}, the page table has ${shmem}`,
  );
}

function inVma(mm: Mm, address: number): Vma {
  const vma = mm.vmas.at(address);
  invariant(vma !== null, `the page table has an entry at ${hex(address)}, where no vma is`);
  return vma;
}

function checkMappings(kernel: KernelState, mappings: Mappings): void {
  const { memory, folios } = kernel;
  for (let pfn = 0; pfn < memory.endPfn; pfn++) {
    const hugetlb = (memory.flags[pfn]! & PG_HUGETLB) !== 0;
    const found = (hugetlb ? mappings.huge : mappings.pages).get(pfn) ?? 0;
    invariant(
      memory.mapcount[pfn] === found,
      `frame ${pfn} has a mapcount of ${memory.mapcount[pfn]}, the page tables map it ${found} times`,
    );
  }
  for (const folio of folios) {
    const whole = mappings.huge.get(folio.head) ?? 0;
    let all = whole;
    for (let i = 0; i < folio.pages; i++) all += mappings.pages.get(folio.head + i) ?? 0;
    invariant(folio.entireMapcount === whole, `the folio at frame ${folio.head}: entire mapcount`);
    invariant(folio.largeMapcount === all, `the folio at frame ${folio.head}: large mapcount`);
  }
}

/** Every frame in use has one user, and every user's frame is in use. */
function checkFrames(kernel: KernelState): void {
  const { memory, folios } = kernel;
  const inCache = new Set<Pfn>();
  let cached = 0;
  let shmem = 0;
  for (const inode of kernel.inodes) {
    for (const pfn of inode.pages.values()) {
      invariant(!inCache.has(pfn), `frame ${pfn} is in two page caches`);
      invariant((memory.flags[pfn]! & PG_CACHE) !== 0, `frame ${pfn} is cached and not marked so`);
      inCache.add(pfn);
      if (inode.kind !== "hugetlb") cached++;
      if (inode.kind === "shmem") shmem++;
    }
  }
  invariant(cached === kernel.cachePages, `the page cache has ${cached} pages`);
  invariant(shmem === kernel.shmemPages, `shmem has ${shmem} pages`);
  let used = 0;
  for (let pfn = 0; pfn < memory.endPfn; pfn++) {
    if (!memory.isUsed(pfn)) continue;
    used++;
    const flags = memory.flags[pfn]!;
    const held =
      (flags & (PG_ZERO | PG_HUGETLB)) !== 0 ||
      inCache.has(pfn) ||
      memory.mapcount[pfn]! > 0 ||
      (folios.of(pfn)?.largeMapcount ?? 0) > 0 ||
      isTailOfHugetlb(kernel, pfn);
    invariant(held, `frame ${pfn} is in use and nobody has it`);
  }
  invariant(
    used === memory.usedFrames,
    `${memory.usedFrames} frames are counted, ${used} are used`,
  );
}

function isTailOfHugetlb(kernel: KernelState, pfn: Pfn): boolean {
  const head = pfn - (pfn % PAGES_PER_HUGE_PAGE);
  return (kernel.memory.flags[head]! & PG_HUGETLB) !== 0;
}
