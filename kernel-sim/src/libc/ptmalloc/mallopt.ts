/** mallopt(3) of glibc 2.36. */
import { TWO_64 } from "./chunk.js";
import { mallocConsolidate } from "./consolidate.js";
import type { MallocState } from "./state.js";

/** Parameter numbers (malloc.h). */
export const M_MXFAST = 1;
export const M_TRIM_THRESHOLD = -1;
export const M_TOP_PAD = -2;
export const M_MMAP_THRESHOLD = -3;
export const M_MMAP_MAX = -4;
export const M_CHECK_ACTION = -5;
export const M_PERTURB = -6;
export const M_ARENA_TEST = -7;
export const M_ARENA_MAX = -8;

/** The largest value M_MXFAST takes (MAX_FAST_SIZE). */
const MAX_FAST_SIZE = 160;

/**
 * Sets a parameter: 1, or 0 where M_MXFAST is out of range. `value` is an int: a negative threshold
 * becomes an enormous size_t. Setting any but M_MXFAST, M_PERTURB and the arena's ends the moving of
 * the mmap threshold.
 */
export function setOption(state: MallocState, parameter: number, value: number): number {
  const int = value | 0;
  const size = int < 0 ? int + TWO_64 : int;
  mallocConsolidate(state);
  switch (parameter) {
    case M_MXFAST:
      if (size > MAX_FAST_SIZE) return 0;
      state.maxFast = size <= 7 ? 16 : (size + 8) & ~15;
      return 1;
    case M_TRIM_THRESHOLD:
      state.trimThreshold = size;
      break;
    case M_TOP_PAD:
      // Kept as the int that it was: what is added to it wraps as a size_t does.
      state.topPad = int;
      break;
    case M_MMAP_THRESHOLD:
      state.mmapThreshold = size;
      break;
    case M_MMAP_MAX:
      state.mmapCountMax = int;
      break;
    case M_PERTURB:
      state.perturbByte = int;
      return 1;
    default:
      return 1;
  }
  state.noDynamicThreshold = 1;
  return 1;
}
