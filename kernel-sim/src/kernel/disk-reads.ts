/**
 * What the disk is still reading. No clock runs here: the disk is done when somebody waits for one of its pages, or after
 * some work in which a real one would be. That which was measured took 18 to 70 calls of mincore(2).
 */
import type { Pfn } from "../core/units.js";

/** Calls of mincore(2) and page faults after which the disk is done; so a program that waits by looking comes to an end. */
const STEPS = 64;

export class DiskReads {
  readonly #heads = new Set<Pfn>();
  #steps = 0;

  add(head: Pfn): void {
    this.#heads.add(head);
    this.#steps = 0;
  }

  has(head: Pfn): boolean {
    return this.#heads.size > 0 && this.#heads.has(head);
  }

  /** The folio is taken out of the cache. */
  forget(head: Pfn): void {
    this.#heads.delete(head);
  }

  /** Somebody waited for the disk; by then all that it was reading has come (folio_lock). */
  finish(): void {
    this.#heads.clear();
  }

  /** A program looked whether its pages are there (mincore(2)), or took a fault. */
  step(): void {
    if (this.#heads.size > 0 && ++this.#steps === STEPS) this.finish();
  }
}
