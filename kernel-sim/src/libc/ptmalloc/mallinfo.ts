/** mallinfo2(3): the allocator's own count of its memory (int_mallinfo). */
import { SIZE, SIZE_BITS } from "./chunk.js";
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

export function exactMallinfo2({ memory, module, top }: MallocState): ExactMallinfo2 {
  module.countLists();
  const second = module.secondHeap.value === 0n ? 0n : 1n;
  const arena = module.systemMem.value + module.secondSystemMem.value;
  const fordblks = module.freeBytes.value + module.fastBytes.value + module.secondTopSize.value;
  const sizeT = (sum: bigint): bigint => BigInt.asUintN(64, sum);
  return {
    arena: sizeT(arena),
    ordblks: sizeT(module.freeChunks.value + second),
    smblks: sizeT(module.fastChunks.value),
    hblks: sizeT(BigInt(module.mmapCount.value)),
    hblkhd: sizeT(module.mmappedMem.value),
    usmblks: 0n,
    fsmblks: sizeT(module.fastBytes.value),
    uordblks: sizeT(arena - fordblks),
    fordblks: sizeT(fordblks),
    keepcost: memory.load64(top + SIZE) & ~BigInt(SIZE_BITS),
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
