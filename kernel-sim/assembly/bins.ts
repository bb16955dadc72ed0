/** Which bin a size belongs to, and where bins lie (malloc.c, "Bins", "Indexing", "Fastbins"). */
import * as layout from "../src/libc/ptmalloc/chunk";
import { MIN_LARGE_SIZE } from "./chunk";
import * as state from "./state";

export const NBINS: u32 = layout.NBINS;
export const NFASTBINS: u32 = layout.NFASTBINS;

/** The header of bin `index`, dressed as a chunk: its fd and bk are the list's ends (bin_at). */
@inline
export function binAt(index: u32): u64 {
  return state.mainArena + layout.BINS + ((<u64>index) << 4);
}

/** The unsorted bin, which is also the initial top. */
@inline
export function unsortedBin(): u64 {
  return binAt(1);
}

/** The word that holds the first chunk of fastbin `index`. */
@inline
export function fastbinAt(index: u32): u64 {
  return state.mainArena + layout.FASTBINS + ((<u64>index) << 3);
}

/** The fastbin of a chunk of `size` bytes, 0 for 0x20: of the low 32 bits, as fastbin_index takes them. */
@inline
export function fastbinIndex(size: u64): u32 {
  return ((<u32>size) >> 4) - 2;
}

/** The bin of a small chunk: one bin a size (smallbin_index). */
@inline
export function smallbinIndex(size: u64): u32 {
  return <u32>size >> 4;
}

/** The bin of a large chunk, in steps that grow with the size (largebin_index_64). */
export function largebinIndex(size: u64): u32 {
  if (size >> 6 <= 48) return 48 + <u32>(size >> 6);
  if (size >> 9 <= 20) return 91 + <u32>(size >> 9);
  if (size >> 12 <= 10) return 110 + <u32>(size >> 12);
  if (size >> 15 <= 4) return 119 + <u32>(size >> 15);
  if (size >> 18 <= 2) return 124 + <u32>(size >> 18);
  return 126;
}

/** The bin where malloc would put a free chunk of `size` bytes (bin_index). */
@inline
export function binIndex(size: u64): u32 {
  return size < MIN_LARGE_SIZE ? smallbinIndex(size) : largebinIndex(size);
}
