/**
 * _int_malloc of malloc.c: fastbin, small bin, the unsorted chunks one by one, the large bin, the
 * next bin that has anything, top, and at last the kernel.
 */
import type { Place } from "./heap-memory.js";
import {
  MIN_LARGE_SIZE,
  binAt,
  fastbinAt,
  fastbinIndex,
  largebinIndex,
  smallbinIndex,
} from "./bins.js";
import {
  BK,
  BK_NEXTSIZE,
  CHUNK_HDR_SZ,
  FD,
  FD_NEXTSIZE,
  MINSIZE,
  NON_MAIN_ARENA,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
  checkedRequestToSize,
} from "./chunk.js";
import { mallocConsolidate } from "./consolidate.js";
import { mallocAssert, mallocError, outOfMemory } from "./state.js";
import type { MallocState } from "./state.js";
import { sysmalloc } from "./sysmalloc.js";
import { isMisaligned, tcacheCountAt, tcacheGet, tcacheIndex, tcachePut } from "./tcache.js";
import { unlinkChunk } from "./unlink.js";

/** How many unsorted chunks one pass sorts before it looks into the bins (MAX_ITERS). */
const MAX_ITERS = 10_000;

/**
 * Memory for a request of `bytes`, or 0 with ENOMEM. The size is a size_t: 2^63 and above fail
 * before anything is moved.
 */
export function intMalloc(state: MallocState, bytes: number): Place {
  const nb = checkedRequestToSize(bytes);
  if (nb === 0) return outOfMemory(state);
  const mem = findChunk(state, nb);
  if (state.perturbByte !== 0 && mem !== 0) allocPerturb(state, mem, bytes);
  return mem;
}

function findChunk(state: MallocState, nb: number): Place {
  if (nb <= state.maxFast) {
    const mem = fromFastbin(state, nb);
    if (mem !== 0) return mem;
  }
  let index: number;
  if (nb < MIN_LARGE_SIZE) {
    index = smallbinIndex(nb);
    const mem = fromSmallbin(state, nb, binAt(state.mainArena, index));
    if (mem !== 0) return mem;
  } else {
    index = largebinIndex(nb);
    if (state.haveFastchunks !== 0) mallocConsolidate(state);
  }
  for (;;) {
    let mem = sortUnsorted(state, nb);
    if (mem !== 0) return mem;
    if (nb >= MIN_LARGE_SIZE) {
      mem = fromLargebin(state, nb, binAt(state.mainArena, index));
      if (mem !== 0) return mem;
    }
    mem = fromLargerBin(state, nb, index + 1);
    if (mem !== 0) return mem;

    const top = state.top;
    const head = state.memory.loadWord(top + SIZE);
    const size = head - (head & SIZE_BITS);
    if (size > state.systemMem) mallocError(state, "malloc(): corrupted top size");
    if (size >= nb + MINSIZE) {
      state.top = top + nb;
      state.memory.storeWord(top + SIZE, nb + PREV_INUSE);
      state.memory.storeWord(top + nb + SIZE, size - nb + PREV_INUSE);
      return top + CHUNK_HDR_SZ;
    }
    if (state.haveFastchunks === 0) return sysmalloc(state, nb);
    mallocConsolidate(state);
  }
}

/** The first chunk of the request's fastbin, or 0; the others go to the tcache, as many as fit. */
function fromFastbin(state: MallocState, nb: number): Place {
  const memory = state.memory;
  const index = fastbinIndex(nb);
  const fastbin = fastbinAt(state.mainArena, index);
  const victim = memory.loadLink(fastbin);
  if (victim === 0) return 0;
  if (isMisaligned(memory, victim, fastbin)) {
    mallocError(state, "malloc(): unaligned fastbin chunk detected 2");
  }
  memory.copyProtected(fastbin, victim + FD, victim + FD);
  if (fastbinIndex(memory.load32(victim + SIZE)) !== index) {
    mallocError(state, "malloc(): memory corruption (fast)");
  }
  const cache = tcacheIndex(nb);
  if (state.tcache !== 0 && cache < state.tcacheBins) {
    while (tcacheCountAt(state, cache) < state.tcacheCount) {
      const other = memory.loadLink(fastbin);
      if (other === 0) break;
      if (isMisaligned(memory, other, fastbin)) {
        mallocError(state, "malloc(): unaligned fastbin chunk detected 3");
      }
      memory.copyProtected(fastbin, other + FD, other + FD);
      tcachePut(state, other + CHUNK_HDR_SZ, cache);
    }
  }
  return victim + CHUNK_HDR_SZ;
}

/** The oldest chunk of a small bin, or 0; the others go to the tcache, as many as fit. */
function fromSmallbin(state: MallocState, nb: number, bin: Place): Place {
  const memory = state.memory;
  const victim = memory.loadLink(bin + BK);
  if (victim === bin) return 0;
  const before = memory.loadLink(victim + BK);
  if (memory.loadLink(before + FD) !== victim) {
    mallocError(state, "malloc(): smallbin double linked list corrupted");
  }
  setInuseAt(state, victim + nb);
  memory.storeLink(bin + BK, before);
  memory.storeLink(before + FD, bin);
  const cache = tcacheIndex(nb);
  if (state.tcache !== 0 && cache < state.tcacheBins) {
    while (tcacheCountAt(state, cache) < state.tcacheCount) {
      const other = memory.loadLink(bin + BK);
      if (other === bin) break;
      if (other === 0) continue;
      const next = memory.loadLink(other + BK);
      setInuseAt(state, other + nb);
      memory.storeLink(bin + BK, next);
      memory.storeLink(next + FD, bin);
      tcachePut(state, other + CHUNK_HDR_SZ, cache);
    }
  }
  return victim + CHUNK_HDR_SZ;
}

/** Marks the chunk that ends at `next` as in use. */
function setInuseAt(state: MallocState, next: Place): void {
  state.memory.store32(next + SIZE, state.memory.load32(next + SIZE) | PREV_INUSE);
}

/**
 * Empties the unsorted list into the bins. Answers memory where a chunk fits exactly, or where the
 * last remainder is all there is and a small request can be cut from it; else 0.
 */
function sortUnsorted(state: MallocState, nb: number): Place {
  const memory = state.memory;
  const unsorted = state.unsorted;
  const cache = tcacheIndex(nb);
  const cacheable = state.tcache !== 0 && cache < state.tcacheBins;
  let cached = 0;
  for (let iterations = 0; iterations < MAX_ITERS;) {
    const victim = memory.loadLink(unsorted + BK);
    if (victim === unsorted) break;
    const before = memory.loadLink(victim + BK);
    const head = memory.loadWord(victim + SIZE);
    const size = head - (head & SIZE_BITS);
    checkUnsorted(state, victim, size, before);
    if (
      nb < MIN_LARGE_SIZE &&
      before === unsorted &&
      victim === state.lastRemainder &&
      size > nb + MINSIZE
    ) {
      const remainder = victim + nb;
      const remainderSize = size - nb;
      memory.storeLink(unsorted + BK, remainder);
      memory.storeLink(unsorted + FD, remainder);
      state.lastRemainder = remainder;
      memory.storeLink(remainder + BK, unsorted);
      memory.storeLink(remainder + FD, unsorted);
      splitHeads(state, victim, nb, remainderSize);
      return victim + CHUNK_HDR_SZ;
    }
    memory.storeLink(unsorted + BK, before);
    memory.storeLink(before + FD, unsorted);
    if (size === nb) {
      setInuseAt(state, victim + size);
      if (!cacheable || tcacheCountAt(state, cache) >= state.tcacheCount) {
        return victim + CHUNK_HDR_SZ;
      }
      tcachePut(state, victim + CHUNK_HDR_SZ, cache);
      cached = 1;
      continue;
    }
    if (size < MIN_LARGE_SIZE) linkSmall(state, victim, smallbinIndex(size));
    else linkLarge(state, victim, size, largebinIndex(size));
    iterations++;
  }
  if (cached === 0) return 0;
  state.servedFromTcache = state.perturbByte === 0 ? 0 : 1;
  return tcacheGet(state, cache);
}

/** Aborts where an unsorted chunk, its end or its links do not agree. */
function checkUnsorted(state: MallocState, victim: Place, size: number, before: Place): void {
  const memory = state.memory;
  if (size <= CHUNK_HDR_SZ || size > state.systemMem) {
    mallocError(state, "malloc(): invalid size (unsorted)");
  }
  const next = victim + size;
  const nextHead = memory.loadWord(next + SIZE);
  if (nextHead < CHUNK_HDR_SZ || nextHead > state.systemMem) {
    mallocError(state, "malloc(): invalid next size (unsorted)");
  }
  const foot = memory.loadWord(next);
  if (foot - (foot & SIZE_BITS) !== size) {
    mallocError(state, "malloc(): mismatching next->prev_size (unsorted)");
  }
  if (memory.loadLink(before + FD) !== victim || memory.loadLink(victim + FD) !== state.unsorted) {
    mallocError(state, "malloc(): unsorted double linked list corrupted");
  }
  if ((nextHead & PREV_INUSE) !== 0) {
    mallocError(state, "malloc(): invalid next->prev_inuse (unsorted)");
  }
}

/** Puts a chunk in front of a small bin. */
function linkSmall(state: MallocState, victim: Place, index: number): void {
  const bin = binAt(state.mainArena, index);
  linkBetween(state, victim, bin, state.memory.loadLink(bin + FD), index);
}

/** Writes the four links of a chunk between its new neighbours, and marks its bin as not empty. */
function linkBetween(
  state: MallocState,
  victim: Place,
  bck: Place,
  fwd: Place,
  index: number,
): void {
  const memory = state.memory;
  const block = index >>> 5;
  state.binmap[block] = (state.binmap[block] ?? 0) | (1 << (index & 31));
  memory.storeLink(victim + BK, bck);
  memory.storeLink(victim + FD, fwd);
  memory.storeLink(fwd + BK, victim);
  memory.storeLink(bck + FD, victim);
}

/**
 * Puts a chunk in its place in a large bin: the largest first, and of one size the newest second,
 * so that the first, which is in the list of sizes, stays.
 */
function linkLarge(state: MallocState, victim: Place, size: number, index: number): void {
  const memory = state.memory;
  const bin = binAt(state.mainArena, index);
  let fwd = memory.loadLink(bin + FD);
  if (fwd === bin) {
    memory.storeLink(victim + FD_NEXTSIZE, victim);
    memory.storeLink(victim + BK_NEXTSIZE, victim);
    linkBetween(state, victim, bin, bin, index);
    return;
  }
  const head = size + PREV_INUSE;
  const smallest = memory.loadLink(bin + BK);
  const smallestHead = memory.loadWord(smallest + SIZE);
  checkMainArena(state, smallestHead, "chunk_main_arena (bck->bk)");
  if (head < smallestHead) {
    const largest = fwd;
    const last = memory.loadLink(largest + BK_NEXTSIZE);
    memory.storeLink(victim + FD_NEXTSIZE, largest);
    memory.storeLink(victim + BK_NEXTSIZE, last);
    memory.storeLink(last + FD_NEXTSIZE, victim);
    memory.storeLink(largest + BK_NEXTSIZE, victim);
    linkBetween(state, victim, smallest, bin, index);
    return;
  }
  let fwdHead = memory.loadWord(fwd + SIZE);
  checkMainArena(state, fwdHead, "chunk_main_arena (fwd)");
  while (head < fwdHead) {
    fwd = memory.loadLink(fwd + FD_NEXTSIZE);
    fwdHead = memory.loadWord(fwd + SIZE);
    checkMainArena(state, fwdHead, "chunk_main_arena (fwd)");
  }
  if (head === fwdHead) {
    fwd = memory.loadLink(fwd + FD);
  } else {
    const larger = memory.loadLink(fwd + BK_NEXTSIZE);
    memory.storeLink(victim + FD_NEXTSIZE, fwd);
    memory.storeLink(victim + BK_NEXTSIZE, larger);
    if (memory.loadLink(larger + FD_NEXTSIZE) !== fwd) {
      mallocError(state, "malloc(): largebin double linked list corrupted (nextsize)");
    }
    memory.storeLink(fwd + BK_NEXTSIZE, victim);
    memory.storeLink(larger + FD_NEXTSIZE, victim);
  }
  const bck = memory.loadLink(fwd + BK);
  if (memory.loadLink(bck + FD) !== fwd) {
    mallocError(state, "malloc(): largebin double linked list corrupted (bk)");
  }
  linkBetween(state, victim, bck, fwd, index);
}

function checkMainArena(state: MallocState, head: number, assertion: string): void {
  if ((head & NON_MAIN_ARENA) !== 0) mallocAssert(state, "_int_malloc", assertion);
}

/** The smallest chunk of the request's own large bin that fits, split where enough is left; or 0. */
function fromLargebin(state: MallocState, nb: number, bin: Place): Place {
  const memory = state.memory;
  const largest = memory.loadLink(bin + FD);
  if (largest === bin || memory.loadWord(largest + SIZE) < nb) return 0;
  let victim = memory.loadLink(largest + BK_NEXTSIZE);
  let head = memory.loadWord(victim + SIZE);
  while (head - (head & SIZE_BITS) < nb) {
    victim = memory.loadLink(victim + BK_NEXTSIZE);
    head = memory.loadWord(victim + SIZE);
  }
  const size = head - (head & SIZE_BITS);
  if (victim !== memory.loadLink(bin + BK)) {
    const twin = memory.loadLink(victim + FD);
    if (memory.loadWord(twin + SIZE) === head) victim = twin;
  }
  return takeFromBin(state, victim, size, nb, "malloc(): corrupted unsorted chunks");
}

/** A chunk of the next bin from `index` up that is not empty, split where enough is left; or 0. */
function fromLargerBin(state: MallocState, nb: number, index: number): Place {
  const memory = state.memory;
  const binmap = state.binmap;
  let block = index >>> 5;
  let map = (binmap[block] ?? 0) & (-1 << (index & 31));
  for (;;) {
    while (map === 0) {
      if (++block >= binmap.length) return 0;
      map = binmap[block] ?? 0;
    }
    const bit = map & -map;
    const bin = binAt(state.mainArena, (block << 5) + 31 - Math.clz32(bit));
    const victim = memory.loadLink(bin + BK);
    if (victim !== bin) {
      const head = memory.loadWord(victim + SIZE);
      const size = head - (head & SIZE_BITS);
      if (size < nb) {
        mallocAssert(state, "_int_malloc", "(unsigned long) (size) >= (unsigned long) (nb)");
      }
      const mem = takeFromBin(state, victim, size, nb, "malloc(): corrupted unsorted chunks 2");
      if (nb < MIN_LARGE_SIZE && size - nb >= MINSIZE) state.lastRemainder = victim + nb;
      return mem;
    }
    binmap[block] = (binmap[block] ?? 0) & ~bit;
    map &= ~bit;
  }
}

/** Unlinks a chunk of at least `nb` bytes; what is left over, where it is a chunk, becomes unsorted. */
function takeFromBin(
  state: MallocState,
  victim: Place,
  size: number,
  nb: number,
  corrupted: string,
): Place {
  const memory = state.memory;
  unlinkChunk(state, victim);
  const remainderSize = size - nb;
  if (remainderSize < MINSIZE) {
    setInuseAt(state, victim + size);
    return victim + CHUNK_HDR_SZ;
  }
  const remainder = victim + nb;
  const unsorted = state.unsorted;
  const first = memory.loadLink(unsorted + FD);
  if (memory.loadLink(first + BK) !== unsorted) mallocError(state, corrupted);
  memory.storeLink(remainder + BK, unsorted);
  memory.storeLink(remainder + FD, first);
  memory.storeLink(unsorted + FD, remainder);
  memory.storeLink(first + BK, remainder);
  splitHeads(state, victim, nb, remainderSize);
  return victim + CHUNK_HDR_SZ;
}

/** Writes the size fields of a chunk that was cut in two, the second part being free. */
function splitHeads(state: MallocState, victim: Place, nb: number, remainderSize: number): void {
  const memory = state.memory;
  const remainder = victim + nb;
  if (remainderSize >= MIN_LARGE_SIZE) {
    memory.storeLink(remainder + FD_NEXTSIZE, 0);
    memory.storeLink(remainder + BK_NEXTSIZE, 0);
  }
  memory.storeWord(victim + SIZE, nb + PREV_INUSE);
  memory.storeWord(remainder + SIZE, remainderSize + PREV_INUSE);
  memory.storeWord(remainder + remainderSize, remainderSize);
}

/** Fills new memory with the complement of the byte set by M_PERTURB; what the tcache gives is left. */
function allocPerturb(state: MallocState, mem: Place, bytes: number): void {
  if (state.servedFromTcache !== 0) state.servedFromTcache = 0;
  else if (bytes > 0) state.memory.fill(mem, (state.perturbByte ^ 0xff) & 0xff, bytes);
}
