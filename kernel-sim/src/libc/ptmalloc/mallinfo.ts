/** mallinfo2(3): the allocator's own count of its memory (int_mallinfo). */
import { BK, FD, MALLOC_ALIGN_MASK, NBINS, NFASTBINS, SIZE, SIZE_BITS } from "./chunk.js";
import type { Address } from "../../core/units.js";
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

/** The same, with all 64 bits: of a heap that was overwritten, sums wrap around as C's do. */
export type ExactMallinfo2 = Readonly<Record<keyof Mallinfo2, bigint>>;

export function exactMallinfo2(state: MallocState): ExactMallinfo2 {
  const { memory, module } = state;
  const sizeOf = (p: Address): bigint => memory.load64(p + SIZE) & ~BigInt(SIZE_BITS);
  const keepcost = sizeOf(state.top);
  let ordblks = 1n;
  let available = keepcost;
  let smblks = 0n;
  let fsmblks = 0n;
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
  if (module.secondHeap.value !== 0n) ordblks++;
  const arena = module.systemMem.value + module.secondSystemMem.value;
  const fordblks = available + fsmblks + module.secondTopSize.value;
  const sizeT = (sum: bigint): bigint => BigInt.asUintN(64, sum);
  return {
    arena: sizeT(arena),
    ordblks,
    smblks,
    hblks: sizeT(BigInt(module.mmapCount.value)),
    hblkhd: sizeT(module.mmappedMem.value),
    usmblks: 0n,
    fsmblks: sizeT(fsmblks),
    uordblks: sizeT(arena - fordblks),
    fordblks: sizeT(fordblks),
    keepcost,
  };
}

/** The numbers are rounded from 2^53 up, which only a heap that was overwritten can have. */
export function mallinfo2(state: MallocState): Mallinfo2 {
  const exact = exactMallinfo2(state);
  return {
    arena: Number(exact.arena),
    ordblks: Number(exact.ordblks),
    smblks: Number(exact.smblks),
    hblks: Number(exact.hblks),
    hblkhd: Number(exact.hblkhd),
    usmblks: Number(exact.usmblks),
    fsmblks: Number(exact.fsmblks),
    uordblks: Number(exact.uordblks),
    fordblks: Number(exact.fordblks),
    keepcost: Number(exact.keepcost),
  };
}
