/**
 * The per-CPU batches through which pages reach the LRU lists, and are moved on them (mm/swap.c). A program sees three things
 * of them. MADV_FREE counts as LazyFree only when its batch of 31 is full or drained. A page of a file that
 * POSIX_FADV_DONTNEED could not drop is judged when its batch is: unmapped and dirty by then, it is marked to be reclaimed.
 * And a page that waits is held by its batch, so that a write to it after fork(2) makes a copy.
 */
import type { Pfn } from "../core/units.js";
import type { PhysicalMemory } from "../hardware/physical-memory.js";
import { PG_ANON, PG_DIRTY, PG_LRU, PG_READAHEAD, PG_SWAPBACKED, PG_USED } from "./page-flags.js";

/** PAGEVEC_SIZE. */
export const BATCH_PAGES = 31;
/** The place of a page that was freed while it waited; no frame has this number. */
const NO_PAGE = 0;

export class LruBatches {
  readonly #memory: PhysicalMemory;
  #toAdd: Pfn[] = [];
  #toFree: Pfn[] = [];
  #toDeactivate: Pfn[] = [];

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
    for (let pfn = head; pfn < head + pages; pfn++) flags[pfn]! &= ~(PG_SWAPBACKED | PG_USED);
    this.#drainFree();
  }

  /** A page that MADV_FREE gave up waits to be marked (folio_mark_lazyfree). */
  markLazyFree(pfn: Pfn): void {
    const flags = this.#memory.flags[pfn]!;
    if ((flags & PG_ANON) === 0 || (flags & PG_SWAPBACKED) === 0 || (flags & PG_LRU) === 0) return;
    this.#toFree.push(pfn);
    if (this.#toFree.length === BATCH_PAGES) this.#drainFree();
  }

  /** A page of a file that could not be dropped waits to be moved where reclaim begins (deactivate_file_folio). */
  deactivate(pfn: Pfn): void {
    if (!this.isOnList(pfn)) return;
    this.#toDeactivate.push(pfn);
    if (this.#toDeactivate.length === BATCH_PAGES) this.#drainDeactivate();
  }

  /** A large folio is moved at once, and takes the batch along (folio_may_be_lru_cached). */
  deactivateLarge(): void {
    this.#drainDeactivate();
  }

  isOnList(pfn: Pfn): boolean {
    return (this.#memory.flags[pfn]! & PG_LRU) !== 0;
  }

  /** How many batches hold the private page: its reference count is so much above its mappings. */
  holdersOf(pfn: Pfn): number {
    return (this.isOnList(pfn) ? 0 : 1) + (this.#toFree.includes(pfn) ? 1 : 0);
  }

  /** Empties all batches (lru_add_drain). */
  drain(): void {
    this.#drainAdd();
    this.#drainDeactivate();
    this.#drainFree();
  }

  /** The page is freed: no batch may touch it any more. Its place stays taken, as the kernel keeps the page itself there. */
  forget(pfn: Pfn): void {
    if (this.isOnList(pfn)) {
      leave(this.#toFree, pfn);
      leave(this.#toDeactivate, pfn);
    } else {
      leave(this.#toAdd, pfn);
    }
  }

  #drainAdd(): void {
    for (const pfn of this.#toAdd) {
      if (this.#memory.isUsed(pfn)) this.#memory.flags[pfn]! |= PG_LRU;
    }
    this.#toAdd.length = 0;
  }

  /** The mark is the one of read-ahead, so that faults map the page alone (lru_deactivate_file: folio_set_reclaim). */
  #drainDeactivate(): void {
    const { flags, mapcount } = this.#memory;
    for (const pfn of this.#toDeactivate) {
      if (!this.#memory.isUsed(pfn) || mapcount[pfn] !== 0) continue;
      flags[pfn]! &= ~PG_USED;
      if ((flags[pfn]! & PG_DIRTY) !== 0) flags[pfn]! |= PG_READAHEAD;
    }
    this.#toDeactivate.length = 0;
  }

  #drainFree(): void {
    for (const pfn of this.#toFree) {
      if (this.#memory.isUsed(pfn)) this.#memory.flags[pfn]! &= ~(PG_SWAPBACKED | PG_USED);
    }
    this.#toFree.length = 0;
  }
}

function leave(batch: Pfn[], pfn: Pfn): void {
  const at = batch.length === 0 ? -1 : batch.indexOf(pfn);
  if (at >= 0) batch[at] = NO_PAGE;
}
