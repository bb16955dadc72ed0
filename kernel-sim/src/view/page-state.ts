/** The states that a page of a process can be in, as the pictures name and draw them. */
import type { ColourName } from "./svg.js";

/**
 * Where one page stands, seen from one process.
 *
 * - `unmapped`: in no vma. - `untouched`: in a vma, its page-table entry empty, nothing cached.
 * - `zero page`: mapped to the shared frame of zeros. - `anonymous`: a frame of this process alone.
 * - `shared anonymous`: an anonymous frame that another page table names too (after fork).
 * - `file`: a frame of a file's (or of shared memory's) page cache, in our page table.
 * - `cached`: in the page cache, but not in our page table. - `swapped`: on the swap device.
 */
export type PageState =
  | "unmapped"
  | "untouched"
  | "zero page"
  | "anonymous"
  | "shared anonymous"
  | "file"
  | "cached"
  | "swapped";

/** How a state is drawn: never by colour alone, always with its sign where a sign fits. */
export interface StateStyle {
  readonly sign: string;
  readonly colour: ColourName;
  /** Opacity of the tint, 0 for none. */
  readonly strength: number;
  readonly meaning: string;
}

export const stateStyles: Readonly<Record<PageState, StateStyle>> = {
  unmapped: { sign: "×", colour: "muted", strength: 0.35, meaning: "no mapping: SIGSEGV" },
  untouched: { sign: "·", colour: "line", strength: 0, meaning: "promised, entry empty" },
  "zero page": { sign: "0", colour: "line", strength: 0.35, meaning: "the shared page of zeros" },
  anonymous: { sign: "A", colour: "a", strength: 0.55, meaning: "a frame of its own" },
  "shared anonymous": {
    sign: "S",
    colour: "d",
    strength: 0.5,
    meaning: "an anonymous frame with several users",
  },
  file: { sign: "F", colour: "c", strength: 0.5, meaning: "a page-cache frame, mapped" },
  cached: { sign: "c", colour: "c", strength: 0.15, meaning: "in the page cache, not mapped" },
  swapped: { sign: "w", colour: "b", strength: 0.45, meaning: "on the swap device" },
};

/** The states in the order in which a summed cell shows the strongest of them first. */
export const stateOrder: readonly PageState[] = [
  "anonymous",
  "shared anonymous",
  "file",
  "swapped",
  "zero page",
  "cached",
  "untouched",
  "unmapped",
];
