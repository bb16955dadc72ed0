/**
 * Folios of more than one page: a huge page of 2 MiB, or a run of the page cache. A page of one is
 * mapped by an entry of its own or, with the whole folio, by one entry of the middle table.
 */
import { invariant } from "../core/errors.js";
import type { Pfn } from "../core/units.js";
import type { PhysicalMemory } from "../hardware/physical-memory.js";
import { PG_LARGE } from "./page-flags.js";

/** The part of a vma's memory that maps the folio; only its identity counts. */
type Owner = object;

export class LargeFolio {
  readonly head: Pfn;
  readonly pages: number;
  /** Times that the whole is mapped by one entry (_entire_mapcount). */
  entireMapcount = 0;
  /** All mappings: of the whole once each, of pages one by one (_large_mapcount). */
  largeMapcount = 0;
  /** Up to two address spaces that map it, with their counts (_mm_id, _mm_id_mapcount). */
  readonly #owners: [Owner | null, Owner | null] = [null, null];
  readonly #ownerCounts: [number, number] = [0, 0];
  /** More than one address space may map it (FOLIO_MM_IDS_SHARED_BIT). */
  maybeShared = false;

  constructor(head: Pfn, pages: number) {
    this.head = head;
    this.pages = pages;
  }

  /** `count` more mappings by an address space (include/linux/rmap.h: folio_add_large_mapcount). */
  addMappings(owner: Owner, count: number): void {
    this.largeMapcount += count;
    for (const i of [0, 1] as const) {
      if (this.#owners[i] === owner) {
        this.#ownerCounts[i] += count;
        return;
      }
    }
    for (const i of [0, 1] as const) {
      if (this.#owners[i] === null) {
        this.#owners[i] = owner;
        this.#ownerCounts[i] = count;
        if (this.largeMapcount !== count) this.maybeShared = true;
        return;
      }
    }
    this.maybeShared = true;
  }

  /** `count` mappings fewer (include/linux/rmap.h: folio_sub_large_mapcount). */
  removeMappings(owner: Owner, count: number): void {
    this.largeMapcount -= count;
    invariant(this.largeMapcount >= 0, "a folio is unmapped more often than it was mapped");
    for (const i of [0, 1] as const) {
      if (this.#owners[i] !== owner) continue;
      this.#ownerCounts[i] -= count;
      if (this.#ownerCounts[i] > 0) return;
      this.#owners[i] = null;
      this.#ownerCounts[i] = 0;
      break;
    }
    if (
      (this.#owners[0] !== null && this.#ownerCounts[0] === this.largeMapcount) ||
      (this.#owners[1] !== null && this.#ownerCounts[1] === this.largeMapcount) ||
      this.largeMapcount === 0
    ) {
      this.maybeShared = false;
    }
  }
}

/** The large folios there are, found by any of their frames. */
export class LargeFolios {
  readonly #memory: PhysicalMemory;
  readonly #byHead = new Map<Pfn, LargeFolio>();

  constructor(memory: PhysicalMemory) {
    this.#memory = memory;
  }

  /** Makes one folio of `pages` frames from `head` on; `pages` is a power of two, the head aligned to it. */
  create(head: Pfn, pages: number): LargeFolio {
    const folio = new LargeFolio(head, pages);
    this.#byHead.set(head, folio);
    for (let i = 0; i < pages; i++) this.#memory.flags[head + i]! |= PG_LARGE;
    return folio;
  }

  /** The folio that the frame is part of; undefined for a page on its own. */
  of(pfn: Pfn): LargeFolio | undefined {
    if ((this.#memory.flags[pfn]! & PG_LARGE) === 0) return undefined;
    for (let pages = 2; pages <= 512; pages *= 2) {
      const folio = this.#byHead.get(pfn - (pfn % pages));
      if (folio !== undefined && pfn < folio.head + folio.pages) return folio;
    }
    invariant(false, `frame ${pfn} says that it is part of a folio that is not there`);
  }

  /** Forgets the folio; its frames stay as pages on their own. */
  dissolve(folio: LargeFolio): void {
    this.#byHead.delete(folio.head);
    for (let i = 0; i < folio.pages; i++) this.#memory.flags[folio.head + i]! &= ~PG_LARGE;
  }

  [Symbol.iterator](): IterableIterator<LargeFolio> {
    return this.#byHead.values();
  }
}
