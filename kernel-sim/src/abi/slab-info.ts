/** Allocators that programs write, as plain data: what pictures and reports of them are made from. */
import type { Address } from "../core/units.js";

/** One slab: a header, perhaps a colour's offset, then items of one size. */
export interface SlabInfo {
  readonly address: Address;
  readonly sizeBytes: number;
  readonly headerBytes: number;
  /** Bytes skipped after the header, so that the items of neighbouring slabs use other cache lines. */
  readonly colourBytes: number;
  /** Addresses of free items in the order in which they would be given out. */
  readonly freeList: readonly Address[];
  /** One for each item, in address order. */
  readonly items: readonly ("used" | "free")[];
}

export interface SlabCacheInfo {
  readonly itemBytes: number;
  readonly slabs: readonly SlabInfo[];
}

/** A chunk of a pool or an obstack: filled from its start, never holes. */
export interface ChunkInfo {
  readonly address: Address;
  readonly sizeBytes: number;
  readonly headerBytes: number;
  /** Undefined for an older chunk of an obstack, which does not keep how far it was filled. */
  readonly usedBytes: number | undefined;
}

/** What a walk over memory touched, in the order in which it did. */
export interface Locality {
  readonly accesses: number;
  /** Different pages of 4 KiB: as many TLB entries as hold them all. */
  readonly pages: number;
  /** Different cache lines of 64 bytes. */
  readonly cacheLines: number;
  /** Accesses that a TLB of so many entries, least recently used out first, had no entry for. */
  readonly tlbMisses: number;
  readonly tlbEntries: number;
}
