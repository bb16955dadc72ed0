/** Lengths as the kernel's unsigned 64-bit arithmetic has them. */
import { pageCeil } from "../../core/units.js";

/** PAGE_ALIGN(): the length rounded up to pages; one that passes 2^64 by that is 0. */
export function pageAlign(length: number): number {
  const rounded = pageCeil(length);
  return rounded >= 2 ** 64 ? rounded - 2 ** 64 : rounded;
}
