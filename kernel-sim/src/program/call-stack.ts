/**
 * The stack of one thread: the stack pointer, the frames in use, calls and returns.
 *
 * A call pushes the return address and the caller's bp into simulated memory; a return reads the
 * address back, so that a smashed stack ends where the machine would end it.
 */
import { ProgramTerminated } from "../abi/signal.js";
import type { SignalInfo } from "../abi/signal.js";
import type { UserMemory } from "../abi/user-memory.js";
import { UsageError, invariant } from "../core/errors.js";
import type { Address } from "../core/units.js";
import { AccessChecks } from "./access-checks.js";
import type { ProgramObjects } from "./access-checks.js";
import { arrayOf } from "./ctype.js";
import type { CType, Declaration } from "./ctype.js";
import type { TypeTable } from "./type-table.js";
import { Frame } from "./frame.js";
import type { Notes } from "./notes.js";
import { PendingCall } from "./deep-call.js";
import type { RunningProgram } from "./running-program.js";
import type { SplitStack } from "./split-stack.js";
import { LocalTable } from "./local-table.js";
import type { FrameHost, FunctionInfo, SavedRegisters, StackRegion } from "./stack-types.js";
import type { AccessWatcher, LocalVariable, Variable } from "./variable.js";

/** Frames that fit before the table of registers grows. */
const firstDepth = 256;
/** A call returns this far into its caller's code: what is pushed is an address within the caller. */
const callOffset = 0x1a;
const none: readonly never[] = [];

/** A declaration of an array of variable length. */
interface ArrayDeclaration {
  readonly name: string;
  readonly element: CType;
  readonly dimensions: readonly (string | number)[];
}

export class CallStack implements AccessWatcher, FrameHost {
  /** rsp. */
  sp: Address;
  /** Frames in use; `frames[depth - 1]` is the running one. */
  depth = 0;
  readonly frames: Frame[] = [];
  readonly saved: SavedRegisters = {
    bp: new Float64Array(firstDepth),
    callerSp: new Float64Array(firstDepth),
    firstLocal: new Int32Array(firstDepth),
  };
  readonly locals = new LocalTable();
  readonly variables: LocalVariable[] = [];
  /** The deep call that the running body has asked for. */
  readonly pending = new PendingCall();
  /** What callers have left to do after a deep call, by the depth of their frames. */
  readonly rests: PendingCall["rest"][] = [];
  args: readonly number[] = none;
  split: SplitStack | undefined;
  private numbers = 0;
  private readonly checks: AccessChecks;
  readonly end: Address;
  /** The program's name, for messages. */
  readonly program: string;
  readonly running: RunningProgram;
  private readonly declarations = new Map<string, Declaration>();
  private readonly arrays = new Map<string, ArrayDeclaration>();

  constructor(
    readonly memory: UserMemory,
    readonly region: StackRegion,
    private readonly types: TypeTable,
    readonly notes: Notes,
    objects: ProgramObjects,
    private readonly raise: (info: SignalInfo) => void,
  ) {
    this.end = region.end;
    this.program = objects.program;
    this.running = objects.running;
    this.sp = region.pointer;
    this.checks = new AccessChecks(this, objects);
  }

  get current(): Frame | undefined {
    return this.depth === 0 ? undefined : this.frames[this.depth - 1];
  }

  /** The running frame; there must be one. */
  top(): Frame {
    const frame = this.current;
    invariant(frame !== undefined, "a function runs");
    return frame;
  }

  /** `call` and the callee's prologue. A fault while pushing leaves the stack as it was. */
  enter(fn: FunctionInfo, args: readonly number[]): Frame {
    const depth = this.depth;
    if (depth > 0) {
      const caller = this.frames[depth - 1];
      invariant(caller !== undefined, "the running frame exists");
      if (caller.fixedBytes < 0) caller.seal();
    }
    return this.push(fn, args, this.split === undefined ? this.sp : this.split.prologue(this, fn));
  }

  /** A handler's entry: the running function is interrupted wherever it is, its frame stays as it is. */
  interrupt(fn: FunctionInfo): Frame {
    return this.push(fn, none, this.sp);
  }

  private push(fn: FunctionInfo, args: readonly number[], sp: Address): Frame {
    const depth = this.depth;
    const caller = depth === 0 ? undefined : this.frames[depth - 1];
    const { saved } = this;
    const callerBp = depth === 0 ? 0 : (saved.bp[depth - 1] ?? 0);
    const bp = sp - 16;
    this.memory.storeWord(sp - 8, returnAddressTo(caller));
    this.memory.storeWord(bp, callerBp);
    let frame = this.frames[depth];
    if (frame === undefined) {
      frame = new Frame(this, depth);
      this.frames.push(frame);
      if (depth >= saved.bp.length) this.makeRoom();
    }
    frame.begin(fn);
    this.args = args;
    frame.serial = this.nextNumber();
    saved.bp[depth] = bp;
    saved.callerSp[depth] = this.sp;
    saved.firstLocal[depth] = this.locals.count;
    this.sp = bp;
    this.depth = depth + 1;
    return frame;
  }

  /** `leave; ret`. Where the return address was overwritten, the program jumps there and faults. */
  leave(frame: Frame): void {
    const found = this.memory.loadWord(frame.bp + 8);
    if (found !== returnAddressTo(this.frames[frame.depth - 1])) this.smashed(frame, found);
    this.pop(frame);
  }

  /** Ends the frames down to `depth`, as a jump over them does: nothing of them runs any more. */
  unwind(depth: number): void {
    while (this.depth > depth) {
      const frame = this.current;
      invariant(frame !== undefined, "a frame to unwind");
      this.pop(frame);
    }
  }

  /** `sub $bytes,%rsp`; nothing is touched. */
  get typesVersion(): number {
    return this.types.version;
  }

  moveDown(bytes: number): void {
    this.sp -= bytes;
  }

  nextNumber(): number {
    return ++this.numbers;
  }

  localsEnd(depth: number): number {
    return depth === this.depth - 1 ? this.locals.count : (this.saved.firstLocal[depth + 1] ?? 0);
  }

  declarationOf(text: string): Declaration {
    const known = this.declarations.get(text);
    if (known !== undefined) return known;
    const declaration = this.types.declaration(text);
    if (declaration.type.kind === "function" || declaration.type.kind === "void")
      throw new UsageError(
        `"${text}" does not declare an object`,
        'declare a local such as "int i"; a function is made with c.define(…)',
      );
    this.declarations.set(text, declaration);
    return declaration;
  }

  knownDeclaration(text: string): Declaration | undefined {
    try {
      return this.declarationOf(text);
    } catch (error) {
      if (error instanceof UsageError) return undefined;
      throw error;
    }
  }

  /** Types were declared: what a text means may have changed. */
  forgetDeclarations(): void {
    this.declarations.clear();
    this.arrays.clear();
  }

  /** `"char v[n]"` with `{ n: 7 }`: its type, and its size in bytes, which may be negative. */
  variableLength(
    text: string,
    lengths: Readonly<Record<string, number>>,
  ): { name: string; type: CType; sizeBytes: number } {
    const { name, element, dimensions } = this.arrayDeclaration(text);
    let sizeBytes = element.sizeBytes;
    let type = element;
    for (let i = dimensions.length - 1; i >= 0; i--) {
      const length = dimensions[i] ?? "";
      const count = typeof length === "number" ? length : lengths[length];
      if (count === undefined || Number.isNaN(count))
        throw new UsageError(
          `the length ${length} of "${text}" is not given, or no number`,
          `pass it: f.vla("${text}", { ${length} })`,
        );
      sizeBytes *= Math.trunc(count);
      type = arrayOf(type, Math.max(Math.trunc(count), 0));
    }
    return { name, type, sizeBytes };
  }

  /** `"char v[n]"` read once: its name, what it is an array of, and its lengths as numbers or names. */
  private arrayDeclaration(text: string): ArrayDeclaration {
    const known = this.arrays.get(text);
    if (known !== undefined) return known;
    const dimensions: (string | number)[] = [];
    const bare = text.replace(/\[\s*([A-Za-z_]\w*|\d+)\s*\]/g, (_, length: string) => {
      dimensions.push(/^\d/.test(length) ? Number(length) : length);
      return "";
    });
    const { name, type: element } = this.types.declaration(bare);
    if (dimensions.length === 0)
      throw new UsageError(`"${text}" is not an array`, 'write it as C does: "char v[n]"');
    const declaration = { name, element, dimensions };
    this.arrays.set(text, declaration);
    return declaration;
  }

  reading(variable: Variable): void {
    this.checks.reading(variable);
  }

  writing(variable: Variable): void {
    this.checks.writing(variable);
  }

  addressTaken(variable: Variable): void {
    this.checks.addressTaken(variable);
  }

  private makeRoom(): void {
    const { saved } = this;
    const { bp, callerSp, firstLocal } = saved;
    saved.bp = new Float64Array(bp.length * 2);
    saved.bp.set(bp);
    saved.callerSp = new Float64Array(bp.length * 2);
    saved.callerSp.set(callerSp);
    saved.firstLocal = new Int32Array(bp.length * 2);
    saved.firstLocal.set(firstLocal);
  }

  private pop(frame: Frame): void {
    frame.end();
    this.locals.count = this.saved.firstLocal[frame.depth] ?? 0;
    this.sp = frame.callerSp;
    this.depth--;
    if (this.split !== undefined) this.split.epilogue(this);
  }

  private smashed(frame: Frame, found: number): void {
    const what = `the return address of ${frame.fn.name}() was overwritten`;
    this.notes.add("stack-smashed", frame.bp + 8, what);
    this.sp = frame.bp + 16;
    const canonical = found < 0x8000_0000_0000;
    const info: SignalInfo = canonical
      ? { signal: "SIGSEGV", code: "MAPERR", address: found }
      : { signal: "SIGSEGV", code: "KERNEL", address: 0 };
    this.raise(info);
    throw new ProgramTerminated(info);
  }
}

/** What a call from that function pushes; the first function returns to nothing of the program. */
function returnAddressTo(caller: Frame | undefined): Address {
  return caller === undefined ? 0 : caller.fn.address + callOffset;
}
