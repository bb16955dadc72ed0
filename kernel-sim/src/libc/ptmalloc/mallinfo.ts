/** mallinfo2(3): the allocator's own count of its memory (int_mallinfo). */
import { NBINS, NFASTBINS, binAt, fastbinAt } from "./bins.js";
import { BK, FD, MALLOC_ALIGN_MASK, SIZE, SIZE_BITS } from "./chunk.js";
import { mallocError } from "./state.js";
import type { MallocState } from "./state.js";

/** struct mallinfo2, in the manual page's words; sizes in bytes. */
export interface Mallinfo2 {
  /** From the break (or mapped in its place), not counting mmapped chunks. */
  readonly arena: number;
  /** Free chunks that are not in fastbins; top is always one of them. */
  readonly ordblks: number;
  /** Chunks in fastbins. */
  readonly smblks: number;
  /** Chunks that are mappings of their own, and their bytes. */
  readonly hblks: number;
  readonly hblkhd: number;
  readonly usmblks: number;
  /** Bytes in fastbins. */
  readonly fsmblks: number;
  /** In use, which to malloc includes all that the tcache holds. */
  readonly uordblks: number;
  /** Free: top, bins and fastbins. */
  readonly fordblks: number;
  /** Size of top: what a trim could release at most. */
  readonly keepcost: number;
}

export function mallinfo2(state: MallocState): Mallinfo2 {
  const memory = state.memory;
  const sizeOf = (p: number): number => {
    const head = memory.loadWord(p + SIZE);
    return head - (head & SIZE_BITS);
  };
  const keepcost = sizeOf(state.top);
  let ordblks = 1;
  let available = keepcost;
  let smblks = 0;
  let fsmblks = 0;
  for (let index = 0; index < NFASTBINS; index++) {
    let p = memory.loadLink(fastbinAt(state.mainArena, index));
    while (p !== 0) {
      if ((p & MALLOC_ALIGN_MASK) !== 0) {
        mallocError(state, "int_mallinfo(): unaligned fastbin chunk detected");
      }
      smblks++;
      fsmblks += sizeOf(p);
      p = memory.revealed(p + FD);
    }
  }
  for (let index = 1; index < NBINS; index++) {
    const bin = binAt(state.mainArena, index);
    for (let p = memory.loadLink(bin + BK); p !== bin; p = memory.loadLink(p + BK)) {
      ordblks++;
      available += sizeOf(p);
    }
  }
  const second = state.secondArena;
  const arena = state.systemMem + (second?.systemBytes ?? 0);
  const fordblks = available + fsmblks + (second?.topBytes ?? 0);
  return {
    arena,
    ordblks: second === undefined ? ordblks : ordblks + 1,
    smblks,
    hblks: state.mmapCount,
    hblkhd: state.mmappedMem,
    usmblks: 0,
    fsmblks,
    uordblks: arena - fordblks,
    fordblks,
    keepcost,
  };
}
