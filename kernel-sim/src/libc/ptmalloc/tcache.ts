/**
 * The thread's cache: 64 single-linked lists of up to 7 chunks each, the newest first (malloc.c,
 * tcache_put, tcache_get, tcache_init).
 *
 * Its struct is itself malloc'd, before the program's first chunk: 64 counts of 16 bits, then 64
 * pointers, 0x280 bytes. A cached chunk holds the next one at mem + 0, safe-linked, and at mem + 8
 * the process's key, by which a second free is recognised.
 */
import type { Address } from "../../core/units.js";
import { INEXACT, MALLOC_ALIGN_MASK, protect } from "./chunk.js";
import { mallocError } from "./state.js";
import type { MallocState } from "./state.js";

/** sizeof (tcache_perthread_struct), and where its pointers begin. */
export const TCACHE_BYTES = 0x280;
const ENTRIES = 0x80;

/** The tcache's bin for a chunk's size, 0 for 0x20; from 64 up the size is too large (csize2tidx). */
export function tcacheIndex(size: number): number {
  return size > 0x410 ? 64 : (size - 17) >>> 4;
}

/** How many chunks bin `index` says that it holds. */
export function tcacheCountAt(state: MallocState, index: number): number {
  return state.memory.load16(state.tcache + 2 * index);
}

/** The word that holds the first entry of bin `index`. */
export function tcacheEntryAt(state: MallocState, index: number): Address {
  return state.tcache + ENTRIES + 8 * index;
}

/** Puts the memory `mem` of a chunk in front of list `index`, which has room. */
export function tcachePut(state: MallocState, mem: Address, index: number): void {
  const memory = state.memory;
  const tcache = state.tcache;
  const entry = tcache + ENTRIES + 8 * index;
  memory.store32(mem + 8, state.tcacheKeyLow);
  memory.store32(mem + 12, state.tcacheKeyHigh);
  storeProtected(state, mem, entry);
  memory.storeWord(entry, mem);
  const counter = tcache + 2 * index;
  memory.store16(counter, memory.load16(counter) + 1);
}

/** Takes the first chunk's memory off list `index`, whose count is not 0. */
export function tcacheGet(state: MallocState, index: number): Address {
  const memory = state.memory;
  const tcache = state.tcache;
  const entry = tcache + ENTRIES + 8 * index;
  const mem = memory.loadWord(entry);
  if ((memory.load32(entry) & MALLOC_ALIGN_MASK) !== 0) {
    mallocError(state, "malloc(): unaligned tcache chunk detected");
  }
  moveRevealed(state, entry, mem);
  const counter = tcache + 2 * index;
  memory.store16(counter, memory.load16(counter) - 1);
  memory.storeWord(mem + 8, 0);
  return mem;
}

/**
 * Aborts where `mem`, whose key says that it is cached, is found in list `index`; returns where the
 * key was there by chance.
 */
export function tcacheFindDouble(state: MallocState, mem: Address, index: number): void {
  const memory = state.memory;
  let slot = tcacheEntryAt(state, index);
  let found = memory.loadWord(slot);
  let low = memory.load32(slot);
  for (let count = 0; found !== 0; count++) {
    if (count >= state.tcacheCount) {
      mallocError(state, "free(): too many chunks detected in tcache");
    }
    if ((low & MALLOC_ALIGN_MASK) !== 0) {
      mallocError(state, "free(): unaligned chunk detected in tcache 2");
    }
    if (found === mem) mallocError(state, "free(): double free detected in tcache 2");
    slot = found;
    const stored = memory.loadWord(slot);
    low = memory.load32(slot) ^ ((slot / 4096) | 0);
    found = stored < INEXACT ? protect(slot, stored) : stored;
  }
}

/** Copies the link in `slot` to `position`, safe-linked for that place, whatever its bits are. */
export function storeProtected(state: MallocState, position: Address, slot: Address): void {
  const memory = state.memory;
  const pointer = memory.loadWord(slot);
  if (pointer < INEXACT) memory.storeWord(position, protect(position, pointer));
  else memory.store64(position, memory.load64(slot) ^ BigInt(Math.floor(position / 4096)));
}

/** Copies the safe-linked pointer at `position` to `slot`, revealed, whatever its bits are. */
export function moveRevealed(state: MallocState, slot: Address, position: Address): void {
  const memory = state.memory;
  const stored = memory.loadWord(position);
  if (stored < INEXACT) memory.storeWord(slot, protect(position, stored));
  else memory.store64(slot, memory.load64(position) ^ BigInt(Math.floor(position / 4096)));
}
