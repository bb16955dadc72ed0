/** Giving memory back: systrim and malloc_trim of malloc.c. */
import { MADV_DONTNEED } from "../src/abi/mman";
import { NBINS, binAt, binIndex } from "./bins";
import {
  BK,
  MALLOC_CHUNK_BYTES,
  MINSIZE,
  PAGE_SIZE,
  PREV_INUSE,
  SIZE,
  alignUp,
  sizeOf,
} from "./chunk";
import { mallocConsolidate } from "./consolidate";
import * as host from "./host";
import { setWord, word } from "./memory";
import * as state from "./state";

/** Gives back whole pages at the end of top, keeping `pad` bytes; 1 where the break moved, else 0. */
export function systrim(pad: u64): i32 {
  const top = state.top;
  const topSize = sizeOf(top);
  // A top of MINSIZE has an area of -1, which as a size_t is above every pad: the break then grows.
  const area = topSize - MINSIZE - 1;
  if (area <= pad) return 0;
  const extra = (area - pad) & ~(PAGE_SIZE - 1);
  if (extra == 0) return 0;
  const before = host.sbrk(0);
  if (<u64>before != top + topSize) return 0;
  host.sbrk(-<f64>(<i64>extra));
  const after = host.sbrk(0);
  if (after < 0) return 0;
  const released = <u64>before - <u64>after;
  if (released == 0) return 0;
  state.systemMem -= released;
  setWord(top + SIZE, (topSize - released) | PREV_INUSE);
  return 1;
}

/**
 * malloc_trim: consolidates, drops the whole pages inside of free chunks with MADV_DONTNEED, and
 * trims top. 1 where anything could be given back, else 0 (mtrim).
 */
export function mallocTrim(pad: u64): i32 {
  mallocConsolidate();
  const firstBin = binIndex(PAGE_SIZE);
  let result = 0;
  for (let index: u32 = 1; index < NBINS; index++) {
    if (index != 1 && index < firstBin) continue;
    const bin = binAt(index);
    for (let p = word(bin + BK); p != bin; p = word(p + BK)) {
      const size = sizeOf(p);
      if (size <= PAGE_SIZE - 1 + MALLOC_CHUNK_BYTES) continue;
      const pages = alignUp(p + MALLOC_CHUNK_BYTES, PAGE_SIZE);
      const rest = size - (pages - p);
      if (rest < PAGE_SIZE) continue;
      host.madvise(<f64>pages, <f64>(rest & ~(PAGE_SIZE - 1)), MADV_DONTNEED);
      result = 1;
    }
  }
  return result | systrim(pad);
}
