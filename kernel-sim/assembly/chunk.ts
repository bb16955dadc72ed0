/** The sizes and offsets of chunks and of main_arena (see src/libc/ptmalloc/chunk.ts), as 64-bit numbers. */
import * as layout from "../src/libc/ptmalloc/chunk";
import { word } from "./memory";

export { PAGE_SIZE } from "./page";

export const SIZE_SZ: u64 = layout.SIZE_SZ;
export const CHUNK_HDR_SZ: u64 = layout.CHUNK_HDR_SZ;
export const MALLOC_ALIGNMENT: u64 = layout.MALLOC_ALIGNMENT;
export const MALLOC_ALIGN_MASK: u64 = layout.MALLOC_ALIGN_MASK;
export const MINSIZE: u64 = layout.MINSIZE;
export const PREV_INUSE: u64 = layout.PREV_INUSE;
export const IS_MMAPPED: u64 = layout.IS_MMAPPED;
export const NON_MAIN_ARENA: u64 = layout.NON_MAIN_ARENA;
export const SIZE_BITS: u64 = layout.SIZE_BITS;
export const SIZE: u64 = layout.SIZE;
export const FD: u64 = layout.FD;
export const BK: u64 = layout.BK;
export const FD_NEXTSIZE: u64 = layout.FD_NEXTSIZE;
export const BK_NEXTSIZE: u64 = layout.BK_NEXTSIZE;
export const MALLOC_CHUNK_BYTES: u64 = layout.MALLOC_CHUNK_BYTES;
export const MIN_LARGE_SIZE: u64 = layout.MIN_LARGE_SIZE;
export const MALLOC_STATE_BYTES: u64 = layout.MALLOC_STATE_BYTES;
export const TCACHE_BYTES: u64 = layout.TCACHE_BYTES;
export const PTRDIFF_MAX: u64 = 0x7fff_ffff_ffff_ffff;

/** The size field without its flags (chunksize). */
@inline
export function sizeOf(p: u64): u64 {
  return word(p + SIZE) & ~SIZE_BITS;
}

/** Whether the chunk before is in use (prev_inuse). */
@inline
export function previousInUse(p: u64): bool {
  return (word(p + SIZE) & PREV_INUSE) != 0;
}

/** The size of the chunk that serves a request (request2size). */
@inline
export function requestToSize(bytes: u64): u64 {
  return bytes + SIZE_SZ + MALLOC_ALIGN_MASK < MINSIZE
    ? MINSIZE
    : (bytes + SIZE_SZ + MALLOC_ALIGN_MASK) & ~MALLOC_ALIGN_MASK;
}

/** Rounds up to a multiple of a power of two (ALIGN_UP). */
@inline
export function alignUp(value: u64, alignment: u64): u64 {
  return (value + alignment - 1) & ~(alignment - 1);
}
