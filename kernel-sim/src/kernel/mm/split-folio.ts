/**
 * Splits an anonymous huge page into single pages (mm/huge_memory.c: split_folio). A page of it that
 * holds only zeros is given back, and the zero page mapped in its place
 * (mm/migrate.c: try_to_map_unused_to_zeropage).
 */
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import {
  ENTRIES_PER_TABLE,
  PMD_SIZE,
  PTE_DIRTY,
  PTE_PFN_SHIFT,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_SPECIAL,
  PTE_ACCESSED,
  ptePfn,
  ptePresent,
} from "../../hardware/x86-64.js";
import type { LargeFolio } from "../large-folio.js";
import { PG_DIRTY, PG_LRU, PG_SWAPBACKED } from "../page-flags.js";
import { removeMapping } from "../rmap.js";
import { VM_LOCKED } from "../vm-flags.js";
import { splitHugePmd } from "./huge-page.js";
import type { Mm, Vma } from "../model.js";

/** `at` is an address where the folio is mapped; it belongs to this address space alone. */
export function splitAnonFolio(mm: Mm, vma: Vma, folio: LargeFolio, at: Address): void {
  const { kernel, pageTable } = mm;
  const { memory } = kernel;
  const block = at - (at % PMD_SIZE);
  if (pageTable.huge(block) !== 0) splitHugePmd(mm, vma, block);
  const mapped = findEntries(mm, folio, at);
  const first = folio.head;
  const dirty =
    (memory.flags[first]! & PG_DIRTY) !== 0 ||
    mapped.some(({ entry }) => (entry & PTE_DIRTY) !== 0);
  const swapbacked = memory.flags[first]! & PG_SWAPBACKED;
  kernel.folios.dissolve(folio);
  for (let pfn = first; pfn < first + folio.pages; pfn++) {
    memory.flags[pfn] =
      (memory.flags[pfn]! & ~(PG_DIRTY | PG_SWAPBACKED)) |
      (dirty ? PG_DIRTY : 0) |
      swapbacked |
      PG_LRU;
    if (memory.mapcount[pfn] === 0) memory.free(pfn);
  }
  for (const { table, index, entry, address } of mapped) {
    const pfn = ptePfn(entry);
    const owner = mm.vmas.at(address) ?? vma;
    if ((owner.flags & VM_LOCKED) !== 0 || !isZeros(mm, pfn)) continue;
    const present = entry & (PTE_PRESENT | PTE_PROTNONE);
    table[index] = ((kernel.zeroPfn << PTE_PFN_SHIFT) | PTE_SPECIAL | present | PTE_ACCESSED) >>> 0;
    removeMapping(mm, pfn);
  }
  mm.mmu.flushAll();
}

function isZeros(mm: Mm, pfn: number): boolean {
  const { contents } = mm.kernel.memory;
  const code = contents.code[pfn]!;
  if (code <= 0) return code === 0;
  return contents.read(pfn, 0, PAGE_SIZE).every((byte) => byte === 0);
}

interface FoundEntry {
  readonly table: Uint32Array;
  readonly index: number;
  readonly entry: number;
  readonly address: Address;
}

/** The entries that map pages of the folio: where they were put first, and if some were moved, everywhere. */
function findEntries(mm: Mm, folio: LargeFolio, at: Address): FoundEntry[] {
  const near = entriesIn(mm, folio, Math.max(0, at - PMD_SIZE), at + PMD_SIZE);
  return near.length === folio.largeMapcount ? near : entriesIn(mm, folio, 0, 0x8000_0000_0000);
}

function entriesIn(mm: Mm, folio: LargeFolio, start: Address, end: Address): FoundEntry[] {
  const found: FoundEntry[] = [];
  const { pageTable } = mm;
  for (let at = pageTable.nextPopulated(start, end); at < end;) {
    const block = at - (at % PMD_SIZE);
    const table = pageTable.leaf(block);
    if (table !== undefined) {
      for (let index = 0; index < ENTRIES_PER_TABLE; index++) {
        const entry = table[index]!;
        if (entry === 0 || (entry & PTE_SPECIAL) !== 0 || !ptePresent(entry)) continue;
        const pfn = ptePfn(entry);
        if (pfn < folio.head || pfn >= folio.head + folio.pages) continue;
        found.push({ table, index, entry, address: block + index * PAGE_SIZE });
      }
    }
    at = pageTable.nextPopulated(block + PMD_SIZE, end);
  }
  return found;
}
