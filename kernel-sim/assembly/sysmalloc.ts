/** sysmalloc of malloc.c: memory from the kernel where top has not enough. */
import * as aborts from "./aborts";
import { unsortedBin } from "./bins";
import {
  CHUNK_HDR_SZ,
  MALLOC_ALIGNMENT,
  MALLOC_ALIGN_MASK,
  MINSIZE,
  PAGE_SIZE,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
  alignUp,
  sizeOf,
} from "./chunk";
import { outOfMemory } from "./errors";
import * as host from "./host";
import { LOCKED, intFree } from "./int-free";
import { setWord, word } from "./memory";
import { mapAnonymous, sysmallocMmap } from "./mmapped";
import * as state from "./state";

/** The unit of the first mapping made where the break cannot grow (MMAP_AS_MORECORE_SIZE). */
const MMAP_AS_MORECORE_SIZE: u64 = 1024 * 1024;

/** Memory of a chunk of `nb` bytes, or 0 with ENOMEM. Top is known to be too small. */
export function sysmalloc(nb: u64): u64 {
  if (nb >= state.mmapThreshold && state.mmapCount < state.mmapCountMax) {
    const mem = sysmallocMmap(nb);
    if (mem != 0) return mem;
  }
  growTop(nb);
  state.maxSystemMem = max(state.maxSystemMem, state.systemMem);

  const top = state.top;
  const size = sizeOf(top);
  if (size < nb + MINSIZE) return outOfMemory();
  state.top = top + nb;
  setWord(top + SIZE, nb | PREV_INUSE);
  setWord(top + nb + SIZE, (size - nb) | PREV_INUSE);
  return top + CHUNK_HDR_SZ;
}

/** Extends top, or begins a new one elsewhere; leaves all as it is where the kernel refuses. */
function growTop(nb: u64): void {
  const oldTop = state.top;
  const oldHead = word(oldTop + SIZE);
  const oldSize = oldHead & ~SIZE_BITS;
  const oldEnd = oldTop + oldSize;
  const usable =
    (oldTop == unsortedBin() && oldSize == 0) ||
    (oldSize >= MINSIZE && (oldHead & PREV_INUSE) != 0 && (oldEnd & (PAGE_SIZE - 1)) == 0);
  if (!usable) aborts.assertOldTop();
  let size = nb + state.topPad + MINSIZE;
  if (state.contiguous != 0) size -= oldSize;
  size = alignUp(size, PAGE_SIZE);

  // As a signed number it may be below 0, when a program set an enormous top pad.
  const brk = <i64>size > 0 ? host.sbrk(<f64>size) : -1;
  if (brk < 0) {
    // glibc 2.36 hands sysmalloc_mmap_fallback its page size and its least size in each other's place.
    if (state.contiguous != 0) size = alignUp(size + oldSize, MMAP_AS_MORECORE_SIZE);
    size = max(size, PAGE_SIZE);
    if (size <= nb) return;
    const mapped = mapAnonymous(size);
    if (mapped == 0) return;
    state.contiguous = 0;
    state.systemMem += size;
    beginTop(mapped, mapped + size, 0);
    if (oldSize != 0) fenceOff(oldTop, oldSize);
    return;
  }
  const start = <u64>brk;
  state.systemMem += size;
  if (start == oldEnd) {
    setWord(oldTop + SIZE, (size + oldSize) | PREV_INUSE);
  } else if (state.contiguous != 0 && oldSize != 0 && start < oldEnd) {
    aborts.breakAdjusted();
  } else if (placeTop(start, size, oldSize, oldEnd) && oldSize != 0) {
    fenceOff(oldTop, oldSize);
  }
}

/** Makes a new top of space from the break that does not follow the old one; whether that could be done. */
function placeTop(brk: u64, size: u64, oldSize: u64, oldEnd: u64): bool {
  if (state.contiguous == 0) {
    if ((brk & MALLOC_ALIGN_MASK) != 0) aborts.assertBrkAligned();
    const end = host.sbrk(0);
    if (end < 0) return false;
    beginTop(brk, <u64>end, 0);
    return true;
  }
  let start = brk;
  let correction: u64 = 0;
  if (oldSize != 0) state.systemMem += brk - oldEnd;
  const misaligned = brk & MALLOC_ALIGN_MASK;
  if (misaligned > 0) {
    correction = MALLOC_ALIGNMENT - misaligned;
    start += correction;
  }
  correction += oldSize;
  const wanted = brk + size + correction;
  correction += alignUp(wanted, PAGE_SIZE) - wanted;
  let end = host.sbrk(<f64>correction);
  if (end < 0) {
    correction = 0;
    end = host.sbrk(0);
  }
  if (end < 0) return false;
  beginTop(start, <u64>end, correction);
  return true;
}

/** `correction` bytes behind `end` belong to it, too. */
function beginTop(start: u64, end: u64, correction: u64): void {
  state.top = start;
  host.regionBegan(<f64>start);
  // An or, since a break that another moved by an odd number of bytes leaves an odd size.
  setWord(start + SIZE, (end - start + correction) | PREV_INUSE);
  state.systemMem += correction;
}

/** Ends the old top with two fenceposts, chunks in use of 16 bytes, and frees what is before them. */
function fenceOff(oldTop: u64, oldSize: u64): void {
  const rest = (oldSize - 2 * CHUNK_HDR_SZ) & ~MALLOC_ALIGN_MASK;
  setWord(oldTop + SIZE, rest | PREV_INUSE);
  setWord(oldTop + rest + SIZE, CHUNK_HDR_SZ | PREV_INUSE);
  setWord(oldTop + rest + CHUNK_HDR_SZ + SIZE, CHUNK_HDR_SZ | PREV_INUSE);
  if (rest >= MINSIZE) intFree(oldTop, rest | PREV_INUSE, LOCKED);
}
