/** The public face of kernel-sim: every export by name, one by one. */
export {
  KiB,
  MiB,
  GiB,
  TiB,
  PAGE_SIZE,
  PAGE_SHIFT,
  hex,
  pageCeil,
  pageFloor,
} from "./core/units.js";
export type { Address, Pfn } from "./core/units.js";
export { UsageError, InvariantError } from "./core/errors.js";
export { seededRandom } from "./core/random.js";
export type { Random } from "./core/random.js";
export { Errno, errnoName } from "./abi/errno.js";
export type { ErrnoName } from "./abi/errno.js";
