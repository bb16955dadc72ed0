/** malloc_consolidate of malloc.c: the fastbins' chunks are merged with their free neighbours. */
import * as aborts from "./aborts";
import { NFASTBINS, fastbinAt, fastbinIndex, unsortedBin } from "./bins";
import {
  BK,
  BK_NEXTSIZE,
  FD,
  FD_NEXTSIZE,
  MALLOC_ALIGN_MASK,
  MIN_LARGE_SIZE,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
  previousInUse,
  sizeOf,
} from "./chunk";
import { setWord, word } from "./memory";
import * as state from "./state";
import { protect } from "./tcache";
import { unlinkChunk } from "./unlink";

/** Empties every fastbin into the unsorted list, or into top. */
export function mallocConsolidate(): void {
  state.haveFastchunks = 0;
  for (let index: u32 = 0; index < NFASTBINS; index++) {
    let p = word(fastbinAt(index));
    if (p == 0) continue;
    setWord(fastbinAt(index), 0);
    while (p != 0) {
      if ((p & MALLOC_ALIGN_MASK) != 0) aborts.consolidateUnaligned();
      if (fastbinIndex(sizeOf(p)) != index) aborts.consolidateInvalidSize();
      const next = protect(p + FD, word(p + FD));
      release(p);
      p = next;
    }
  }
}

/** Merges one chunk with its free neighbours and puts it into the unsorted list or top. */
function release(chunk: u64): void {
  const head = word(chunk + SIZE);
  let p = chunk;
  let size = head & ~SIZE_BITS;
  const next = p + size;
  const nextSize = sizeOf(next);
  if ((head & PREV_INUSE) == 0) {
    const prevSize = word(p);
    size += prevSize;
    p -= prevSize;
    if (sizeOf(p) != prevSize) aborts.corruptedPrevSizeInFastbins();
    unlinkChunk(p);
  }
  if (next == state.top) {
    setWord(p + SIZE, (size + nextSize) | PREV_INUSE);
    state.top = p;
    return;
  }
  if (!previousInUse(next + nextSize)) {
    size += nextSize;
    unlinkChunk(next);
  } else {
    setWord(next + SIZE, word(next + SIZE) & ~PREV_INUSE);
  }
  const unsorted = unsortedBin();
  const first = word(unsorted + FD);
  setWord(unsorted + FD, p);
  setWord(first + BK, p);
  if (size >= MIN_LARGE_SIZE) {
    setWord(p + FD_NEXTSIZE, 0);
    setWord(p + BK_NEXTSIZE, 0);
  }
  setWord(p + SIZE, size | PREV_INUSE);
  setWord(p + BK, unsorted);
  setWord(p + FD, first);
  setWord(p + size, size);
}
