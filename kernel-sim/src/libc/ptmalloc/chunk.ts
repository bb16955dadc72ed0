/**
 * The sizes and shapes of glibc's chunks on x86-64 (malloc.c, "Chunk representations").
 *
 * ```
 *          chunk p ──▶ ┌──────────────────────────────────────┐
 *        p + 0x00      │ prev_size: size of the chunk before, │
 *                      │ while that one is free               │
 *        p + 0x08      │ size                           |A|M|P│
 *  mem = p + 0x10 ──▶  ├──────────────────────────────────────┤
 *                      │ fd            (free chunks only,     │
 *        p + 0x18      │ bk             else the program's)   │
 *        p + 0x20      │ fd_nextsize   (large free chunks)    │
 *        p + 0x28      │ bk_nextsize                          │
 *                      │ …                                    │
 *     p + size ──▶     └──────────────────────────────────────┘
 * ```
 * The program may use everything up to the next chunk's size field, its prev_size included.
 * P: the chunk before is in use; M: the chunk is a mapping of its own; A: not of the main arena.
 */

/** Bytes of a size_t (SIZE_SZ). */
export const SIZE_SZ = 8;
/** From a chunk to the pointer that the program gets (CHUNK_HDR_SZ). */
export const CHUNK_HDR_SZ = 16;
export const MALLOC_ALIGNMENT = 16;
export const MALLOC_ALIGN_MASK = 15;
/** The smallest chunk. */
export const MINSIZE = 32;

export const PREV_INUSE = 1;
export const IS_MMAPPED = 2;
export const NON_MAIN_ARENA = 4;
/** The three flag bits of a size field. */
export const SIZE_BITS = 7;

/** Offsets of the fields of struct malloc_chunk. */
export const SIZE = 8;
export const FD = 16;
export const BK = 24;
export const FD_NEXTSIZE = 32;
export const BK_NEXTSIZE = 40;
/** sizeof (struct malloc_chunk). */
export const MALLOC_CHUNK_BYTES = 48;

/** Numbers from here up are no longer exact in a double: in a size or a link they are garbage. */
export const INEXACT = 2 ** 53;
/** 2^63: a request above PTRDIFF_MAX; and 2^64, the wrap of a size_t. */
export const TWO_63 = 2 ** 63;
export const TWO_64 = 2 ** 64;

/** The largest request that malloc considers, and the largest size_t: beyond what a number holds exactly. */
export const PTRDIFF_MAX = 0x7fff_ffff_ffff_ffffn;
export const SIZE_MAX = 0xffff_ffff_ffff_ffffn;

/** The size of the chunk that serves a request, always from {@link MINSIZE} up (request2size). */
export function requestToSize(bytes: number): number {
  const padded = bytes + SIZE_SZ + MALLOC_ALIGN_MASK;
  return padded < MINSIZE ? MINSIZE : padded - (padded & MALLOC_ALIGN_MASK);
}

/** The size of the chunk, or 0 where the request is above PTRDIFF_MAX (checked_request2size). */
export function checkedRequestToSize(bytes: number): number {
  return bytes >= TWO_63 ? 0 : requestToSize(bytes);
}

/**
 * A count of bytes as size_t holds it: negative numbers wrap, as `(size_t) -1` does in C.
 * Above 2^53 a number is rounded, but stays on its side of PTRDIFF_MAX; a bigint is exact.
 */
export function toSizeT(size: number | bigint): number {
  if (typeof size === "bigint") {
    const wrapped = BigInt.asUintN(64, size);
    return wrapped <= PTRDIFF_MAX ? Math.min(Number(wrapped), TWO_63 - 1024) : Number(wrapped);
  }
  const whole = Math.trunc(size);
  return whole < 0 ? whole + TWO_64 : whole;
}

/** Rounds up to a multiple of a power of two (ALIGN_UP). */
export function alignUp(value: number, alignment: number): number {
  const rest = value % alignment;
  return rest === 0 ? value : value - rest + alignment;
}
