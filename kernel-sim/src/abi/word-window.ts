/** Direct sight of the words behind mapped pages, for code that loads and stores by the million. */
import type { Address } from "../core/units.js";

/** Told of pages whose words may have moved, may no longer be read, or no longer be written. */
export interface PageWatcher {
  /** Any page that has a byte in [start, end). */
  forgetPages(start: Address, end: Address): void;
}

/**
 * What a memory may offer beside its loads and stores. Where an index is given, the page's words are
 * `words[index]` to `words[index + 1023]` until the watcher is told otherwise; the accessed or dirty
 * bit is set already, as for an entry of a TLB.
 */
export interface WordWindow {
  /** All words, little-endian; the array is another one after it has grown. */
  readonly words: Uint32Array;
  /** Where the page's words begin if it can be read without a fault right after it was, else -1. */
  readableAt(address: Address): number;
  /** The same for writing. */
  writableAt(address: Address): number;
  watch(watcher: PageWatcher): void;
}
