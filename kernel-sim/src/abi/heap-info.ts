/** What can be said of a process's heap: plain data, as the allocator's walk finds it. */
import type { Address } from "../core/units.js";

/** Where a chunk is: with the program, in one of the allocator's lists, or one of its special chunks. */
export type ChunkState =
  | "in use"
  | "tcache"
  | "fastbin"
  | "unsorted"
  | "small bin"
  | "large bin"
  | "top"
  | "mapped"
  | "tcache struct"
  | "fencepost";

/** The order of {@link ChunkState} by number, as {@link HeapChunks} keeps it. */
export const chunkStates: readonly ChunkState[] = [
  "in use",
  "tcache",
  "fastbin",
  "unsorted",
  "small bin",
  "large bin",
  "top",
  "mapped",
  "tcache struct",
  "fencepost",
];

/** All chunks by address, a column a fact, so that a million of them stay small. */
export interface HeapChunks {
  readonly length: number;
  /** Where the header begins; the program's pointer is 16 bytes further. */
  readonly address: Float64Array;
  /** Bytes from this header to the next. */
  readonly size: Float64Array;
  /** An index into {@link chunkStates}. */
  readonly state: Uint8Array;
  /** The bin's number in its kind; 0 where there is none. */
  readonly bin: Uint8Array;
}

/** One list of free chunks, in the order of its links. */
export interface HeapList {
  readonly kind: "tcache" | "fastbin" | "unsorted" | "small bin" | "large bin";
  /** tcache 0–63, fastbin 0–9, bin 1 (unsorted), 2–63 (small), 64–126 (large). */
  readonly index: number;
  /** The only size that the list holds, or the smallest and the largest that belong in it. */
  readonly fromBytes: number;
  readonly toBytes: number;
  /** Chunks, the next one that malloc would look at first. */
  readonly chunks: readonly Address[];
  /** Where a link does not lead to a chunk of the heap, or the list does not end. */
  readonly broken: boolean;
}

/** A stretch of memory that top grew through: from the break, or mapped where the break could not grow. */
export interface HeapRegion {
  readonly start: Address;
  readonly end: Address;
}

export interface HeapInfo {
  readonly glibc: string;
  readonly regions: readonly HeapRegion[];
  readonly chunks: HeapChunks;
  /** Only lists that hold something. */
  readonly lists: readonly HeapList[];
  readonly top: Address;
  readonly lastRemainder: Address;
  /** main_arena.system_mem: from the kernel, not counting mapped chunks. */
  readonly systemBytes: number;
  /** mp_.mmapped_mem. */
  readonly mappedBytes: number;
  readonly mmapThresholdBytes: number;
  readonly trimThresholdBytes: number;
  /**
   * What the program asked for, of the chunks in use whose requests were recorded, and the size of
   * those chunks; undefined where nothing was recorded (glibc itself does not remember requests).
   */
  readonly requested:
    { readonly chunks: number; readonly bytes: number; readonly chunkBytes: number } | undefined;
  /** What stopped the walk, where a size field cannot be right; undefined where all chunks were found. */
  readonly corruption: string | undefined;
}

/** One line of malloc_info's `<sizes>`. */
export interface MallocInfoSize {
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly count: number;
}

/** What malloc_info(3) prints of one arena. */
export interface MallocInfoHeap {
  readonly sizes: readonly MallocInfoSize[];
  readonly unsorted: MallocInfoSize | undefined;
  readonly fast: { readonly count: number; readonly size: number };
  readonly rest: { readonly count: number; readonly size: number };
  readonly systemBytes: number;
  readonly maxSystemBytes: number;
  /** Heaps of 64 MiB that an arena but the first has; undefined of the first. */
  readonly subheaps: number | undefined;
}

export interface MallocInfo {
  readonly heaps: readonly MallocInfoHeap[];
  readonly mmap: { readonly count: number; readonly size: number };
}

/** What malloc_stats(3) prints. */
export interface MallocStats {
  readonly arenas: readonly { readonly systemBytes: number; readonly inUseBytes: number }[];
  readonly mappedBytes: number;
  readonly maxMmapRegions: number;
  readonly maxMmapBytes: number;
}
