/** _int_free of malloc.c: tcache, fastbin, or merged with its free neighbours into the unsorted list. */
import * as aborts from "./aborts";
import { fastbinAt, fastbinIndex, unsortedBin } from "./bins";
import {
  BK,
  BK_NEXTSIZE,
  CHUNK_HDR_SZ,
  FD,
  FD_NEXTSIZE,
  MALLOC_ALIGN_MASK,
  MINSIZE,
  MIN_LARGE_SIZE,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
  previousInUse,
  sizeOf,
} from "./chunk";
import { mallocConsolidate } from "./consolidate";
import * as host from "./host";
import { fill, setWord, word } from "./memory";
import * as state from "./state";
import { countOf, isCacheable, protect, tcacheFindDouble, tcacheIndex, tcachePut } from "./tcache";
import { systrim } from "./trim";
import { unlinkChunk } from "./unlink";

/** Whether the caller holds the arena: free itself does not, realloc, memalign and sysmalloc do. */
export const UNLOCKED: i32 = 0;
export const LOCKED: i32 = 1;

/** From this size of a merged chunk up, fastbins are consolidated and top may be trimmed. */
const FASTBIN_CONSOLIDATION_THRESHOLD: u64 = 65536;

/** Frees a chunk with size field `head` that is no mapping of its own; aborts where it cannot be one to free. */
export function intFree(p: u64, head: u64, lock: i32): void {
  const size = head & ~SIZE_BITS;
  // -size is 0 of a size of 0: such a pointer is called invalid, not the size.
  if (p > -size || (p & MALLOC_ALIGN_MASK) != 0) aborts.freeInvalidPointer();
  if (size < MINSIZE || (size & MALLOC_ALIGN_MASK) != 0) aborts.freeInvalidSize();
  const index = tcacheIndex(size);
  if (isCacheable(index)) {
    const mem = p + CHUNK_HDR_SZ;
    if (word(mem + 8) == state.tcacheKey) tcacheFindDouble(mem, index);
    const count = countOf(index);
    if (count < state.tcacheCount) {
      tcachePut(mem, index, count);
      return;
    }
  }
  if (size <= state.maxFast) toFastbin(p, size, lock);
  else merge(p, size, head, lock);
}

/** Pushes a small chunk onto its fastbin; it stays marked as in use. */
function toFastbin(p: u64, size: u64, lock: i32): void {
  const nextHead = word(p + size + SIZE);
  if (nextHead <= CHUNK_HDR_SZ || (nextHead & ~SIZE_BITS) >= state.systemMem) {
    aborts.freeInvalidNextSizeFast();
  }
  freePerturb(p, size);
  state.haveFastchunks = 1;
  const index = fastbinIndex(size);
  const fastbin = fastbinAt(index);
  const old = word(fastbin);
  if (old == p) aborts.doubleFreeFasttop();
  setWord(p + FD, protect(p + FD, old));
  setWord(fastbin, p);
  if (lock == LOCKED && old != 0 && fastbinIndex(sizeOf(old)) != index) {
    aborts.invalidFastbinEntry();
  }
}

/** Merges a chunk with its free neighbours, into top or as an unsorted chunk. */
function merge(chunk: u64, chunkSize: u64, head: u64, lock: i32): void {
  const next = chunk + chunkSize;
  const top = state.top;
  if (chunk == top) aborts.doubleFreeTop();
  if (state.contiguous != 0 && next >= top + sizeOf(top)) aborts.doubleFreeOut();
  const nextHead = word(next + SIZE);
  if ((nextHead & PREV_INUSE) == 0) aborts.doubleFreePrev();
  const nextSize = nextHead & ~SIZE_BITS;
  if (nextHead <= CHUNK_HDR_SZ || nextSize >= state.systemMem) aborts.freeInvalidNextSizeNormal();
  freePerturb(chunk, chunkSize);

  let p = chunk;
  let size = chunkSize;
  if ((head & PREV_INUSE) == 0) {
    const prevSize = word(chunk);
    size += prevSize;
    p = chunk - prevSize;
    if (sizeOf(p) != prevSize) aborts.corruptedPrevSizeConsolidating();
    unlinkChunk(p);
  }
  if (next == top) {
    size += nextSize;
    setWord(p + SIZE, size | PREV_INUSE);
    state.top = p;
  } else {
    if (!previousInUse(next + nextSize)) {
      unlinkChunk(next);
      size += nextSize;
    } else {
      setWord(next + SIZE, nextHead & ~PREV_INUSE);
    }
    const unsorted = unsortedBin();
    const first = word(unsorted + FD);
    if (word(first + BK) != unsorted) aborts.freeCorruptedUnsorted();
    setWord(p + FD, first);
    setWord(p + BK, unsorted);
    if (size >= MIN_LARGE_SIZE) {
      setWord(p + FD_NEXTSIZE, 0);
      setWord(p + BK_NEXTSIZE, 0);
    }
    setWord(unsorted + FD, p);
    setWord(first + BK, p);
    setWord(p + SIZE, size | PREV_INUSE);
    setWord(p + size, size);
  }
  if (size >= FASTBIN_CONSOLIDATION_THRESHOLD) {
    if (state.haveFastchunks != 0) mallocConsolidate();
    if (sizeOf(state.top) >= state.trimThreshold) trim(lock);
  }
}

/** Gives back the end of top; of free() itself errno stays as it was. */
function trim(lock: i32): void {
  const errno = host.getErrno();
  systrim(state.topPad);
  if (lock == UNLOCKED) host.setErrno(errno);
}

/** Fills freed memory with the byte set by M_PERTURB; what goes to the tcache is left. */
function freePerturb(p: u64, size: u64): void {
  if (state.perturbByte == 0) return;
  fill(p + CHUNK_HDR_SZ, state.perturbByte & 0xff, size - CHUNK_HDR_SZ);
}
