/**
 * The thread's cache: 64 single-linked lists of up to 7 chunks each, the newest first (malloc.c,
 * tcache_put, tcache_get).
 *
 * Its struct is itself malloc'd, before the program's first chunk: 64 counts of 16 bits, then 64
 * pointers, 0x280 bytes. A cached chunk holds the next one at mem + 0, safe-linked, and at mem + 8 the
 * process's key, by which a second free is recognised.
 */
import * as layout from "../src/libc/ptmalloc/chunk";
import * as aborts from "./aborts";
import { MALLOC_ALIGN_MASK } from "./chunk";
import { get, pinnedAt, set, setWord, word } from "./memory";
import * as state from "./state";

/** The tcache's bin for a chunk's size, 0 for 0x20; from 64 up the size is too large (csize2tidx). */
@inline
export function tcacheIndex(size: u64): u64 {
  return (size - 17) >> 4;
}

/** Where in linear memory the struct is while it lies in one page that may be written; else 0. */
@inline
function place(): u32 {
  return pinnedAt(state.tcache, layout.TCACHE_BYTES);
}

/** How many chunks bin `index` says that it holds. */
@inline
export function countOf(index: u64): u32 {
  const at = place();
  const offset = index << 1;
  return at != 0 ? load<u16>(at + <u32>offset) : get<u16>(state.tcache + offset);
}

@inline
function setCount(index: u64, count: u32): void {
  const at = place();
  const offset = index << 1;
  if (at != 0) store<u16>(at + <u32>offset, <u16>count);
  else set<u16>(state.tcache + offset, <u16>count);
}

/** The first entry of list `index`. */
@inline
function first(index: u64): u64 {
  const at = place();
  const offset = layout.TCACHE_ENTRIES + (index << 3);
  return at != 0 ? load<u64>(at + <u32>offset) : word(state.tcache + offset);
}

@inline
function setFirst(index: u64, mem: u64): void {
  const at = place();
  const offset = layout.TCACHE_ENTRIES + (index << 3);
  if (at != 0) store<u64>(at + <u32>offset, mem);
  else setWord(state.tcache + offset, mem);
}

/** Whether there is a tcache with a bin for such chunks. */
@inline
export function isCacheable(index: u64): bool {
  return index < state.tcacheBins && state.tcache != 0;
}

/** A link as it is stored at `position`, or a stored one as it was (PROTECT_PTR, REVEAL_PTR). */
@inline
export function protect(position: u64, link: u64): u64 {
  return (position >> 12) ^ link;
}

/** Puts the memory of a chunk in front of list `index`, which holds `count`, and has room. */
export function tcachePut(mem: u64, index: u64, count: u32): void {
  setWord(mem + 8, state.tcacheKey);
  setWord(mem, protect(mem, first(index)));
  setFirst(index, mem);
  setCount(index, count + 1);
}

/** Takes the first chunk's memory off list `index`, which holds `count`, and is not empty. */
export function tcacheGet(index: u64, count: u32): u64 {
  const mem = first(index);
  if ((mem & MALLOC_ALIGN_MASK) != 0) aborts.mallocUnalignedTcache();
  setFirst(index, protect(mem, word(mem)));
  setCount(index, count - 1);
  setWord(mem + 8, 0);
  return mem;
}

/**
 * Aborts where `mem`, whose key says that it is cached, is found in list `index`; returns where the
 * key was there by chance.
 */
export function tcacheFindDouble(mem: u64, index: u64): void {
  let count: u32 = 0;
  for (let found = first(index); found != 0; found = protect(found, word(found))) {
    if (count >= state.tcacheCount) aborts.freeTooManyInTcache();
    if ((found & MALLOC_ALIGN_MASK) != 0) aborts.freeUnalignedInTcache();
    if (found == mem) aborts.doubleFreeInTcache();
    count++;
  }
}
