/** What a stack, its frames and its stacklets know of each other. */
import type { UserMemory } from "../abi/user-memory.js";
import type { Address } from "../core/units.js";
import type { CType, Declaration, FunctionType } from "./ctype.js";
import type { Variable } from "./variable.js";

/** What the stack knows of a function. */
export interface FunctionInfo {
  readonly name: string;
  readonly type: FunctionType;
  readonly address: Address;
  /** The frame's size, where the program's author gave it; else it follows from the locals. */
  readonly frameBytes: number | undefined;
  /** The locals that its text declares, in their order: a compiler sees them before the function runs. */
  readonly declared: readonly string[];
  /** Where the parameters were last spilled: the same for each call whose locals are the same. */
  places?: ParameterPlaces;
}

/** Distances below bp of a function's spilled parameters. */
export interface ParameterPlaces {
  /** Where the locals' area ended. */
  readonly start: number;
  readonly distances: readonly number[];
  /** The distance of the lowest byte. */
  readonly extent: number;
}

/** The part of the address space a stack may occupy, and where it begins. */
export interface StackRegion {
  readonly name: string;
  /** One past the highest byte. */
  readonly end: Address;
  /** The lowest byte the stack may ever reach, as its limit is now. */
  lowest(): Address;
  /** The stack pointer before the first call. */
  readonly pointer: Address;
}

/** A local as the notes and pictures know it. */
export interface Local {
  /** The frame it belongs to, and that frame's call: another call of the same frame has another number. */
  readonly frame: { readonly serial: number };
  readonly serial: number;
  readonly name: string;
  readonly type: CType;
  readonly address: Address;
  readonly kind: "local" | "parameter" | "vla" | "alloca";
  readonly sizeBytes: number;
  readonly block: Block | undefined;
  /** Whether anything was written to it by name, or could have been through a pointer. */
  written: "never" | "maybe" | "yes";
}

/** A `{ … }` of the function: its locals die at its end, and so do its variable-length arrays. */
export interface Block {
  readonly label: string;
  state: "open" | "closed";
  readonly stackPointer: Address;
  vla: "none" | "some";
}

/** Registers that calls saved, by the depth of the frame: arrays, so that a million frames stay small. */
export interface SavedRegisters {
  bp: Float64Array;
  returnAddress: Float64Array;
  /** The stack pointer after the return. */
  callerSp: Float64Array;
}

/** What a frame needs of its stack. */
export interface FrameHost {
  readonly memory: UserMemory;
  readonly saved: SavedRegisters;
  /** rsp. */
  sp: Address;
  /** The running frame's function and call, to refuse frames that do not run. */
  readonly current: { readonly serial: number; readonly fn: FunctionInfo } | undefined;
  moveDown(bytes: number): void;
  variable(local: Local): Variable;
  declarationOf(text: string): Declaration;
  /** The same; `undefined` where the text cannot be read (yet): whoever executes it is told why. */
  knownDeclaration(text: string): Declaration | undefined;
  variableLength(
    text: string,
    lengths: Readonly<Record<string, number>>,
  ): { readonly name: string; readonly type: CType; readonly sizeBytes: number };
}
