/** A stack as plain data: what a picture or a text of it is made from. */
import type { Address } from "../core/units.js";

export interface StackInfo {
  readonly name: string;
  /** The lowest byte the stack may reach, and one past its highest. */
  readonly lowest: Address;
  readonly end: Address;
  /** rsp. */
  readonly pointer: Address;
  /** The oldest first, as they lie from high addresses to low. */
  readonly frames: readonly FrameInfo[];
}

export interface FrameInfo {
  readonly function: string;
  /** One past the frame's highest byte: above its return address. */
  readonly end: Address;
  /** rbp. */
  readonly base: Address;
  /** The lowest byte in use. */
  readonly low: Address;
  readonly locals: readonly LocalInfo[];
}

export interface LocalInfo {
  readonly name: string;
  /** As C declares it: `char buf[16]`. */
  readonly declaration: string;
  readonly kind: "local" | "parameter" | "vla" | "alloca";
  readonly state: "live" | "dead";
  readonly address: Address;
  readonly sizeBytes: number;
  /** Its value as a debugger would print it; empty for what has no short one. */
  readonly value: string;
}
