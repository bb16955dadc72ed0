/** _int_realloc of malloc.c: in place, into top, into a free neighbour, or by a copy. */
import type { Place } from "./heap-memory.js";
import {
  CHUNK_HDR_SZ,
  MALLOC_ALIGN_MASK,
  MINSIZE,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
  SIZE_SZ,
} from "./chunk.js";
import { LOCKED, intFree } from "./int-free.js";
import { intMalloc } from "./int-malloc.js";
import { mallocError } from "./state.js";
import type { MallocState } from "./state.js";
import { unlinkChunk } from "./unlink.js";

/** Memory of `nb` chunk bytes with the contents of `oldp`; 0 with ENOMEM, and `oldp` is then as before. */
export function intRealloc(state: MallocState, oldp: Place, nb: number): Place {
  const memory = state.memory;
  const oldHead = memory.loadWord(oldp + SIZE);
  const oldSize = oldHead - (oldHead & SIZE_BITS);
  if (oldHead <= CHUNK_HDR_SZ || oldSize >= state.systemMem) {
    mallocError(state, "realloc(): invalid old size");
  }
  const next = oldp + oldSize;
  const nextHead = memory.loadWord(next + SIZE);
  const nextSize = nextHead - (nextHead & SIZE_BITS);
  if (nextHead <= CHUNK_HDR_SZ || nextSize >= state.systemMem) {
    mallocError(state, "realloc(): invalid next size");
  }
  if (oldSize >= nb) return splitRest(state, oldp, oldSize, nb);
  const together = oldSize + nextSize;
  if (next === state.top) {
    if (together >= nb + MINSIZE) {
      memory.storeWord(oldp + SIZE, nb + (oldHead & SIZE_BITS));
      state.top = oldp + nb;
      memory.storeWord(oldp + nb + SIZE, together - nb + PREV_INUSE);
      return oldp + CHUNK_HDR_SZ;
    }
  } else if ((memory.load32(next + nextSize + SIZE) & PREV_INUSE) === 0 && together >= nb) {
    unlinkChunk(state, next);
    return splitRest(state, oldp, together, nb);
  }
  const mem = intMalloc(state, nb - MALLOC_ALIGN_MASK);
  if (mem === 0) return 0;
  const newp = mem - CHUNK_HDR_SZ;
  if (newp === next) {
    const newHead = memory.loadWord(newp + SIZE);
    return splitRest(state, oldp, oldSize + newHead - (newHead & SIZE_BITS), nb);
  }
  memory.copy(mem, oldp + CHUNK_HDR_SZ, oldSize - SIZE_SZ);
  // Its size field may have changed meanwhile: the new chunk can be the one before it.
  intFree(state, oldp, memory.loadWord(oldp + SIZE), LOCKED);
  return mem;
}

/** Keeps `nb` bytes of the chunk's `size`, frees the rest where it is a chunk; the chunk's memory. */
function splitRest(state: MallocState, p: Place, size: number, nb: number): Place {
  const memory = state.memory;
  const flags = memory.load32(p + SIZE) & SIZE_BITS;
  const rest = size - nb;
  if (rest < MINSIZE) {
    memory.storeWord(p + SIZE, size + flags);
    const next = p + size + SIZE;
    memory.store32(next, memory.load32(next) | PREV_INUSE);
  } else {
    const remainder = p + nb;
    memory.storeWord(p + SIZE, nb + flags);
    memory.storeWord(remainder + SIZE, rest + PREV_INUSE);
    const next = p + size + SIZE;
    memory.store32(next, memory.load32(next) | PREV_INUSE);
    intFree(state, remainder, rest + PREV_INUSE, LOCKED);
  }
  return p + CHUNK_HDR_SZ;
}
