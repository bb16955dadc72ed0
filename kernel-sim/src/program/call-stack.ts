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
import { arrayOf } from "./ctype.js";
import type { CType } from "./ctype.js";
import type { TypeTable } from "./declarations.js";
import { Frame } from "./frame.js";
import type { Notes } from "./notes.js";
import { PendingCall } from "./deep-call.js";
import type { SplitStack } from "./split-stack.js";
import { LocalTable, WRITTEN } from "./local-table.js";
import type {
  FrameHost,
  FunctionInfo,
  KnownDeclaration,
  SavedRegisters,
  StackRegion,
} from "./stack-types.js";
import type { AccessWatcher, Variable } from "./variable.js";

/** Frames that fit before the table of registers grows. */
const firstDepth = 256;
/** A call returns this far into its caller's code: what is pushed is an address within the caller. */
const callOffset = 0x1a;
const none: readonly never[] = [];

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
  /** The deep call that the running body has asked for. */
  readonly pending = new PendingCall();
  /** What callers have left to do after a deep call, by the depth of their frames. */
  readonly rests: PendingCall["rest"][] = [];
  args: readonly number[] = none;
  split: SplitStack | undefined;
  private numbers = 0;
  private readonly declarations = new Map<string, KnownDeclaration>();

  constructor(
    readonly memory: UserMemory,
    readonly region: StackRegion,
    private readonly types: TypeTable,
    readonly notes: Notes,
    private readonly raise: (info: SignalInfo) => void,
  ) {
    this.sp = region.pointer;
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
  moveDown(bytes: number): void {
    this.sp -= bytes;
  }

  nextNumber(): number {
    return ++this.numbers;
  }

  localsEnd(depth: number): number {
    return depth === this.depth - 1 ? this.locals.count : (this.saved.firstLocal[depth + 1] ?? 0);
  }

  declarationOf(text: string): KnownDeclaration {
    const known = this.declarations.get(text);
    if (known !== undefined) return known;
    const declaration: KnownDeclaration = { ...this.types.declaration(text), last: undefined };
    if (declaration.type.kind === "function" || declaration.type.kind === "void")
      throw new UsageError(
        `"${text}" does not declare an object`,
        'declare a local such as "int i"; a function is made with c.define(…)',
      );
    this.declarations.set(text, declaration);
    return declaration;
  }

  knownDeclaration(text: string): KnownDeclaration | undefined {
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
  }

  /** `"char v[n]"` with `{ n: 7 }`: its type, and its size in bytes, which may be negative. */
  variableLength(
    text: string,
    lengths: Readonly<Record<string, number>>,
  ): { name: string; type: CType; sizeBytes: number } {
    const counts: number[] = [];
    const bare = text.replace(/\[\s*([A-Za-z_]\w*|\d+)\s*\]/g, (_, length: string) => {
      const count = /^\d/.test(length) ? Number(length) : lengths[length];
      if (count === undefined || Number.isNaN(count))
        throw new UsageError(
          `the length ${length} of "${text}" is not given, or no number`,
          `pass it: f.vla("${text}", { ${length} })`,
        );
      counts.push(Math.trunc(count));
      return "";
    });
    const { name, type } = this.types.declaration(bare);
    if (counts.length === 0)
      throw new UsageError(`"${text}" is not an array`, 'write it as C does: "char v[n]"');
    let whole: CType = type;
    for (const count of counts.slice().reverse()) whole = arrayOf(whole, Math.max(count, 0));
    const sizeBytes = counts.reduce((size, count) => size * count, type.sizeBytes);
    return { name, type: whole, sizeBytes };
  }

  reading(variable: Variable): void {
    const entry = this.check(variable, "read");
    if (entry < 0 || this.locals.written[entry] !== WRITTEN.never) return;
    this.notes.add(
      "uninitialised-read",
      variable.place,
      `read of ${variable.name}, never written,`,
    );
  }

  writing(variable: Variable): void {
    const entry = this.check(variable, "write");
    if (entry >= 0) this.locals.written[entry] = WRITTEN.yes;
  }

  addressTaken(variable: Variable): void {
    const local = variable.whole;
    if (local === undefined || local.entry < 0 || local.state !== "live") return;
    if (this.locals.written[local.entry] === WRITTEN.never)
      this.locals.written[local.entry] = WRITTEN.maybe;
  }

  /** Notes what is wrong with an access, and finds the number of the live local it goes to; -1 where there is none. */
  private check(variable: Variable, access: "read" | "write"): number {
    const local = variable.whole;
    if (local === undefined) return this.checkPointer(variable, access);
    const { state } = local;
    if (state === "live") {
      if (local === variable) return local.entry;
      const from = variable.place - local.place;
      if (from >= 0 && from + variable.size <= local.size) return local.entry;
      const what = `${access} of ${variable.name} outside ${local.name},`;
      this.notes.add("stack-buffer-overflow", variable.place, what);
    } else if (state === "returned") {
      const what = `${access} of ${variable.name} after its function has returned,`;
      this.notes.add("stack-use-after-return", variable.place, what);
    } else {
      const what = `${access} of ${variable.name} after the end of its block,`;
      this.notes.add("stack-use-after-scope", variable.place, what);
    }
    return -1;
  }

  private checkPointer(variable: Variable, access: "read" | "write"): number {
    const { place } = variable;
    if (place >= this.region.end || place < this.region.lowest()) return -1;
    if (place < (this.current?.lowest ?? this.sp)) {
      const what = `${access} of ${variable.name} below the stack pointer, where no function lives,`;
      this.notes.add("stack-use-after-return", place, what);
      return -1;
    }
    const entry = this.localAt(place);
    if (entry >= 0 && this.locals.blocks[entry]?.state === "closed") {
      const what = `${access} of ${variable.name}, which is ${this.locals.placed[entry]?.name} after the end of its block,`;
      this.notes.add("stack-use-after-scope", place, what);
      return -1;
    }
    return entry;
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

  /** The depth of the frame that holds the address, or of the nearest one. */
  private depthAt(address: Address): number {
    let low = 0;
    let high = this.depth - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.saved.bp[middle] ?? 0) + 16 > address) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The number of the local that covers the address: a live one, else a dead one; -1 where none does. */
  private localAt(address: Address): number {
    const depth = this.depthAt(address);
    const distance = (this.saved.bp[depth] ?? 0) - address;
    const { placed, blocks } = this.locals;
    let found = -1;
    for (let entry = this.saved.firstLocal[depth] ?? 0; entry < this.localsEnd(depth); entry++) {
      const one = placed[entry];
      if (one === undefined || distance > one.distance || one.distance - distance >= one.sizeBytes)
        continue;
      if (blocks[entry]?.state !== "closed") return entry;
      if (one.kind === "local") found = entry;
    }
    return found;
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
