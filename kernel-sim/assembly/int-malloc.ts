/**
 * _int_malloc of malloc.c: fastbin, small bin, the unsorted chunks one by one, the large bin, the next
 * bin that has anything, top, and at last the kernel.
 */
import * as aborts from "./aborts";
import {
  binAt,
  fastbinAt,
  fastbinIndex,
  largebinIndex,
  smallbinIndex,
  unsortedBin,
} from "./bins";
import {
  BK,
  BK_NEXTSIZE,
  CHUNK_HDR_SZ,
  FD,
  FD_NEXTSIZE,
  MALLOC_ALIGN_MASK,
  MINSIZE,
  MIN_LARGE_SIZE,
  NON_MAIN_ARENA,
  PREV_INUSE,
  PTRDIFF_MAX,
  SIZE,
  SIZE_BITS,
  requestToSize,
  sizeOf,
} from "./chunk";
import { mallocConsolidate } from "./consolidate";
import { fill, setWord, word } from "./memory";
import { outOfMemory } from "./errors";
import * as state from "./state";
import { sysmalloc } from "./sysmalloc";
import { countOf, isCacheable, protect, tcacheGet, tcacheIndex, tcachePut } from "./tcache";
import { unlinkChunk } from "./unlink";

/** How many unsorted chunks one pass sorts before it looks into the bins (MAX_ITERS). */
const MAX_ITERS: i32 = 10_000;

/** Memory for a request of `bytes`, or 0 with ENOMEM: above PTRDIFF_MAX before anything is moved. */
export function intMalloc(bytes: u64): u64 {
  if (bytes > PTRDIFF_MAX) return outOfMemory();
  const mem = findChunk(requestToSize(bytes));
  if (state.perturbByte != 0 && mem != 0) allocPerturb(mem, bytes);
  return mem;
}

function findChunk(nb: u64): u64 {
  if (nb <= state.maxFast) {
    const mem = fromFastbin(nb);
    if (mem != 0) return mem;
  }
  let index: u32;
  if (nb < MIN_LARGE_SIZE) {
    index = smallbinIndex(nb);
    const mem = fromSmallbin(nb, binAt(index));
    if (mem != 0) return mem;
  } else {
    index = largebinIndex(nb);
    if (state.haveFastchunks != 0) mallocConsolidate();
  }
  while (true) {
    let mem = sortUnsorted(nb);
    if (mem != 0) return mem;
    if (nb >= MIN_LARGE_SIZE) {
      mem = fromLargebin(nb, binAt(index));
      if (mem != 0) return mem;
    }
    mem = fromLargerBin(nb, index + 1);
    if (mem != 0) return mem;

    const top = state.top;
    const size = sizeOf(top);
    if (size > state.systemMem) aborts.mallocCorruptedTop();
    if (size >= nb + MINSIZE) {
      state.top = top + nb;
      setWord(top + SIZE, nb | PREV_INUSE);
      setWord(top + nb + SIZE, (size - nb) | PREV_INUSE);
      return top + CHUNK_HDR_SZ;
    }
    if (state.haveFastchunks == 0) return sysmalloc(nb);
    mallocConsolidate();
    index = nb < MIN_LARGE_SIZE ? smallbinIndex(nb) : largebinIndex(nb);
  }
}

/** The first chunk of the request's fastbin, or 0; the others go to the tcache, as many as fit. */
function fromFastbin(nb: u64): u64 {
  const index = fastbinIndex(nb);
  const fastbin = fastbinAt(index);
  const victim = word(fastbin);
  if (victim == 0) return 0;
  if ((victim & MALLOC_ALIGN_MASK) != 0) aborts.mallocUnalignedFastbin2();
  setWord(fastbin, protect(victim + FD, word(victim + FD)));
  if (fastbinIndex(sizeOf(victim)) != index) aborts.mallocCorruptionFast();
  const cache = tcacheIndex(nb);
  if (isCacheable(cache)) {
    for (let count = countOf(cache); count < state.tcacheCount; count = countOf(cache)) {
      const other = word(fastbin);
      if (other == 0) break;
      if ((other & MALLOC_ALIGN_MASK) != 0) aborts.mallocUnalignedFastbin3();
      setWord(fastbin, protect(other + FD, word(other + FD)));
      tcachePut(other + CHUNK_HDR_SZ, cache, count);
    }
  }
  return victim + CHUNK_HDR_SZ;
}

/** The oldest chunk of a small bin, or 0; the others go to the tcache, as many as fit. */
function fromSmallbin(nb: u64, bin: u64): u64 {
  const victim = word(bin + BK);
  if (victim == bin) return 0;
  const before = word(victim + BK);
  if (word(before + FD) != victim) aborts.mallocSmallbinCorrupted();
  setInuseAt(victim + nb);
  setWord(bin + BK, before);
  setWord(before + FD, bin);
  const cache = tcacheIndex(nb);
  if (isCacheable(cache)) {
    for (let count = countOf(cache); count < state.tcacheCount; count = countOf(cache)) {
      const other = word(bin + BK);
      if (other == bin) break;
      if (other == 0) continue;
      const next = word(other + BK);
      setInuseAt(other + nb);
      setWord(bin + BK, next);
      setWord(next + FD, bin);
      tcachePut(other + CHUNK_HDR_SZ, cache, count);
    }
  }
  return victim + CHUNK_HDR_SZ;
}

/** Marks the chunk that ends at `next` as in use. */
function setInuseAt(next: u64): void {
  setWord(next + SIZE, word(next + SIZE) | PREV_INUSE);
}

/**
 * Empties the unsorted list into the bins. Answers memory where a chunk fits exactly, or where the
 * last remainder is all there is and a small request can be cut from it; else 0.
 */
function sortUnsorted(nb: u64): u64 {
  const unsorted = unsortedBin();
  const cache = tcacheIndex(nb);
  const cacheable = isCacheable(cache);
  let isCached = false;
  for (let iterations = 0; iterations < MAX_ITERS; ) {
    const victim = word(unsorted + BK);
    if (victim == unsorted) break;
    const before = word(victim + BK);
    const size = sizeOf(victim);
    checkUnsorted(victim, size, before);
    if (
      nb < MIN_LARGE_SIZE &&
      before == unsorted &&
      victim == state.lastRemainder &&
      size > nb + MINSIZE
    ) {
      const remainder = victim + nb;
      setWord(unsorted + BK, remainder);
      setWord(unsorted + FD, remainder);
      state.lastRemainder = remainder;
      setWord(remainder + BK, unsorted);
      setWord(remainder + FD, unsorted);
      splitHeads(victim, nb, size - nb);
      return victim + CHUNK_HDR_SZ;
    }
    setWord(unsorted + BK, before);
    setWord(before + FD, unsorted);
    if (size == nb) {
      setInuseAt(victim + size);
      if (!cacheable) return victim + CHUNK_HDR_SZ;
      const count = countOf(cache);
      if (count >= state.tcacheCount) return victim + CHUNK_HDR_SZ;
      tcachePut(victim + CHUNK_HDR_SZ, cache, count);
      isCached = true;
      continue;
    }
    if (size < MIN_LARGE_SIZE) linkSmall(victim, smallbinIndex(size));
    else linkLarge(victim, size, largebinIndex(size));
    iterations++;
  }
  if (!isCached) return 0;
  state.servedFromTcache = state.perturbByte == 0 ? 0 : 1;
  return tcacheGet(cache, countOf(cache));
}

/** Aborts where an unsorted chunk, its end or its links do not agree. */
function checkUnsorted(victim: u64, size: u64, before: u64): void {
  if (size <= CHUNK_HDR_SZ || size > state.systemMem) aborts.mallocInvalidSizeUnsorted();
  const next = victim + size;
  const nextHead = word(next + SIZE);
  if (nextHead < CHUNK_HDR_SZ || nextHead > state.systemMem) {
    aborts.mallocInvalidNextSizeUnsorted();
  }
  if ((word(next) & ~SIZE_BITS) != size) aborts.mallocMismatchingPrevSize();
  if (word(before + FD) != victim || word(victim + FD) != unsortedBin()) {
    aborts.mallocUnsortedCorrupted();
  }
  if ((nextHead & PREV_INUSE) != 0) aborts.mallocInvalidPrevInuse();
}

/** Puts a chunk in front of a small bin. */
function linkSmall(victim: u64, index: u32): void {
  const bin = binAt(index);
  linkBetween(victim, bin, word(bin + FD), index);
}

/** Writes the four links of a chunk between its new neighbours, and marks its bin as not empty. */
function linkBetween(victim: u64, bck: u64, fwd: u64, index: u32): void {
  if (index < 64) state.binmapLow |= (<u64>1) << index;
  else state.binmapHigh |= (<u64>1) << (index - 64);
  setWord(victim + BK, bck);
  setWord(victim + FD, fwd);
  setWord(fwd + BK, victim);
  setWord(bck + FD, victim);
}

/**
 * Puts a chunk in its place in a large bin: the largest first, and of one size the newest second,
 * so that the first, which is in the list of sizes, stays.
 */
function linkLarge(victim: u64, size: u64, index: u32): void {
  const bin = binAt(index);
  let fwd = word(bin + FD);
  if (fwd == bin) {
    setWord(victim + FD_NEXTSIZE, victim);
    setWord(victim + BK_NEXTSIZE, victim);
    linkBetween(victim, bin, bin, index);
    return;
  }
  const head = size | PREV_INUSE;
  const smallest = word(bin + BK);
  const smallestHead = word(smallest + SIZE);
  if ((smallestHead & NON_MAIN_ARENA) != 0) aborts.assertMainArenaBck();
  if (head < smallestHead) {
    const largest = fwd;
    const last = word(largest + BK_NEXTSIZE);
    setWord(victim + FD_NEXTSIZE, largest);
    setWord(victim + BK_NEXTSIZE, last);
    setWord(last + FD_NEXTSIZE, victim);
    setWord(largest + BK_NEXTSIZE, victim);
    linkBetween(victim, smallest, bin, index);
    return;
  }
  let fwdHead = mainArenaHead(fwd);
  while (head < fwdHead) {
    fwd = word(fwd + FD_NEXTSIZE);
    fwdHead = mainArenaHead(fwd);
  }
  if (head == fwdHead) {
    fwd = word(fwd + FD);
  } else {
    const larger = word(fwd + BK_NEXTSIZE);
    setWord(victim + FD_NEXTSIZE, fwd);
    setWord(victim + BK_NEXTSIZE, larger);
    if (word(larger + FD_NEXTSIZE) != fwd) aborts.mallocLargebinCorruptedNextsize();
    setWord(fwd + BK_NEXTSIZE, victim);
    setWord(larger + FD_NEXTSIZE, victim);
  }
  const bck = word(fwd + BK);
  if (word(bck + FD) != fwd) aborts.mallocLargebinCorruptedBk();
  linkBetween(victim, bck, fwd, index);
}

function mainArenaHead(p: u64): u64 {
  const head = word(p + SIZE);
  if ((head & NON_MAIN_ARENA) != 0) aborts.assertMainArenaFwd();
  return head;
}

/** The smallest chunk of the request's own large bin that fits, split where enough is left; or 0. */
function fromLargebin(nb: u64, bin: u64): u64 {
  const largest = word(bin + FD);
  if (largest == bin || word(largest + SIZE) < nb) return 0;
  let victim = word(largest + BK_NEXTSIZE);
  let size = sizeOf(victim);
  while (size < nb) {
    victim = word(victim + BK_NEXTSIZE);
    size = sizeOf(victim);
  }
  if (victim != word(bin + BK)) {
    const twin = word(victim + FD);
    if (word(twin + SIZE) == word(victim + SIZE)) victim = twin;
  }
  unlinkChunk(victim);
  return splitOff(victim, size, nb, false);
}

/** A chunk of the next bin from `index` up that is not empty, split where enough is left; or 0. */
function fromLargerBin(nb: u64, index: u32): u64 {
  for (let at = nextMarked(index); at != 0; at = nextMarked(at + 1)) {
    const bin = binAt(at);
    const victim = word(bin + BK);
    if (victim == bin) {
      if (at < 64) state.binmapLow &= ~((<u64>1) << at);
      else state.binmapHigh &= ~((<u64>1) << (at - 64));
      continue;
    }
    const size = sizeOf(victim);
    if (size < nb) aborts.assertSizeFits();
    unlinkChunk(victim);
    return splitOff(victim, size, nb, true);
  }
  return 0;
}

/** The first bin from `index` up whose bit in the binmap is set; 0 where there is none. */
function nextMarked(index: u32): u32 {
  if (index < 64) {
    const low = state.binmapLow & ((~(<u64>0)) << index);
    if (low != 0) return <u32>ctz(low);
    return state.binmapHigh == 0 ? 0 : 64 + <u32>ctz(state.binmapHigh);
  }
  if (index >= 128) return 0;
  const high = state.binmapHigh & ((~(<u64>0)) << (index - 64));
  return high == 0 ? 0 : 64 + <u32>ctz(high);
}

/** Of an unlinked chunk of at least `nb` bytes, what is left over, where it is a chunk, becomes unsorted. */
function splitOff(victim: u64, size: u64, nb: u64, isOfLargerBin: bool): u64 {
  const rest = size - nb;
  if (rest < MINSIZE) {
    setInuseAt(victim + size);
    return victim + CHUNK_HDR_SZ;
  }
  const remainder = victim + nb;
  const unsorted = unsortedBin();
  const first = word(unsorted + FD);
  if (word(first + BK) != unsorted) {
    if (isOfLargerBin) aborts.mallocCorruptedUnsorted2();
    else aborts.mallocCorruptedUnsorted();
  }
  setWord(remainder + BK, unsorted);
  setWord(remainder + FD, first);
  setWord(unsorted + FD, remainder);
  setWord(first + BK, remainder);
  if (isOfLargerBin && nb < MIN_LARGE_SIZE) state.lastRemainder = remainder;
  splitHeads(victim, nb, rest);
  return victim + CHUNK_HDR_SZ;
}

/** Writes the size fields of a chunk that was cut in two, the second part being free. */
function splitHeads(victim: u64, nb: u64, rest: u64): void {
  const remainder = victim + nb;
  if (rest >= MIN_LARGE_SIZE) {
    setWord(remainder + FD_NEXTSIZE, 0);
    setWord(remainder + BK_NEXTSIZE, 0);
  }
  setWord(victim + SIZE, nb | PREV_INUSE);
  setWord(remainder + SIZE, rest | PREV_INUSE);
  setWord(remainder + rest, rest);
}

/** Fills new memory with the complement of the byte set by M_PERTURB; what the tcache gives is left. */
function allocPerturb(mem: u64, bytes: u64): void {
  if (state.servedFromTcache != 0) state.servedFromTcache = 0;
  else fill(mem, (state.perturbByte ^ 0xff) & 0xff, bytes);
}
