/** sysmalloc of malloc.c: memory from the kernel where top has not enough. */
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import {
  CHUNK_HDR_SZ,
  MALLOC_ALIGNMENT,
  MALLOC_ALIGN_MASK,
  MINSIZE,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
  TWO_63,
  alignUp,
} from "./chunk.js";
import type { Place } from "./heap-memory.js";
import { LOCKED, intFree } from "./int-free.js";
import { mapAnonymous, sysmallocMmap } from "./mmapped.js";
import { mallocAssert, mallocError, outOfMemory } from "./state.js";
import type { MallocState } from "./state.js";

/** The unit of the first mapping made where the break cannot grow (MMAP_AS_MORECORE_SIZE). */
const MMAP_AS_MORECORE_SIZE = 1024 * 1024;

/** What grows top where there is no memory: MORECORE_FAILURE. */
const FAILED = -1;

/** Memory of a chunk of `nb` bytes, or 0 with ENOMEM. Top is known to be too small. */
export function sysmalloc(state: MallocState, nb: number): Place {
  if (nb >= state.mmapThreshold && state.mmapCount < state.mmapCountMax) {
    const mem = sysmallocMmap(state, nb);
    if (mem !== 0) return mem;
  }
  growTop(state, nb);
  if (state.systemMem > state.maxSystemMem) state.maxSystemMem = state.systemMem;

  const memory = state.memory;
  const top = state.top;
  const head = memory.loadWord(top + SIZE);
  const size = head - (head & SIZE_BITS);
  if (size < nb + MINSIZE) return outOfMemory(state);
  state.top = top + nb;
  memory.storeWord(top + SIZE, nb + PREV_INUSE);
  memory.storeWord(top + nb + SIZE, size - nb + PREV_INUSE);
  return top + CHUNK_HDR_SZ;
}

/** Extends top, or begins a new one elsewhere; leaves all as it is where the kernel refuses. */
function growTop(state: MallocState, nb: number): void {
  const oldTop = state.top;
  const oldHead = state.memory.loadWord(oldTop + SIZE);
  const oldSize = oldHead - (oldHead & SIZE_BITS);
  const oldEnd = state.memory.address(oldTop) + oldSize;
  const usable =
    (oldTop === state.unsorted && oldSize === 0) ||
    (oldSize >= MINSIZE && (oldHead & PREV_INUSE) !== 0 && oldEnd % PAGE_SIZE === 0);
  if (!usable) {
    mallocAssert(
      state,
      "sysmalloc",
      "(old_top == initial_top (av) && old_size == 0) || ((unsigned long) (old_size) >= MINSIZE && " +
        "prev_inuse (old_top) && ((unsigned long) old_end & (pagesize - 1)) == 0)",
    );
  }
  let size = nb + state.topPad + MINSIZE;
  if (state.contiguous !== 0) size -= oldSize;
  size = alignUp(size, PAGE_SIZE);
  // A negative top_pad can make the sum wrap: as a size_t it is more than any kernel maps.
  const wraps = size < 0;

  let brk = FAILED;
  let end = FAILED;
  if (size > 0 && size < TWO_63) brk = state.brk.sbrk(size);
  if (brk < 0) {
    // glibc 2.36 hands sysmalloc_mmap_fallback its page size and its least size in each other's place.
    if (state.contiguous !== 0) size = alignUp(size + oldSize, MMAP_AS_MORECORE_SIZE);
    if (size < PAGE_SIZE) size = PAGE_SIZE;
    if (size <= nb || wraps) return;
    brk = mapAnonymous(state, size);
    if (brk < 0) return;
    state.contiguous = 0;
    end = brk + size;
  }
  if (state.sbrkBase === 0) state.sbrkBase = state.memory.place(brk);
  state.systemMem += size;
  if (brk === oldEnd && end < 0) {
    state.memory.storeWord(oldTop + SIZE, size + oldSize + PREV_INUSE);
  } else if (state.contiguous !== 0 && oldSize !== 0 && brk < oldEnd) {
    mallocError(state, "break adjusted to free malloc space");
  } else {
    beginTop(state, { brk, size, end, oldTop, oldSize, oldEnd });
  }
}

interface NewSpace {
  readonly brk: Address;
  readonly size: number;
  /** The end where it is known (the space was mapped), else {@link FAILED}. */
  readonly end: Address;
  readonly oldTop: Place;
  readonly oldEnd: Address;
  readonly oldSize: number;
}

/** Makes a new top of space that does not follow the old one, whose rest is fenced off and freed. */
function beginTop(state: MallocState, space: NewSpace): void {
  const { brk, oldTop, oldSize, oldEnd } = space;
  let start = brk;
  let end = space.end;
  let correction = 0;
  if (state.contiguous !== 0) {
    if (oldSize !== 0) state.systemMem += brk - oldEnd;
    const misaligned = brk & MALLOC_ALIGN_MASK;
    if (misaligned > 0) {
      correction = MALLOC_ALIGNMENT - misaligned;
      start += correction;
    }
    correction += oldSize;
    const wanted = brk + space.size + correction;
    correction += alignUp(wanted, PAGE_SIZE) - wanted;
    end = state.brk.sbrk(correction);
    if (end < 0) {
      correction = 0;
      end = state.brk.sbrk(0);
    }
  } else {
    if ((brk & MALLOC_ALIGN_MASK) !== 0) {
      mallocAssert(
        state,
        "sysmalloc",
        "((unsigned long) chunk2mem (brk) & MALLOC_ALIGN_MASK) == 0",
      );
    }
    if (end < 0) end = state.brk.sbrk(0);
  }
  if (end < 0) return;
  const top = state.memory.place(start);
  state.top = top;
  state.regions.push(top);
  const size = end - start + correction;
  // An or, since a break that another moved by an odd number of bytes leaves an odd size.
  state.memory.storeWord(top + SIZE, (size & PREV_INUSE) === 0 ? size + PREV_INUSE : size);
  state.systemMem += correction;
  if (oldSize !== 0) fenceOff(state, oldTop, oldSize);
}

/** Ends the old top with two fenceposts, chunks in use of 16 bytes, and frees what is before them. */
function fenceOff(state: MallocState, oldTop: Place, oldSize: number): void {
  const memory = state.memory;
  const cut = oldSize - 2 * CHUNK_HDR_SZ;
  const rest = cut - (cut & MALLOC_ALIGN_MASK);
  memory.storeWord(oldTop + SIZE, rest + PREV_INUSE);
  memory.storeWord(oldTop + rest + SIZE, CHUNK_HDR_SZ + PREV_INUSE);
  memory.storeWord(oldTop + rest + CHUNK_HDR_SZ + SIZE, CHUNK_HDR_SZ + PREV_INUSE);
  if (rest >= MINSIZE) intFree(state, oldTop, rest + PREV_INUSE, LOCKED);
}
