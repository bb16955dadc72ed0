/** malloc_consolidate of malloc.c: the fastbins' chunks are merged with their free neighbours. */
import type { Place } from "./heap-memory.js";
import { MIN_LARGE_SIZE, NFASTBINS, fastbinAt, fastbinIndex } from "./bins.js";
import {
  BK,
  BK_NEXTSIZE,
  FD,
  FD_NEXTSIZE,
  MALLOC_ALIGN_MASK,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
} from "./chunk.js";
import { mallocError } from "./state.js";
import type { MallocState } from "./state.js";
import { unlinkChunk } from "./unlink.js";

/** Empties every fastbin into the unsorted list, or into top. */
export function mallocConsolidate(state: MallocState): void {
  const memory = state.memory;
  state.haveFastchunks = 0;
  for (let index = 0; index < NFASTBINS; index++) {
    const fastbin = fastbinAt(state.mainArena, index);
    let p = memory.loadLink(fastbin);
    if (p === 0) continue;
    let low = memory.load32(fastbin);
    memory.storeWord(fastbin, 0);
    while (p !== 0) {
      if ((low & MALLOC_ALIGN_MASK) !== 0) {
        mallocError(state, "malloc_consolidate(): unaligned fastbin chunk detected");
      }
      if (fastbinIndex(memory.load32(p + SIZE)) !== index) {
        mallocError(state, "malloc_consolidate(): invalid chunk size");
      }
      const next = memory.revealed(p + FD);
      low = memory.load32(p + FD) ^ memory.protectionOf(p + FD);
      release(state, p);
      p = next;
    }
  }
}

/** Merges one chunk with its free neighbours and puts it into the unsorted list or top. */
function release(state: MallocState, chunk: Place): void {
  const memory = state.memory;
  const head = memory.loadWord(chunk + SIZE);
  let p = chunk;
  let size = head - (head & SIZE_BITS);
  const next = p + size;
  const nextHead = memory.loadWord(next + SIZE);
  const nextSize = nextHead - (nextHead & SIZE_BITS);
  if ((head & PREV_INUSE) === 0) {
    const prevSize = memory.loadWord(p);
    size += prevSize;
    p -= prevSize;
    const prevHead = memory.loadWord(p + SIZE);
    if (prevHead - (prevHead & SIZE_BITS) !== prevSize) {
      mallocError(state, "corrupted size vs. prev_size in fastbins");
    }
    unlinkChunk(state, p);
  }
  if (next === state.top) {
    memory.storeWord(p + SIZE, size + nextSize + PREV_INUSE);
    state.top = p;
    return;
  }
  if ((memory.load32(next + nextSize + SIZE) & PREV_INUSE) === 0) {
    size += nextSize;
    unlinkChunk(state, next);
  } else {
    memory.store32(next + SIZE, memory.load32(next + SIZE) & ~PREV_INUSE);
  }
  const unsorted = state.unsorted;
  const first = memory.loadLink(unsorted + FD);
  memory.storeLink(unsorted + FD, p);
  memory.storeLink(first + BK, p);
  if (size >= MIN_LARGE_SIZE) {
    memory.storeLink(p + FD_NEXTSIZE, 0);
    memory.storeLink(p + BK_NEXTSIZE, 0);
  }
  memory.storeWord(p + SIZE, size + PREV_INUSE);
  memory.storeLink(p + BK, unsorted);
  memory.storeLink(p + FD, first);
  memory.storeWord(p + size, size);
}
