/** Direct sight of the bytes behind mapped pages, for a module of WebAssembly that loads and stores by the million. */
import type { Address } from "../core/units.js";

/** Told of pages whose bytes may have moved, may no longer be read, or no longer be written. */
export interface PageWatcher {
  /** Any page that has a byte in [start, end). */
  forgetPages(start: Address, end: Address): void;
}

/** A memory of WebAssembly, as far as it is used here. */
export interface LinearMemory {
  readonly buffer: ArrayBuffer;
}

/**
 * What a memory may offer beside its loads and stores. Where a page's place is given, its 4096 bytes are
 * there in the pool until the watcher is told otherwise; the accessed or dirty bit is set already, as for
 * an entry of a TLB.
 */
export interface PageWindow {
  /** Where all pages are; its buffer is another one after it has grown. */
  readonly pool: LinearMemory;
  /** Where the page of an address begins, after it was faulted in for reading. */
  pageForReading(address: Address): number;
  /** The same for writing. */
  pageForWriting(address: Address): number;
  /** Bytes of the pool, zeros, for the module's own tables; where they begin. */
  reserve(sizeBytes: number): number;
  release(at: number, sizeBytes: number): void;
  watch(watcher: PageWatcher): void;
}
