/** Transparent huge pages: mapped whole by one entry of the middle table, or split into entries of 4 KiB (mm/huge_memory.c). */
import type { Address, Pfn } from "../../core/units.js";
import {
  ENTRIES_PER_TABLE,
  PAGES_PER_HUGE_PAGE,
  PMD_SIZE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_HUGE,
  PTE_PFN_SHIFT,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_SPECIAL,
  PTE_WRITE,
  ptePfn,
} from "../../hardware/x86-64.js";
import { PG_ANON, PG_DIRTY, PG_EXCLUSIVE, PG_SWAPBACKED, PG_ZERO } from "../page-flags.js";
import { addHugeMapping, removeHugeMapping } from "../rmap.js";
import { VM_HUGEPAGE, VM_NOHUGEPAGE, VM_WRITE } from "../vm-flags.js";
import { prepareAnonVma } from "./anon-vma.js";
import type { KernelState, Mm, Vma } from "../model.js";

/** Whether a fault at the address may be served with a huge page (thp_vma_allowable_order, TVA_PAGEFAULT). */
export function hugePageAllowed(mm: Mm, vma: Vma, address: Address): boolean {
  const { thp } = mm.kernel.settings;
  if (thp === "never" || !vma.isAnonymous || (vma.flags & VM_NOHUGEPAGE) !== 0) return false;
  if (thp === "madvise" && (vma.flags & VM_HUGEPAGE) === 0) return false;
  const block = address - (address % PMD_SIZE);
  return block >= vma.start && block + PMD_SIZE <= vma.end;
}

/** Serves a first fault with a huge page (do_huge_pmd_anonymous_page); false where a small page has to do. */
export function faultHugePage(
  mm: Mm,
  vma: Vma,
  address: Address,
  access: "read" | "write",
): boolean {
  const { kernel } = mm;
  const block = address - (address % PMD_SIZE);
  prepareAnonVma(vma);
  if (access === "read" && kernel.settings.thpZeroPage) {
    const zero = hugeZeroPage(kernel);
    if (zero < 0) return false;
    mm.pageTable.setHuge(block, entryOf(zero, PTE_PRESENT | PTE_ACCESSED));
    return true;
  }
  return mapNewHugePage(mm, vma, block);
}

function mapNewHugePage(mm: Mm, vma: Vma, block: Address): boolean {
  const head = allocateHugePage(mm.kernel);
  if (head < 0) return false;
  const write = (vma.flags & VM_WRITE) !== 0 ? PTE_WRITE | PTE_DIRTY : 0;
  mm.pageTable.setHuge(block, entryOf(head, PTE_PRESENT | PTE_ACCESSED | write));
  addHugeMapping(mm, head);
  return true;
}

/** A huge page of zeros, anonymous and exclusive; -1 where memory has no 2 MiB in one piece. */
export function allocateHugePage(kernel: KernelState): Pfn {
  const head = kernel.memory.allocateRun(PAGES_PER_HUGE_PAGE);
  if (head < 0) return head;
  kernel.memory.flags.fill(PG_ANON | PG_SWAPBACKED, head, head + PAGES_PER_HUGE_PAGE);
  kernel.memory.flags[head]! |= PG_EXCLUSIVE;
  kernel.folios.create(head, PAGES_PER_HUGE_PAGE);
  kernel.lru.addLarge();
  return head;
}

/** The huge page of zeros (mm_get_huge_zero_folio). */
function hugeZeroPage(kernel: KernelState): Pfn {
  if (kernel.hugeZeroPfn === 0) {
    const head = kernel.memory.allocateRun(PAGES_PER_HUGE_PAGE);
    if (head < 0) return head;
    kernel.memory.flags.fill(PG_ZERO, head, head + PAGES_PER_HUGE_PAGE);
    kernel.hugeZeroPfn = head;
  }
  return kernel.hugeZeroPfn;
}

/**
 * A write to a huge page that is mapped read-only (do_huge_pmd_wp_page): taken over where it is
 * nobody else's; false where it was split, and the page itself has to be served.
 */
export function writeProtectedHugePage(mm: Mm, vma: Vma, address: Address): boolean {
  const { kernel, pageTable } = mm;
  const block = address - (address % PMD_SIZE);
  const entry = pageTable.huge(block);
  const head = ptePfn(entry);
  if ((kernel.memory.flags[head]! & PG_ZERO) !== 0) {
    prepareAnonVma(vma);
    if (mapNewHugePage(mm, vma, block)) {
      mm.mmu.flush(block, block + PMD_SIZE);
      return true;
    }
    splitHugePmd(mm, vma, block);
    return false;
  }
  const folio = kernel.folios.of(head)!;
  if (isCached(kernel, head)) {
    splitHugePmd(mm, vma, block);
    return false;
  }
  if ((kernel.memory.flags[head]! & PG_EXCLUSIVE) !== 0 || folio.largeMapcount === 1) {
    kernel.memory.flags[head]! |= PG_EXCLUSIVE;
    pageTable.setHuge(block, entry | PTE_WRITE | PTE_DIRTY | PTE_ACCESSED);
    return true;
  }
  splitHugePmd(mm, vma, block);
  return false;
}

/**
 * Replaces the entry of a huge page by a table of 512 entries; the folio stays whole. Of a file's huge page the entry
 * only goes: the next touch finds the pages in the cache (__split_huge_pmd_locked).
 */
export function splitHugePmd(mm: Mm, vma: Vma, block: Address): void {
  const { kernel, pageTable } = mm;
  const { memory } = kernel;
  const entry = pageTable.huge(block);
  if (entry === 0) return;
  const head = ptePfn(entry);
  if (isCached(kernel, head)) {
    unmapHugePage(mm, block);
    mm.mmu.flush(block, block + PMD_SIZE);
    return;
  }
  const table = new Uint32Array(ENTRIES_PER_TABLE);
  pageTable.setHuge(block, 0);
  pageTable.setLeaf(pageTable.pmdOrNew(block), (block / PMD_SIZE) & 511, table);
  if ((memory.flags[head]! & PG_ZERO) !== 0) {
    // The rights are the vma's, and not those of the entry that goes (__split_huge_zero_page_pmd).
    const rights = vma.isAccessible ? PTE_PRESENT : PTE_PROTNONE;
    table.fill(entryOf(kernel.zeroPfn, rights | PTE_SPECIAL) & ~PTE_HUGE);
    mm.mmu.flush(block, block + PMD_SIZE);
    return;
  }
  const folio = kernel.folios.of(head)!;
  const bits = entry & 0xff & ~PTE_HUGE;
  if ((entry & PTE_DIRTY) !== 0) memory.flags[head]! |= PG_DIRTY;
  const exclusive = memory.flags[head]! & PG_EXCLUSIVE;
  for (let i = 0; i < ENTRIES_PER_TABLE; i++) {
    table[i] = (((head + i) << PTE_PFN_SHIFT) | bits) >>> 0;
    memory.mapcount[head + i]!++;
    memory.flags[head + i]! |= exclusive;
  }
  folio.addMappings(mm, PAGES_PER_HUGE_PAGE);
  folio.entireMapcount--;
  folio.removeMappings(mm, 1);
  mm.mmu.flush(block, block + PMD_SIZE);
}

/** Splits the huge pages that the new ends of a vma would cut (vma_adjust_trans_huge). */
export function splitHugeAt(vma: Vma, start: Address, end: Address): void {
  for (const at of [start, end]) {
    const block = at - (at % PMD_SIZE);
    if (at === block || block < vma.start || block + PMD_SIZE > vma.end || vma.isHugetlb) continue;
    if (vma.mm.pageTable.huge(block) !== 0) splitHugePmd(vma.mm, vma, block);
  }
}

/** Maps the same huge page in a child, read-only in both (copy_huge_pmd). */
export function shareHugePage(parent: Mm, child: Mm, block: Address): void {
  const { kernel } = parent;
  const entry = parent.pageTable.huge(block);
  const head = ptePfn(entry);
  if ((kernel.memory.flags[head]! & PG_ZERO) === 0) {
    kernel.memory.flags[head]! &= ~PG_EXCLUSIVE;
    addHugeMapping(child, head);
    parent.pageTable.setHuge(block, (entry & ~PTE_WRITE) >>> 0);
  }
  child.pageTable.setHuge(block, (entry & ~(PTE_WRITE | PTE_ACCESSED)) >>> 0);
}

/** Moves the entry of a huge page (move_huge_pmd). */
export function moveHugePage(mm: Mm, move: { readonly from: Address; readonly to: Address }): void {
  const { from, to } = move;
  const entry = mm.pageTable.huge(from);
  const behind = tableBehind(mm.kernel, entry);
  mm.pageTable.setHuge(from, 0, behind);
  mm.pageTable.setHuge(to, entry, behind);
}

export function unmapHugePage(mm: Mm, block: Address): void {
  const entry = mm.pageTable.huge(block);
  const head = ptePfn(entry);
  mm.pageTable.setHuge(block, 0, tableBehind(mm.kernel, entry));
  if ((mm.kernel.memory.flags[head]! & PG_ZERO) === 0) removeHugeMapping(mm, head);
}

/** Whether the huge page is a file's, and not anonymous memory or zeros. */
function isCached(kernel: KernelState, head: Pfn): boolean {
  return (kernel.memory.flags[head]! & (PG_ANON | PG_ZERO)) === 0;
}

/** Only where it may have to be split does the kernel keep a table behind the entry (arch_needs_pgtable_deposit). */
function tableBehind(kernel: KernelState, entry: number): "table" | "nothing" {
  return isCached(kernel, ptePfn(entry)) ? "nothing" : "table";
}

function entryOf(head: Pfn, bits: number): number {
  return ((head << PTE_PFN_SHIFT) | PTE_HUGE | bits) >>> 0;
}
