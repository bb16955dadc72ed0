/** _int_realloc of malloc.c: in place, into top, into a free neighbour, or by a copy. */
import * as aborts from "./aborts";
import {
  CHUNK_HDR_SZ,
  MALLOC_ALIGN_MASK,
  MINSIZE,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
  SIZE_SZ,
  previousInUse,
  sizeOf,
} from "./chunk";
import { LOCKED, intFree } from "./int-free";
import { intMalloc } from "./int-malloc";
import { copy, setWord, word } from "./memory";
import * as state from "./state";
import { unlinkChunk } from "./unlink";

/** Memory of `nb` chunk bytes with the contents of `oldp`; 0 with ENOMEM, and `oldp` is then as before. */
export function intRealloc(oldp: u64, nb: u64): u64 {
  const oldHead = word(oldp + SIZE);
  const oldSize = oldHead & ~SIZE_BITS;
  if (oldHead <= CHUNK_HDR_SZ || oldSize >= state.systemMem) aborts.reallocInvalidOldSize();
  const next = oldp + oldSize;
  const nextHead = word(next + SIZE);
  const nextSize = nextHead & ~SIZE_BITS;
  if (nextHead <= CHUNK_HDR_SZ || nextSize >= state.systemMem) aborts.reallocInvalidNextSize();
  if (oldSize >= nb) return splitRest(oldp, oldSize, nb);
  const together = oldSize + nextSize;
  if (next == state.top) {
    if (together >= nb + MINSIZE) {
      setWord(oldp + SIZE, nb | (oldHead & SIZE_BITS));
      state.top = oldp + nb;
      setWord(oldp + nb + SIZE, (together - nb) | PREV_INUSE);
      return oldp + CHUNK_HDR_SZ;
    }
  } else if (!previousInUse(next + nextSize) && together >= nb) {
    unlinkChunk(next);
    return splitRest(oldp, together, nb);
  }
  const mem = intMalloc(nb - MALLOC_ALIGN_MASK);
  if (mem == 0) return 0;
  const newp = mem - CHUNK_HDR_SZ;
  if (newp == next) return splitRest(oldp, oldSize + sizeOf(newp), nb);
  copy(mem, oldp + CHUNK_HDR_SZ, oldSize - SIZE_SZ);
  // Its size field may have changed meanwhile: the new chunk can be the one before it.
  intFree(oldp, word(oldp + SIZE), LOCKED);
  return mem;
}

/** Keeps `nb` bytes of the chunk's `size`, frees the rest where it is a chunk; the chunk's memory. */
function splitRest(p: u64, size: u64, nb: u64): u64 {
  const flags = word(p + SIZE) & SIZE_BITS;
  const rest = size - nb;
  const next = p + size + SIZE;
  if (rest < MINSIZE) {
    setWord(p + SIZE, size | flags);
    setWord(next, word(next) | PREV_INUSE);
  } else {
    const remainder = p + nb;
    setWord(p + SIZE, nb | flags);
    setWord(remainder + SIZE, rest | PREV_INUSE);
    setWord(next, word(next) | PREV_INUSE);
    intFree(remainder, rest | PREV_INUSE, LOCKED);
  }
  return p + CHUNK_HDR_SZ;
}
