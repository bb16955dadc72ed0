/**
 * The per-CPU batches through which pages reach the LRU lists (mm/swap.c). A program sees them in one
 * place: MADV_FREE counts as LazyFree only when its batch of 31 is full or drained.
 */
import type { Pfn } from "../core/units.js";
import type { PhysicalMemory } from "../hardware/physical-memory.js";
import { PG_ANON, PG_LRU, PG_SWAPBACKED } from "./page-flags.js";

/** PAGEVEC_SIZE. */
const BATCH_PAGES = 31;
/** The place of a page that was freed while it waited; no frame has this number. */
const NO_PAGE = 0;

export class LruBatches {
  readonly #memory: PhysicalMemory;
  #toAdd: Pfn[] = [];
  #toFree: Pfn[] = [];

  constructor(memory: PhysicalMemory) {
    this.#memory = memory;
  }

  /** A new page waits for its place on a list (folio_add_lru). */
  add(pfn: Pfn): void {
    this.#toAdd.push(pfn);
    if (this.#toAdd.length === BATCH_PAGES) this.#drainAdd();
  }

  /** A large folio goes to its list at once, and takes the batch along (folio_may_be_lru_cached). */
  addLarge(): void {
    this.#drainAdd();
  }

  /** MADV_FREE of a large folio is marked at once, and takes the batch along, unless it is marked already (folio_mark_lazyfree). */
  markLargeLazyFree(head: Pfn, pages: number): void {
    const { flags } = this.#memory;
    if ((flags[head]! & PG_SWAPBACKED) === 0) return;
    for (let pfn = head; pfn < head + pages; pfn++) flags[pfn]! &= ~PG_SWAPBACKED;
    this.#drainFree();
  }

  /** A page that MADV_FREE gave up waits to be marked (folio_mark_lazyfree). */
  markLazyFree(pfn: Pfn): void {
    const flags = this.#memory.flags[pfn]!;
    if ((flags & PG_ANON) === 0 || (flags & PG_SWAPBACKED) === 0 || (flags & PG_LRU) === 0) return;
    this.#toFree.push(pfn);
    if (this.#toFree.length === BATCH_PAGES) this.#drainFree();
  }

  isOnList(pfn: Pfn): boolean {
    return (this.#memory.flags[pfn]! & PG_LRU) !== 0;
  }

  /** Empties all batches (lru_add_drain). */
  drain(): void {
    this.#drainAdd();
    this.#drainFree();
  }

  /**
   * The page is freed: no batch may touch it any more. Its place among those that MADV_FREE gave up
   * stays taken, as the kernel keeps the page itself there.
   */
  forget(pfn: Pfn): void {
    if (this.#toFree.length > 0) {
      const at = this.#toFree.indexOf(pfn);
      if (at >= 0) this.#toFree[at] = NO_PAGE;
    }
    if (this.isOnList(pfn)) return;
    if (this.#toAdd.length > 0) this.#toAdd = this.#toAdd.filter((other) => other !== pfn);
  }

  #drainAdd(): void {
    for (const pfn of this.#toAdd) {
      if (this.#memory.isUsed(pfn)) this.#memory.flags[pfn]! |= PG_LRU;
    }
    this.#toAdd.length = 0;
  }

  #drainFree(): void {
    for (const pfn of this.#toFree) {
      if (this.#memory.isUsed(pfn)) this.#memory.flags[pfn]! &= ~PG_SWAPBACKED;
    }
    this.#toFree.length = 0;
  }
}
