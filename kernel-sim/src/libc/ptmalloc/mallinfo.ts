/** mallinfo2(3): the allocator's own count of its memory (int_mallinfo). */
import { BK, FD, MALLOC_ALIGN_MASK, NBINS, NFASTBINS, SIZE, SIZE_BITS } from "./chunk.js";
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
    let p = memory.loadWord(state.fastbinAt(index));
    while (p !== 0) {
      if ((p & MALLOC_ALIGN_MASK) !== 0) {
        state.abort("int_mallinfo(): unaligned fastbin chunk detected");
      }
      smblks++;
      fsmblks += sizeOf(p);
      p = state.revealed(p + FD);
    }
  }
  for (let index = 1; index < NBINS; index++) {
    const bin = state.binAt(index);
    for (let p = memory.loadWord(bin + BK); p !== bin; p = memory.loadWord(p + BK)) {
      ordblks++;
      available += sizeOf(p);
    }
  }
  const { module } = state;
  const arena = state.systemMem + Number(module.secondSystemMem.value);
  const fordblks = available + fsmblks + Number(module.secondTopSize.value);
  return {
    arena,
    ordblks: module.secondHeap.value === 0n ? ordblks : ordblks + 1,
    smblks,
    hblks: module.mmapCount.value,
    hblkhd: Number(module.mmappedMem.value),
    usmblks: 0,
    fsmblks,
    uordblks: arena - fordblks,
    fordblks,
    keepcost,
  };
}
