/** _int_memalign of malloc.c: a chunk with room to spare, whose ends are given back. */
import type { Place } from "./heap-memory.js";
import {
  CHUNK_HDR_SZ,
  IS_MMAPPED,
  MINSIZE,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
  TWO_63,
  alignUp,
  checkedRequestToSize,
} from "./chunk.js";
import { LOCKED, intFree } from "./int-free.js";
import { intMalloc } from "./int-malloc.js";
import { outOfMemory } from "./state.js";
import type { MallocState } from "./state.js";

/** `bytes` of memory on a multiple of `alignment`, a power of two from 32 up; or 0 with ENOMEM. */
export function intMemalign(state: MallocState, alignment: number, bytes: number): Place {
  const memory = state.memory;
  const nb = checkedRequestToSize(bytes);
  if (nb === 0 || alignment >= TWO_63) return outOfMemory(state);
  const mem = intMalloc(state, nb + alignment + MINSIZE);
  if (mem === 0) return 0;
  let p = mem - CHUNK_HDR_SZ;
  const address = memory.address(mem);
  if (address % alignment !== 0) {
    let aligned = mem + alignUp(address, alignment) - address - CHUNK_HDR_SZ;
    if (aligned - p < MINSIZE) aligned += alignment;
    const head = memory.loadWord(p + SIZE);
    const lead = aligned - p;
    const size = head - (head & SIZE_BITS) - lead;
    if ((head & IS_MMAPPED) !== 0) {
      memory.storeWord(aligned, memory.loadWord(p) + lead);
      memory.storeWord(aligned + SIZE, size + IS_MMAPPED);
      state.mappedChunks.delete(p);
      state.mappedChunks.add(aligned);
      return aligned + CHUNK_HDR_SZ;
    }
    memory.storeWord(aligned + SIZE, size + PREV_INUSE);
    const next = aligned + size + SIZE;
    memory.store32(next, memory.load32(next) | PREV_INUSE);
    memory.storeWord(p + SIZE, lead + (head & SIZE_BITS));
    intFree(state, p, lead + (head & SIZE_BITS), LOCKED);
    p = aligned;
  }
  const head = memory.loadWord(p + SIZE);
  if ((head & IS_MMAPPED) === 0) {
    const size = head - (head & SIZE_BITS);
    if (size > nb + MINSIZE) {
      memory.storeWord(p + nb + SIZE, size - nb + PREV_INUSE);
      memory.storeWord(p + SIZE, nb + (head & SIZE_BITS));
      intFree(state, p + nb, size - nb + PREV_INUSE, LOCKED);
    }
  }
  return p + CHUNK_HDR_SZ;
}
