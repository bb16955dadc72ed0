/** Giving memory back: systrim and malloc_trim of malloc.c. */
import { MADV_DONTNEED } from "../../abi/mman.js";
import { PAGE_SIZE } from "../../core/units.js";
import { NBINS, binAt, binIndex } from "./bins.js";
import {
  BK,
  MALLOC_CHUNK_BYTES,
  MINSIZE,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
  TWO_64,
  alignUp,
} from "./chunk.js";
import { mallocConsolidate } from "./consolidate.js";
import type { MallocState } from "./state.js";

/** Gives back whole pages at the end of top, keeping `pad` bytes; 1 where the break moved, else 0. */
export function systrim(state: MallocState, pad: number): number {
  const memory = state.memory;
  const top = state.top;
  const head = memory.loadWord(top + SIZE);
  const topSize = head - (head & SIZE_BITS);
  const area = topSize - MINSIZE - 1;
  const unsignedPad = pad < 0 ? pad + TWO_64 : pad;
  // A top of MINSIZE has an area of -1, which as a size_t is above every pad: the break then grows.
  if (area >= 0 && area <= unsignedPad) return 0;
  const extra = Math.floor((area - unsignedPad) / PAGE_SIZE) * PAGE_SIZE;
  if (extra === 0) return 0;
  const before = state.brk.sbrk(0);
  if (before !== memory.address(top) + topSize) return 0;
  state.brk.sbrk(-extra);
  const after = state.brk.sbrk(0);
  if (after < 0) return 0;
  const released = before - after;
  if (released === 0) return 0;
  state.systemMem -= released;
  memory.storeWord(top + SIZE, topSize - released + PREV_INUSE);
  return 1;
}

/**
 * malloc_trim: consolidates, drops the whole pages inside of free chunks with MADV_DONTNEED, and
 * trims top. 1 where anything could be given back, else 0 (mtrim).
 */
export function mallocTrim(state: MallocState, pad: number): number {
  mallocConsolidate(state);
  const memory = state.memory;
  const firstBin = binIndex(PAGE_SIZE);
  let result = 0;
  for (let index = 1; index < NBINS; index++) {
    if (index !== 1 && index < firstBin) continue;
    const bin = binAt(state.mainArena, index);
    for (let p = memory.loadLink(bin + BK); p !== bin; p = memory.loadLink(p + BK)) {
      const head = memory.loadWord(p + SIZE);
      const size = head - (head & SIZE_BITS);
      if (size <= PAGE_SIZE - 1 + MALLOC_CHUNK_BYTES) continue;
      const pages = alignUp(p + MALLOC_CHUNK_BYTES, PAGE_SIZE);
      const rest = size - (pages - p);
      if (rest < PAGE_SIZE) continue;
      state.syscalls.madvise(memory.address(pages), rest - (rest % PAGE_SIZE), MADV_DONTNEED);
      result = 1;
    }
  }
  return result | systrim(state, pad);
}
