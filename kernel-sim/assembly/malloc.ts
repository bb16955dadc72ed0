/** The C library's functions (malloc.c, "Public wrappers"), on addresses and sizes of 64 bits. */
import * as aborts from "./aborts";
import { NBINS, binAt, unsortedBin } from "./bins";
import {
  BK,
  CHUNK_HDR_SZ,
  FD,
  IS_MMAPPED,
  MALLOC_ALIGNMENT,
  MALLOC_ALIGN_MASK,
  MINSIZE,
  NON_MAIN_ARENA,
  PREV_INUSE,
  PTRDIFF_MAX,
  SIZE,
  SIZE_BITS,
  SIZE_SZ,
  TCACHE_BYTES,
  previousInUse,
  requestToSize,
  sizeOf,
} from "./chunk";
import { outOfMemory } from "./errors";
import * as host from "./host";
import { UNLOCKED, intFree } from "./int-free";
import { intMalloc } from "./int-malloc";
import { intMemalign } from "./int-memalign";
import { intRealloc } from "./int-realloc";
import { copy, fill, setWord, word } from "./memory";
import { mremapChunk, munmapChunk } from "./mmapped";
import { HEAP_MAX_SIZE, tcacheElsewhere } from "./second-arena";
import * as state from "./state";
import { countOf, isCacheable, tcacheGet, tcacheIndex } from "./tcache";

/** The highest mmap threshold that freeing can set (DEFAULT_MMAP_THRESHOLD_MAX). */
const MMAP_THRESHOLD_MAX: u64 = 32 * 1024 * 1024;

/** Links every empty bin to itself, once (ptmalloc_init, malloc_init_state). */
export function initialize(): void {
  if (state.initialized != 0) return;
  state.initialized = 1;
  const low = <u64>host.random();
  state.tcacheKey = ((<u64>host.random()) << 32) | low;
  for (let index: u32 = 1; index < NBINS; index++) {
    const bin = binAt(index);
    setWord(bin + FD, bin);
    setWord(bin + BK, bin);
  }
  state.top = unsortedBin();
}

/** The tcache's struct is the process's first chunk; without memory for it, the next call tries again. */
function initTcache(): void {
  initialize();
  const mem = intMalloc(TCACHE_BYTES);
  beginTcache(mem == 0 ? tcacheElsewhere() : mem);
}

function beginTcache(mem: u64): void {
  if (mem == 0) return;
  fill(mem, 0, TCACHE_BYTES);
  state.tcache = mem;
}

/** malloc(3). */
export function malloc(bytes: u64): u64 {
  initialize();
  if (bytes > PTRDIFF_MAX) return outOfMemory();
  if (state.tcache == 0) initTcache();
  const index = tcacheIndex(requestToSize(bytes));
  if (isCacheable(index)) {
    const count = countOf(index);
    if (count > 0) return tcacheGet(index, count);
  }
  return intMalloc(bytes);
}

/** free(3); errno stays as it is. */
export function free(mem: u64): void {
  if (mem == 0) return;
  const p = mem - CHUNK_HDR_SZ;
  const head = word(p + SIZE);
  if ((head & (IS_MMAPPED | NON_MAIN_ARENA)) == 0 && state.tcache != 0) intFree(p, head, UNLOCKED);
  else {
    const errno = host.getErrno();
    freeUnusual(p, head);
    host.setErrno(errno);
  }
}

/**
 * free() of a mapped chunk, of one that says that it is another arena's, and before the first malloc: the thread has no arena
 * yet then, and gets a new one for the tcache's struct. main_arena stays all zeros.
 */
function freeUnusual(p: u64, head: u64): void {
  if ((head & IS_MMAPPED) != 0) {
    adaptThresholds(head);
    munmapChunk(p);
    return;
  }
  if (state.initialized == 0 && state.tcache == 0) beginTcache(tcacheElsewhere());
  else if (state.tcache == 0) initTcache();
  if ((head & NON_MAIN_ARENA) != 0) readForeignArena(p);
  intFree(p, head, UNLOCKED);
}

/** Freeing a mapped chunk above the mmap threshold raises it, and with it the trim threshold. */
function adaptThresholds(head: u64): void {
  if (state.noDynamicThreshold != 0) return;
  if (head <= state.mmapThreshold || head > MMAP_THRESHOLD_MAX) return;
  state.mmapThreshold = head & ~SIZE_BITS;
  state.trimThreshold = 2 * state.mmapThreshold;
}

/** arena_for_chunk where the A bit is set: the arena's address is read from the start of the heap. */
function readForeignArena(p: u64): void {
  word(p & ~(HEAP_MAX_SIZE - 1));
}

/**
 * calloc(3). The product may be no more than PTRDIFF_MAX. What comes from above the old top is fresh from the kernel, and zero
 * already, since Linux clears what the break is moved over, also where it was before (MORECORE_CLEARS is 2).
 */
export function calloc(count: u64, elementSize: u64): u64 {
  const bytes = count * elementSize;
  if (bytes > PTRDIFF_MAX) return outOfMemory();
  if ((count | elementSize) >> 31 != 0 && elementSize != 0 && bytes / elementSize != count) {
    return outOfMemory();
  }
  initialize();
  if (state.tcache == 0) initTcache();
  const oldTop = state.top;
  const oldTopSize = sizeOf(oldTop);
  const mem = intMalloc(bytes);
  if (mem == 0) return 0;
  const p = mem - CHUNK_HDR_SZ;
  const head = word(p + SIZE);
  if ((head & IS_MMAPPED) != 0) {
    if (state.perturbByte != 0) fill(mem, 0, bytes);
    return mem;
  }
  let size = head & ~SIZE_BITS;
  if (state.perturbByte == 0 && p == oldTop && size > oldTopSize) size = oldTopSize;
  fill(mem, 0, size - SIZE_SZ);
  return mem;
}

/** realloc(3). */
export function realloc(oldMem: u64, bytes: u64): u64 {
  initialize();
  if (bytes == 0 && oldMem != 0) {
    free(oldMem);
    return 0;
  }
  if (oldMem == 0) return malloc(bytes);
  const oldp = oldMem - CHUNK_HDR_SZ;
  const oldHead = word(oldp + SIZE);
  const isMapped = (oldHead & IS_MMAPPED) != 0;
  if (!isMapped) {
    if (state.tcache == 0) initTcache();
    if ((oldHead & NON_MAIN_ARENA) != 0) readForeignArena(oldp);
  }
  const oldSize = sizeOf(oldp);
  if ((oldp & MALLOC_ALIGN_MASK) != 0 || oldp > -oldSize) aborts.reallocInvalidPointer();
  if (bytes > PTRDIFF_MAX) return outOfMemory();
  const nb = requestToSize(bytes);
  if (!isMapped) return intRealloc(oldp, nb);
  const newp = mremapChunk(oldp, nb);
  if (newp != 0) return newp + CHUNK_HDR_SZ;
  if (oldSize - SIZE_SZ >= nb) return oldMem;
  const mem = malloc(bytes);
  if (mem == 0) return 0;
  copy(mem, oldMem, oldSize - CHUNK_HDR_SZ);
  munmapChunk(oldp);
  return mem;
}

/** memalign(3): the alignment is rounded up to a power of two; above 2^63 it is EINVAL. */
export function memalign(alignment: u64, bytes: u64): u64 {
  initialize();
  if (alignment <= MALLOC_ALIGNMENT) return malloc(bytes);
  if (alignment > PTRDIFF_MAX + 1) {
    host.invalidArgument();
    return 0;
  }
  let power = MINSIZE;
  while (power < alignment) power <<= 1;
  return intMemalign(power, bytes);
}

/** malloc_usable_size(3): 0 of NULL and of free memory. */
export function usableSize(mem: u64): u64 {
  if (mem == 0) return 0;
  const p = mem - CHUNK_HDR_SZ;
  const head = word(p + SIZE);
  const size = head & ~SIZE_BITS;
  if ((head & IS_MMAPPED) != 0) return size - CHUNK_HDR_SZ;
  return previousInUse(p + size) ? size - SIZE_SZ : 0;
}
