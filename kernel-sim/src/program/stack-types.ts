/** What a stack, its frames and its stacklets know of each other. */
import type { Address } from "../core/units.js";
import type { CType, Declaration, FunctionType } from "./ctype.js";
import type { Placed } from "./locals.js";
import type { LocalTable } from "./local-table.js";
import type { RunningProgram } from "./running-program.js";
import type { AccessWatcher, LocalVariable } from "./variable.js";

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
  /** The same of its locals, in the order in which they are declared. */
  readonly placements: Placement[];
}

/** Where a function's parameters are spilled. */
export interface ParameterPlaces {
  /** Bytes of the locals above them. */
  readonly locals: number;
  readonly placed: readonly Placed[];
  /** The distance of the lowest byte. */
  readonly extent: number;
  /** The size of the frame's fixed part. */
  readonly fixedBytes: number;
}

/** Where a function's call placed a local of that text: the next call most often places the same in the same order. */
export interface Placement {
  readonly text: string;
  /** What the types were then: a text may mean something else since. */
  readonly typesVersion: number;
  /** Bytes of the locals above it. */
  readonly start: number;
  readonly placed: Placed;
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

/** Registers that calls saved, by the depth of the frame: arrays, so that a million frames stay small. */
export interface SavedRegisters {
  bp: Float64Array;
  /** The stack pointer after the return. */
  callerSp: Float64Array;
  /** The number of the frame's first local in the table of locals. */
  firstLocal: Int32Array;
}

/** What a frame needs of its stack. */
export interface FrameHost extends AccessWatcher {
  readonly region: StackRegion;
  /** The region's end: what locals are counted from. */
  readonly end: Address;
  /** Frames in use. */
  readonly depth: number;
  readonly program: string;
  readonly running: RunningProgram;
  readonly saved: SavedRegisters;
  readonly locals: LocalTable;
  /** The objects that the bodies of deep frames were given for these locals, by their numbers: to be used again. */
  readonly variables: LocalVariable[];
  /** The running function's arguments, while they are in registers: until its frame is fixed. */
  readonly args: readonly number[];
  /** rsp. */
  sp: Address;
  /** The running frame's function and call, to refuse frames that do not run. */
  readonly current: { readonly serial: number; readonly fn: FunctionInfo } | undefined;
  readonly typesVersion: number;
  /** The next number for a call or a declaration. */
  nextNumber(): number;
  moveDown(bytes: number): void;
  /** The number after the frame's last local in the table of locals. */
  localsEnd(depth: number): number;
  declarationOf(text: string): Declaration;
  /** The same; `undefined` where the text cannot be read (yet): whoever executes it is told why. */
  knownDeclaration(text: string): Declaration | undefined;
  variableLength(
    text: string,
    lengths: Readonly<Record<string, number>>,
  ): { readonly name: string; readonly type: CType; readonly sizeBytes: number };
}
