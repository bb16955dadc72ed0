/** What is known of a local: its declaration, its place in the frame, and the block that it ends with. */
import type { Address } from "../core/units.js";
import type { Declaration } from "./ctype.js";

/** A declaration and its place in the frame: one for all calls that declare the same in the same place. */
export interface Placed extends Declaration {
  readonly kind: "local" | "parameter" | "vla" | "alloca";
  readonly sizeBytes: number;
  /** How far its lowest byte lies below bp. */
  readonly distance: number;
}

/** A local of a frame as it is now. */
export interface Local extends Placed {
  readonly address: Address;
  readonly state: "live" | "dead";
}

/** A `{ … }` of the function: its locals die at its end, and so do its variable-length arrays. */
export interface Block {
  readonly label: string;
  /** The block around it; `undefined` where that is the function's own. */
  readonly around: Block | undefined;
  state: "open" | "closed";
  readonly stackPointer: Address;
  vla: "none" | "some";
  /** Whether alloca() was called in it, or in a block within. */
  alloca: "none" | "some";
}
