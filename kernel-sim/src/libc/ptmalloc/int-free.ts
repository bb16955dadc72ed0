/** _int_free of malloc.c: tcache, fastbin, or merged with its free neighbours into the unsorted list. */
import type { Place } from "./heap-memory.js";
import { MIN_LARGE_SIZE, fastbinAt, fastbinIndex } from "./bins.js";
import {
  BK,
  BK_NEXTSIZE,
  CHUNK_HDR_SZ,
  FD,
  FD_NEXTSIZE,
  INEXACT,
  MALLOC_ALIGN_MASK,
  MINSIZE,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
} from "./chunk.js";
import { mallocConsolidate } from "./consolidate.js";
import { mallocError } from "./state.js";
import type { MallocState } from "./state.js";
import { tcacheFindDouble, tcacheIndex, tcachePutCounted, countIn, countsAt } from "./tcache.js";
import { systrim } from "./trim.js";
import { unlinkChunk } from "./unlink.js";

/** Whether the caller holds the arena: free itself does not, realloc, memalign and sysmalloc do. */
export const UNLOCKED = 0;
export const LOCKED = 1;

/** From this size of a merged chunk up, fastbins are consolidated and top may be trimmed. */
const FASTBIN_CONSOLIDATION_THRESHOLD = 65536;

/** Frees the chunk `p` with size field `head`, no mapping of its own; aborts where it cannot be one to free. */
export function intFree(state: MallocState, p: Place, head: number, lock: number): void {
  const memory = state.memory;
  const size = head - (head & SIZE_BITS);
  if (size >= INEXACT) freeOfGarbage(state, p);
  // Of a size of 0, p > -size holds as well: glibc calls the pointer invalid, not the size.
  if ((p & MALLOC_ALIGN_MASK) !== 0 || size === 0) mallocError(state, "free(): invalid pointer");
  if (size < MINSIZE || (size & MALLOC_ALIGN_MASK) !== 0) {
    mallocError(state, "free(): invalid size");
  }
  const mem = p + CHUNK_HDR_SZ;
  const cache = tcacheIndex(size);
  if (cache < state.tcacheBins && state.tcache !== 0) {
    if (
      memory.load32(mem + 8) === state.tcacheKeyLow &&
      memory.load32(mem + 12) === state.tcacheKeyHigh
    ) {
      tcacheFindDouble(state, mem, cache);
    }
    const counts = memory.load32(countsAt(state.tcache, cache));
    if (countIn(counts, cache) < state.tcacheCount) {
      tcachePutCounted(state, mem, cache, counts);
      return;
    }
  }
  if (size <= state.maxFast) toFastbin(state, p, size, lock);
  else merge(state, p, size, head);
}

/** A size of 2^53 and above: the checks of _int_free and of what follows it, on the exact bits. */
function freeOfGarbage(state: MallocState, p: Place): never {
  const size = state.memory.load64(p + SIZE) & ~7n;
  const wraps = BigInt(state.memory.address(p)) + size > 0x1_0000_0000_0000_0000n;
  if (wraps || (p & MALLOC_ALIGN_MASK) !== 0) mallocError(state, "free(): invalid pointer");
  if ((size & 15n) !== 0n) mallocError(state, "free(): invalid size");
  if (state.contiguous !== 0) mallocError(state, "double free or corruption (out)");
  state.memory.loadWord(p + Number(size) + SIZE);
  return mallocError(state, "double free or corruption (!prev)");
}

/** Pushes a small chunk onto its fastbin; it stays marked as in use. */
function toFastbin(state: MallocState, p: Place, size: number, lock: number): void {
  const memory = state.memory;
  const nextHead = memory.loadWord(p + size + SIZE);
  if (nextHead <= CHUNK_HDR_SZ || nextHead - (nextHead & SIZE_BITS) >= state.systemMem) {
    mallocError(state, "free(): invalid next size (fast)");
  }
  freePerturb(state, p, size);
  state.haveFastchunks = 1;
  const index = fastbinIndex(size);
  const fastbin = fastbinAt(state.mainArena, index);
  const old = memory.loadLink(fastbin);
  if (old === p) mallocError(state, "double free or corruption (fasttop)");
  memory.copyProtected(p + FD, fastbin, p + FD);
  memory.storeLink(fastbin, p);
  if (lock === LOCKED && old !== 0 && fastbinIndex(memory.load32(old + SIZE)) !== index) {
    mallocError(state, "invalid fastbin entry (free)");
  }
}

/** Merges a chunk with its free neighbours, into top or as an unsorted chunk. */
function merge(state: MallocState, chunk: Place, chunkSize: number, head: number): void {
  const memory = state.memory;
  const next = chunk + chunkSize;
  const top = state.top;
  if (chunk === top) mallocError(state, "double free or corruption (top)");
  if (state.contiguous !== 0) {
    const topHead = memory.loadWord(top + SIZE);
    if (next >= top + topHead - (topHead & SIZE_BITS)) {
      mallocError(state, "double free or corruption (out)");
    }
  }
  const nextHead = memory.loadWord(next + SIZE);
  const nextLow = nextHead < INEXACT ? nextHead : memory.load32(next + SIZE);
  if ((nextLow & PREV_INUSE) === 0) {
    mallocError(state, "double free or corruption (!prev)");
  }
  const nextSize = nextHead - (nextHead & SIZE_BITS);
  if (nextHead <= CHUNK_HDR_SZ || nextSize >= state.systemMem) {
    mallocError(state, "free(): invalid next size (normal)");
  }
  freePerturb(state, chunk, chunkSize);

  let p = chunk;
  let size = chunkSize;
  if ((head & PREV_INUSE) === 0) {
    const prevSize = memory.loadWord(chunk);
    size += prevSize;
    p = chunk - prevSize;
    const prevHead = memory.loadWord(p + SIZE);
    if (prevHead - (prevHead & SIZE_BITS) !== prevSize) {
      mallocError(state, "corrupted size vs. prev_size while consolidating");
    }
    unlinkChunk(state, p);
  }
  if (next === top) {
    size += nextSize;
    memory.storeWord(p + SIZE, size + PREV_INUSE);
    state.top = p;
  } else {
    if ((memory.load32(next + nextSize + SIZE) & PREV_INUSE) === 0) {
      unlinkChunk(state, next);
      size += nextSize;
    } else {
      memory.storeWord(next + SIZE, nextHead - PREV_INUSE);
    }
    const unsorted = state.unsorted;
    const first = memory.loadLink(unsorted + FD);
    if (memory.loadLink(first + BK) !== unsorted) {
      mallocError(state, "free(): corrupted unsorted chunks");
    }
    memory.storeLink(p + FD, first);
    memory.storeLink(p + BK, unsorted);
    if (size >= MIN_LARGE_SIZE) {
      memory.storeLink(p + FD_NEXTSIZE, 0);
      memory.storeLink(p + BK_NEXTSIZE, 0);
    }
    memory.storeLink(unsorted + FD, p);
    memory.storeLink(first + BK, p);
    memory.storeWord(p + SIZE, size + PREV_INUSE);
    memory.storeWord(p + size, size);
  }
  if (size >= FASTBIN_CONSOLIDATION_THRESHOLD) {
    if (state.haveFastchunks !== 0) mallocConsolidate(state);
    const topHead = memory.loadWord(state.top + SIZE);
    if (topHead - (topHead & SIZE_BITS) >= state.trimThreshold) systrim(state, state.topPad);
  }
}

/** Fills freed memory with the byte set by M_PERTURB; what goes to the tcache is left. */
function freePerturb(state: MallocState, p: Place, size: number): void {
  if (state.perturbByte === 0) return;
  state.memory.fill(p + CHUNK_HDR_SZ, state.perturbByte & 0xff, size - CHUNK_HDR_SZ);
}
