/**
 * Where bins lie and which one a size belongs to (malloc.c, "Bins", "Indexing", "Fastbins").
 *
 * The bins are in main_arena, in the C library's data pages: lists end in addresses of that struct,
 * as a program that looks into a freed chunk sees.
 */
import type { Place } from "./heap-memory.js";

export const NBINS = 128;
export const NFASTBINS = 10;
/** Chunks from here up are large: their bins hold a range of sizes, sorted. */
export const MIN_LARGE_SIZE = 1024;

/** Offsets in struct malloc_state, glibc 2.36 on x86-64. */
export const FASTBINS = 0x10;
export const TOP = 0x60;
export const LAST_REMAINDER = 0x68;
/** sizeof (struct malloc_state). */
export const MALLOC_STATE_BYTES = 0x898;

/** The header of bin `index`, dressed as a chunk: its fd and bk are the list's ends (bin_at). */
export function binAt(mainArena: Place, index: number): Place {
  return mainArena + 0x50 + 16 * index;
}

/** The word that holds the first chunk of fastbin `index`. */
export function fastbinAt(mainArena: Place, index: number): Place {
  return mainArena + FASTBINS + 8 * index;
}

/** The fastbin of a chunk of `size` bytes, 0 for 0x20. */
export function fastbinIndex(size: number): number {
  return (size >>> 4) - 2;
}

/** The bin of a small chunk: one bin a size (smallbin_index). */
export function smallbinIndex(size: number): number {
  return size >>> 4;
}

/** The bin of a large chunk, in steps that grow with the size (largebin_index_64). */
export function largebinIndex(size: number): number {
  if (size >= 0xc0000) return 126;
  if (size >>> 6 <= 48) return 48 + (size >>> 6);
  if (size >>> 9 <= 20) return 91 + (size >>> 9);
  if (size >>> 12 <= 10) return 110 + (size >>> 12);
  if (size >>> 15 <= 4) return 119 + (size >>> 15);
  return 124 + (size >>> 18);
}

/** The bin where malloc would put a free chunk of `size` bytes (bin_index). */
export function binIndex(size: number): number {
  return size < MIN_LARGE_SIZE ? smallbinIndex(size) : largebinIndex(size);
}
