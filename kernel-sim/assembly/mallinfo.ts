/** int_mallinfo of malloc.c: goes through the lists and counts what is free. */
import * as aborts from "./aborts";
import { NBINS, NFASTBINS, binAt, fastbinAt } from "./bins";
import { BK, FD, MALLOC_ALIGN_MASK, sizeOf } from "./chunk";
import { word } from "./memory";
import * as state from "./state";
import { protect } from "./tcache";

/** Free chunks that are not in fastbins, top among them, and their bytes; chunks in fastbins, and theirs. */
export let freeChunks: u64 = 0;
export let freeBytes: u64 = 0;
export let fastChunks: u64 = 0;
export let fastBytes: u64 = 0;

/** Sets the four counts. */
export function countLists(): void {
  let chunks: u64 = 1;
  let bytes = sizeOf(state.top);
  fastChunks = 0;
  fastBytes = 0;
  for (let index: u32 = 0; index < NFASTBINS; index++) {
    for (let p = word(fastbinAt(index)); p != 0; p = protect(p + FD, word(p + FD))) {
      if ((p & MALLOC_ALIGN_MASK) != 0) aborts.mallinfoUnaligned();
      fastChunks++;
      fastBytes += sizeOf(p);
    }
  }
  for (let index: u32 = 1; index < NBINS; index++) {
    const bin = binAt(index);
    for (let p = word(bin + BK); p != bin; p = word(p + BK)) {
      chunks++;
      bytes += sizeOf(p);
    }
  }
  freeChunks = chunks;
  freeBytes = bytes;
}
