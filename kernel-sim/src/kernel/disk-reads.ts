/**
 * What the disk is still reading. No time passes here: the disk is done when somebody waits for one of its pages, or has
 * looked for them often enough. The measured one took 18 to 70 calls of mincore(2) for the first pages of a file.
 */
import type { Pfn } from "../core/units.js";

/** Looks after which the disk is done, so that a program that waits by looking comes to an end. */
const LOOKS = 64;

export class DiskReads {
  readonly #heads = new Set<Pfn>();
  #looks = 0;

  add(head: Pfn): void {
    this.#heads.add(head);
    this.#looks = 0;
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

  /** A program looked whether its pages are there (mincore(2)). */
  look(): void {
    if (this.#heads.size > 0 && ++this.#looks === LOOKS) this.finish();
  }
}
