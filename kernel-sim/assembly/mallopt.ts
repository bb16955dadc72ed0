/** mallopt(3) of glibc 2.36. */
import * as option from "../src/libc/ptmalloc/mallopt";
import { mallocConsolidate } from "./consolidate";
import * as state from "./state";

/** The largest value M_MXFAST takes (MAX_FAST_SIZE). */
const MAX_FAST_SIZE: u64 = 160;

/**
 * Sets a parameter: 1, or 0 where M_MXFAST is out of range. `value` is an int: a negative threshold
 * becomes an enormous size_t. Setting any but M_MXFAST, M_PERTURB and the arena's ends the moving of
 * the mmap threshold.
 */
export function setOption(parameter: i32, value: i32): i32 {
  const size = <u64>(<i64>value);
  mallocConsolidate();
  switch (parameter) {
    case option.M_MXFAST:
      if (size > MAX_FAST_SIZE) return 0;
      state.maxFast = size <= 7 ? 16 : (size + 8) & ~15;
      return 1;
    case option.M_TRIM_THRESHOLD:
      state.trimThreshold = size;
      break;
    case option.M_TOP_PAD:
      state.topPad = size;
      break;
    case option.M_MMAP_THRESHOLD:
      state.mmapThreshold = size;
      break;
    case option.M_MMAP_MAX:
      state.mmapCountMax = value;
      break;
    case option.M_PERTURB:
      state.perturbByte = value;
      return 1;
    default:
      return 1;
  }
  state.noDynamicThreshold = 1;
  return 1;
}
