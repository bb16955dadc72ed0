/**
 * The thread's cache: 64 single-linked lists of up to 7 chunks each, the newest first (malloc.c,
 * tcache_put, tcache_get, tcache_init).
 *
 * Its struct is itself malloc'd, before the program's first chunk: 64 counts of 16 bits, then 64
 * pointers, 0x280 bytes. A cached chunk holds the next one at mem + 0, safe-linked, and at mem + 8
 * the process's key, by which a second free is recognised.
 */
import type { HeapMemory, Place } from "./heap-memory.js";
import { MALLOC_ALIGN_MASK } from "./chunk.js";
import { mallocError } from "./state.js";
import type { MallocState } from "./state.js";

/** sizeof (tcache_perthread_struct), and where its pointers begin. */
export const TCACHE_BYTES = 0x280;
const ENTRIES = 0x80;

/** The tcache's bin for a chunk's size, 0 for 0x20; from 64 up the size is too large (csize2tidx). */
export function tcacheIndex(size: number): number {
  return size > 0x410 ? 64 : (size - 17) >>> 4;
}

/** The word that holds the first entry of bin `index`. */
export function tcacheEntryAt(state: MallocState, index: number): Place {
  return state.tcache + ENTRIES + 8 * index;
}

/**
 * The 32 bits that hold the count of bin `index`, and of its neighbour: read once a call, and
 * written back with {@link countUnit} added or taken.
 */
export function countsAt(tcache: Place, index: number): Place {
  return tcache + 2 * (index & ~1);
}

/** The count of bin `index` in the word at {@link countsAt}. */
export function countIn(counts: number, index: number): number {
  return (index & 1) === 0 ? counts & 0xffff : counts >>> 16;
}

/** One in the count of bin `index`. */
function countUnit(index: number): number {
  return (index & 1) === 0 ? 1 : 0x10000;
}

/** How many chunks bin `index` says that it holds. */
export function tcacheCountAt(state: MallocState, index: number): number {
  return countIn(state.memory.load32(countsAt(state.tcache, index)), index);
}

/** misaligned_chunk() of the link in `slot`, whose low bits a large number may have lost. */
export function isMisaligned(memory: HeapMemory, link: Place, slot: Place): boolean {
  const low = (link | 0) === link ? link : memory.load32(slot);
  return (low & MALLOC_ALIGN_MASK) !== 0;
}

/** Puts the memory `mem` of a chunk in front of list `index`, which has room. */
export function tcachePut(state: MallocState, mem: Place, index: number): void {
  tcachePutCounted(state, mem, index, state.memory.load32(countsAt(state.tcache, index)));
}

/** The same, where the word of counts has been read already. */
export function tcachePutCounted(
  state: MallocState,
  mem: Place,
  index: number,
  counts: number,
): void {
  const memory = state.memory;
  const tcache = state.tcache;
  const entry = tcache + ENTRIES + 8 * index;
  memory.storePair(mem + 8, state.tcacheKeyLow, state.tcacheKeyHigh);
  memory.copyProtected(mem, entry, mem);
  memory.storeLink(entry, mem);
  memory.store32(countsAt(tcache, index), counts + countUnit(index));
}

/** Takes the first chunk's memory off list `index`, whose count is not 0. */
export function tcacheGet(state: MallocState, index: number): Place {
  return tcacheGetCounted(state, index, state.memory.load32(countsAt(state.tcache, index)));
}

/** The same, where the word of counts has been read already. */
export function tcacheGetCounted(state: MallocState, index: number, counts: number): Place {
  const memory = state.memory;
  const tcache = state.tcache;
  const entry = tcache + ENTRIES + 8 * index;
  const mem = memory.loadLink(entry);
  if (isMisaligned(memory, mem, entry)) {
    mallocError(state, "malloc(): unaligned tcache chunk detected");
  }
  memory.copyProtected(entry, mem, mem);
  memory.store32(countsAt(tcache, index), counts - countUnit(index));
  memory.storeWord(mem + 8, 0);
  return mem;
}

/**
 * Aborts where `mem`, whose key says that it is cached, is found in list `index`; returns where the
 * key was there by chance.
 */
export function tcacheFindDouble(state: MallocState, mem: Place, index: number): void {
  const memory = state.memory;
  const entry = tcacheEntryAt(state, index);
  let found = memory.loadLink(entry);
  let low = memory.load32(entry);
  for (let count = 0; found !== 0; count++) {
    if (count >= state.tcacheCount) {
      mallocError(state, "free(): too many chunks detected in tcache");
    }
    if ((low & MALLOC_ALIGN_MASK) !== 0) {
      mallocError(state, "free(): unaligned chunk detected in tcache 2");
    }
    if (found === mem) mallocError(state, "free(): double free detected in tcache 2");
    low = memory.load32(found) ^ memory.protectionOf(found);
    found = memory.revealed(found);
  }
}
