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

/** sizeof (tcache_perthread_struct): 64 counts of 16 bits, and 64 pointers, which begin here. */
export const TCACHE_BYTES = 0x280;
export const TCACHE_ENTRIES = 0x80;

/** Chunks from here up are large: their bins hold a range of sizes, sorted. */
export const MIN_LARGE_SIZE = 1024;
export const NBINS = 128;
export const NFASTBINS = 10;

/**
 * Offsets in struct malloc_state, glibc 2.36 on x86-64: the first fastbin's word, and the header of bin 0
 * dressed as a chunk, whose fd and bk are the list's ends. The bins are in main_arena, in the C library's
 * data pages: lists end in addresses of that struct, as a program that looks into a freed chunk sees.
 */
export const FASTBINS = 0x10;
export const BINS = 0x50;
/** sizeof (struct malloc_state). */
export const MALLOC_STATE_BYTES = 0x898;
