/**
 * A page table of four levels, as x86-64 walks it. The lowest level (PTE) is a typed array of 512
 * entries; an entry of the level above (PMD) is a table, a huge page, or nothing.
 *
 *   47      39 38      30 29      21 20      12 11        0
 *  |   pgd    |   pud    |   pmd    |   pte    |  offset   |
 */
import type { Address } from "../core/units.js";
import { ENTRIES_PER_TABLE } from "./x86-64.js";

/** A table of the lowest level. */
export type PteTable = Uint32Array;

/** A table of the second level: lower tables, and the entries that are huge pages themselves. */
export class PmdTable {
  readonly tables: (PteTable | undefined)[] = new Array<PteTable | undefined>(
    ENTRIES_PER_TABLE,
  ).fill(undefined);
  /** Entries that map 2 MiB at once; 0 elsewhere. */
  readonly huge: Uint32Array = new Uint32Array(ENTRIES_PER_TABLE);
  /** Entries in use, of either kind. */
  count = 0;
}

class PudTable {
  readonly tables: (PmdTable | undefined)[] = new Array<PmdTable | undefined>(
    ENTRIES_PER_TABLE,
  ).fill(undefined);
  count = 0;
}

const PMD_SHIFT_FACTOR = 2 ** 21;
const PUD_SHIFT_FACTOR = 2 ** 30;
const PGD_SHIFT_FACTOR = 2 ** 39;

export class PageTable {
  readonly #pgd: (PudTable | undefined)[] = new Array<PudTable | undefined>(
    ENTRIES_PER_TABLE / 2,
  ).fill(undefined);
  /** Tables in use below the top one, each a frame. */
  tableCount = 0;

  /** The PMD table that covers `address`, or undefined where there is none. */
  pmd(address: Address): PmdTable | undefined {
    const pud = this.#pgd[Math.floor(address / PGD_SHIFT_FACTOR)];
    return pud?.tables[Math.floor(address / PUD_SHIFT_FACTOR) & 511];
  }

  /** The PMD table that covers `address`, made where there is none. */
  pmdOrNew(address: Address): PmdTable {
    const top = Math.floor(address / PGD_SHIFT_FACTOR);
    let pud = this.#pgd[top];
    if (pud === undefined) {
      pud = new PudTable();
      this.#pgd[top] = pud;
      this.tableCount++;
    }
    const index = Math.floor(address / PUD_SHIFT_FACTOR) & 511;
    let pmd = pud.tables[index];
    if (pmd === undefined) {
      pmd = new PmdTable();
      pud.tables[index] = pmd;
      pud.count++;
      this.tableCount++;
    }
    return pmd;
  }

  /** The lowest table that covers `address`; undefined where there is none or a huge page instead. */
  leaf(address: Address): PteTable | undefined {
    return this.pmd(address)?.tables[Math.floor(address / PMD_SHIFT_FACTOR) & 511];
  }

  leafOrNew(address: Address): PteTable {
    const pmd = this.pmdOrNew(address);
    const index = Math.floor(address / PMD_SHIFT_FACTOR) & 511;
    let leaf = pmd.tables[index];
    if (leaf === undefined) {
      leaf = new Uint32Array(ENTRIES_PER_TABLE);
      this.setLeaf(pmd, index, leaf);
    }
    return leaf;
  }

  /** The entry of a huge page that covers `address`, 0 where there is none. */
  huge(address: Address): number {
    const pmd = this.pmd(address);
    return pmd === undefined ? 0 : pmd.huge[Math.floor(address / PMD_SHIFT_FACTOR) & 511]!;
  }

  /**
   * Sets the entry of a huge page. Behind each but those of the hugetlb pool the kernel keeps a table of the lowest level, for
   * when it is split (pgtable_trans_huge_deposit).
   */
  setHuge(address: Address, entry: number, behind: "table" | "nothing" = "table"): void {
    const pmd = entry === 0 ? this.pmd(address) : this.pmdOrNew(address);
    if (pmd === undefined) return;
    const index = Math.floor(address / PMD_SHIFT_FACTOR) & 511;
    if ((pmd.huge[index] === 0) !== (entry === 0)) {
      const change = entry === 0 ? -1 : 1;
      pmd.count += change;
      if (behind === "table") this.tableCount += change;
    }
    pmd.huge[index] = entry;
  }

  setLeaf(pmd: PmdTable, index: number, leaf: PteTable | undefined): void {
    if ((pmd.tables[index] === undefined) !== (leaf === undefined)) {
      const change = leaf === undefined ? -1 : 1;
      pmd.count += change;
      this.tableCount += change;
    }
    pmd.tables[index] = leaf;
  }

  /** The entry of the page at `address`, 0 where nothing is there; a huge page's own entry where one covers it. */
  entry(address: Address): number {
    const pmd = this.pmd(address);
    if (pmd === undefined) return 0;
    const index = Math.floor(address / PMD_SHIFT_FACTOR) & 511;
    const huge = pmd.huge[index]!;
    if (huge !== 0) return huge;
    const leaf = pmd.tables[index];
    return leaf === undefined ? 0 : leaf[Math.floor(address / 4096) & 511]!;
  }

  set(address: Address, entry: number): void {
    this.leafOrNew(address)[Math.floor(address / 4096) & 511] = entry;
  }

  /**
   * The first address from `address` on, below `end`, whose 2 MiB have a lower table or a huge page;
   * `end` where there is none. It skips whole absent tables, so a walk costs what is there.
   */
  nextPopulated(address: Address, end: Address): Address {
    let at = address;
    while (at < end) {
      const pud = this.#pgd[Math.floor(at / PGD_SHIFT_FACTOR)];
      if (pud === undefined) {
        at = (Math.floor(at / PGD_SHIFT_FACTOR) + 1) * PGD_SHIFT_FACTOR;
        continue;
      }
      const pmd = pud.tables[Math.floor(at / PUD_SHIFT_FACTOR) & 511];
      if (pmd === undefined || pmd.count === 0) {
        at = (Math.floor(at / PUD_SHIFT_FACTOR) + 1) * PUD_SHIFT_FACTOR;
        continue;
      }
      const index = Math.floor(at / PMD_SHIFT_FACTOR) & 511;
      if (pmd.tables[index] !== undefined || pmd.huge[index] !== 0) return at;
      at = (Math.floor(at / PMD_SHIFT_FACTOR) + 1) * PMD_SHIFT_FACTOR;
    }
    return end;
  }

  /**
   * Frees the tables that lie wholly inside [floor, ceiling) and cover some of [start, end);
   * a ceiling of 0 means the end of the address space (mm/memory.c: free_pgd_range).
   */
  freeTables(start: Address, end: Address, floor: Address, ceiling: Address): void {
    const top = ceiling === 0 ? Infinity : ceiling;
    const inside = (from: Address, size: number): boolean => from >= floor && from + size <= top;
    for (
      let pudStart = Math.floor(start / PUD_SHIFT_FACTOR) * PUD_SHIFT_FACTOR;
      pudStart < end;
      pudStart += PUD_SHIFT_FACTOR
    ) {
      const pud = this.#pgd[Math.floor(pudStart / PGD_SHIFT_FACTOR)];
      if (pud === undefined) {
        pudStart =
          (Math.floor(pudStart / PGD_SHIFT_FACTOR) + 1) * PGD_SHIFT_FACTOR - PUD_SHIFT_FACTOR;
        continue;
      }
      const pudIndex = Math.floor(pudStart / PUD_SHIFT_FACTOR) & 511;
      const pmd = pud.tables[pudIndex];
      if (pmd === undefined) continue;
      const from = Math.max(pudStart, Math.floor(start / PMD_SHIFT_FACTOR) * PMD_SHIFT_FACTOR);
      const to = Math.min(end, pudStart + PUD_SHIFT_FACTOR);
      for (let at = from; at < to; at += PMD_SHIFT_FACTOR) {
        const index = Math.floor(at / PMD_SHIFT_FACTOR) & 511;
        if (pmd.tables[index] !== undefined && inside(at, PMD_SHIFT_FACTOR)) {
          this.setLeaf(pmd, index, undefined);
        }
      }
      if (pmd.count === 0 && inside(pudStart, PUD_SHIFT_FACTOR)) {
        pud.tables[pudIndex] = undefined;
        pud.count--;
        this.tableCount--;
        const pgdStart = Math.floor(pudStart / PGD_SHIFT_FACTOR) * PGD_SHIFT_FACTOR;
        if (pud.count === 0 && inside(pgdStart, PGD_SHIFT_FACTOR)) {
          this.#pgd[Math.floor(pudStart / PGD_SHIFT_FACTOR)] = undefined;
          this.tableCount--;
        }
      }
    }
  }
}
