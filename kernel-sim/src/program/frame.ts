/**
 * The stack frame of one call, laid out as gcc 12 does at -O0 (gcc/cfgexpand.cc, System V ABI 3.2.2):
 *
 *     bp+8   return address
 *     bp     the caller's bp
 *     bp-…   locals, in the order they are declared, each at its alignment (16 for 16 bytes or more)
 *     …      the parameters, spilled below the locals' area rounded up to 16
 *     sp     the frame's end, a multiple of 16
 *     …      variable-length arrays and alloca, below
 *
 * The frame's size is fixed when it first calls something or takes dynamic room: locals declared
 * before that get gcc's places. Dynamic room lies below the locals that the function's text declares
 * after it. Not modelled: what gcc keeps for arrays of variable length (their bounds and addresses, 16 bytes for each)
 * and the registers that it saves to compute their sizes, none to five, as its register allocator decides over the whole
 * function: the fixed part of such a frame is longer on the machine (docs/program-forms.md).
 */
import { UsageError, invariant } from "../core/errors.js";
import { bytesBetween } from "../core/units.js";
import type { Address } from "../core/units.js";
import type { CType } from "./ctype.js";
import { dynamicBytes, parameterPlaces, roundUp, stackAlignBytes } from "./frame-layout.js";
import { FrameExtras, givesBack } from "./frame-extras.js";
import { WRITTEN } from "./local-table.js";
import type { Block, Local, Placed } from "./locals.js";
import { storeScalar } from "./scalars.js";
import type { FrameHost, FunctionInfo, ParameterPlaces } from "./stack-types.js";
import { LocalVariable } from "./variable.js";
import type { Variable } from "./variable.js";

const none: readonly never[] = [];
/**
 * From this depth on the object of a local is used again where a later call declares the same in the same place: a
 * recursion so deep would keep the garbage collector busy with them. A use of it as the earlier call's, while the later
 * one runs, is then not noted.
 */
const keptFromDepth = 1000;

export class Frame {
  /** Set anew for each call: a frame object is used again for the next call at its depth. */
  fn!: FunctionInfo;
  serial = 0;
  /** Bytes below bp that locals and spilled parameters use. */
  private extent = 0;
  /** Bytes of the fixed part, or -1 while it is still open. */
  fixedBytes = -1;
  private places: ParameterPlaces | undefined;
  private extras: FrameExtras | undefined;

  constructor(
    readonly stack: FrameHost,
    /** How many frames lie above it, and its place in the stack's table of registers. */
    readonly depth: number,
  ) {}

  /** rbp. */
  get bp(): Address {
    return this.stack.saved.bp[this.depth] ?? 0;
  }

  /** The stack pointer after the return. */
  get callerSp(): Address {
    return this.stack.saved.callerSp[this.depth] ?? 0;
  }

  /** Begins the call: called by the stack alone. */
  begin(fn: FunctionInfo): void {
    this.fn = fn;
    this.extent = 0;
    this.fixedBytes = -1;
    this.extras = undefined;
  }

  /** rsp: the lowest byte in use. */
  get sp(): Address {
    this.seal();
    return this.stack.sp;
  }

  /** The lowest byte that belongs to the function: a leaf's locals lie below rsp, in the red zone. */
  get lowest(): Address {
    return this.fixedBytes < 0 ? this.bp - this.extent : this.stack.sp;
  }

  /**
   * Declares a local: `f.local("int i", 0)` is `int i = 0;`. Without a value it holds what its bytes
   * held before. Throws `UsageError` where the name is taken in this block, or after dynamic room where
   * the function's text does not show the declaration.
   */
  local(declaration: string, value?: number | string): Variable {
    this.mustBeCurrent("local", declaration);
    const placed = this.placedBefore(declaration) ?? this.placedAnew(declaration);
    const block = this.extras?.block;
    const variable = this.declare(placed, block);
    if (typeof value === "number") {
      const { locals, memory } = this.stack;
      locals.written[variable.entry] = WRITTEN.yes;
      storeScalar(memory, variable.place, placed.type, value);
    } else if (value !== undefined) variable.set(value);
    return variable;
  }

  /** The parameter of that name, as the object that gcc -O0 spills it to: `&n` is `f.param("n").address`. */
  param(name: string): Variable {
    this.mustBeCurrent("param", name);
    const found = this.parameter(name);
    if (found !== undefined) return found;
    throw new UsageError(
      `${this.fn.name}() has no parameter "${name}"`,
      `one of: ${this.fn.type.parameters.map((one) => one.name).join(", ") || "it has none"}`,
    );
  }

  private parameter(name: string): LocalVariable | undefined {
    this.seal();
    const placed = this.places?.placed.find((one) => one.name === name);
    return placed && this.variable(placed, -1, this.serial);
  }

  /**
   * The object of that name, as the running block sees it: a local declared there, in a block around it or in the
   * function, or a parameter. Throws `UsageError` where there is none.
   */
  named(name: string): Variable {
    this.mustBeCurrent("named", name);
    const { locals, saved } = this.stack;
    const first = saved.firstLocal[this.depth] ?? 0;
    let block = this.extras?.block;
    for (;;) {
      for (let entry = first; entry < locals.count; entry++) {
        const placed = locals.placed[entry];
        if (placed?.name === name && locals.blocks[entry] === block)
          return this.variable(placed, entry, locals.declared[entry] ?? 0);
      }
      if (block === undefined) break;
      block = block.around;
    }
    const found = this.parameter(name);
    if (found !== undefined) return found;
    throw new UsageError(
      `${this.fn.name}() has no local or parameter "${name}" here`,
      "name one that was declared before, in this block or around it",
    );
  }

  /**
   * `{ … }`: the body runs at once, and its locals and variable-length arrays end with it, also when
   * an exception passes. A label tells apart sibling blocks that declare the same names.
   */
  block<T>(body: () => T): T;
  block<T>(label: string, body: () => T): T;
  block<T>(first: string | (() => T), second?: () => T): T {
    this.mustBeCurrent("block", "");
    const label = typeof first === "string" ? first : "";
    const body = typeof first === "string" ? second : first;
    invariant(body !== undefined, "block() has a body");
    const extras = (this.extras ??= new FrameExtras());
    const block = extras.open(label, this.stack.sp);
    const sealedBefore = this.fixedBytes;
    try {
      return body();
    } finally {
      const { locals, saved } = this.stack;
      extras.close(block, this.bp, locals, saved.firstLocal[this.depth] ?? 0);
      // A frame that was fixed inside the block goes back to its fixed end, else to where the block began.
      if (givesBack(block, body))
        this.stack.sp = sealedBefore < 0 ? this.bp - this.fixedBytes : block.stackPointer;
    }
  }

  /**
   * A variable-length array: `f.vla("char v[n]", { n })` is `char v[n];`. It ends with its block. A
   * negative length moves the stack pointer the wrong way, as on the machine.
   */
  vla(declaration: string, lengths: Readonly<Record<string, number>>): Variable {
    this.mustBeCurrent("vla", declaration);
    const { name, type, sizeBytes } = this.stack.variableLength(declaration, lengths);
    const block = this.extras?.block;
    this.mustBeNew(name, block);
    this.reserve();
    this.seal();
    if (block !== undefined) block.vla = "some";
    this.stack.moveDown(dynamicBytes(sizeBytes, type.alignBytes));
    const address = roundUp(this.stack.sp, type.alignBytes);
    const distance = bytesBetween(address, this.bp);
    const placed: Placed = { name, type, kind: "vla", sizeBytes: Math.max(sizeBytes, 0), distance };
    return this.declare(placed, block);
  }

  /**
   * `alloca(size)`: the address of room that lives until the function returns, in a loop one more each
   * time. A block that calls it does not give back its arrays of variable length either: gcc 12 leaves the stack
   * pointer alone there (gcc/gimplify.cc, keep_stack), whatever its manual says.
   */
  alloca(sizeBytes: number): Address {
    this.mustBeCurrent("alloca", String(sizeBytes));
    this.reserve();
    this.seal();
    this.stack.moveDown(dynamicBytes(sizeBytes, stackAlignBytes));
    const address = this.stack.sp;
    const { type } = this.stack.declarationOf("char bytes[1]");
    (this.extras ??= new FrameExtras()).addRoom({
      name: `alloca(${sizeBytes})`,
      type,
      kind: "alloca",
      sizeBytes: Math.max(sizeBytes, 0),
      distance: bytesBetween(address, this.bp),
    });
    return address;
  }

  /** Gives places to the locals that are declared further on in the function's text, before dynamic room is taken. */
  private reserve(): void {
    const extras = (this.extras ??= new FrameExtras());
    if (extras.reserved !== undefined || this.fn.frameBytes !== undefined) return;
    const reserved = (extras.reserved = new Map<string, Address>());
    const names = new Set(this.fixedLocals().map((one) => one.name));
    for (const text of this.fn.declared) {
      const declaration = this.stack.knownDeclaration(text);
      if (declaration === undefined || reserved.has(text) || names.has(declaration.name)) continue;
      reserved.set(text, this.placeBelow(text, declaration.type));
    }
  }

  /** Fixes the size of the frame and spills the parameters, as the prologue of compiled code does. */
  seal(): void {
    const { fn, bp, stack } = this;
    // What a handler has interrupted stays as it is.
    if (this.fixedBytes >= 0 || stack.depth !== this.depth + 1) return;
    let { places } = fn;
    if (places?.locals !== this.extent) fn.places = places = parameterPlaces(fn, this.extent);
    this.places = places;
    this.extent = places.extent;
    this.fixedBytes = places.fixedBytes;
    stack.sp = bp - places.fixedBytes;
    const { placed } = places;
    for (let i = 0; i < placed.length; i++) {
      const one = placed[i];
      if (one !== undefined)
        storeScalar(stack.memory, bp - one.distance, one.type, stack.args[i] ?? 0);
    }
  }

  /** The locals and parameters whose bytes are in the frame's fixed part, dead ones of blocks included, and arrays. */
  get locals(): readonly Local[] {
    return [...this.fixedLocals(), ...this.live(this.places?.placed ?? none)];
  }

  /** alloca's rooms, the oldest first. */
  get rooms(): readonly Local[] {
    return this.live(this.extras?.rooms ?? none);
  }

  private live(placed: readonly Placed[]): Local[] {
    const { bp } = this;
    return placed.map((one) => ({ ...one, address: bp - one.distance, state: "live" }));
  }

  private fixedLocals(): Local[] {
    const { stack, depth, bp } = this;
    const found: Local[] = [];
    for (let entry = stack.saved.firstLocal[depth] ?? 0; entry < stack.localsEnd(depth); entry++) {
      const placed = stack.locals.placed[entry];
      if (placed === undefined) continue;
      const state = stack.locals.blocks[entry]?.state === "closed" ? "dead" : "live";
      // An array of variable length is gone with its block.
      if (state === "live" || placed.kind === "local")
        found.push({ ...placed, address: bp - placed.distance, state });
    }
    return found;
  }

  /** A frame that ended: its variables are dead objects from here on. */
  end(): void {
    this.serial = 0;
  }

  private fix(bytes: number): void {
    this.fixedBytes = bytes;
    this.stack.sp = this.bp - bytes;
  }

  /** The place that the same declaration got in an earlier call, where nothing makes this call another. */
  private placedBefore(text: string): Placed | undefined {
    if (this.fixedBytes >= 0 || this.extras !== undefined) return undefined;
    const { locals, saved, typesVersion } = this.stack;
    const before = this.fn.placements[locals.count - (saved.firstLocal[this.depth] ?? 0)];
    if (before?.text !== text || before.start !== this.extent) return undefined;
    if (before.typesVersion !== typesVersion) return undefined;
    const { placed } = before;
    this.mustBeNew(placed.name, undefined);
    this.extent = placed.distance;
    return placed;
  }

  private placedAnew(text: string): Placed {
    const { extent: start, fn, stack } = this;
    const { name, type } = stack.declarationOf(text);
    const block = this.extras?.block;
    this.mustBeNew(name, block);
    const distance = bytesBetween(this.place(text, type, block), this.bp);
    const placed: Placed = { name, type, kind: "local", sizeBytes: type.sizeBytes, distance };
    const repeats = this.extras === undefined && this.fixedBytes < 0;
    if (repeats && fn.frameBytes === undefined && type.alignBytes <= stackAlignBytes) {
      const nth = stack.locals.count - (stack.saved.firstLocal[this.depth] ?? 0);
      fn.placements[nth] = { text, typesVersion: stack.typesVersion, start, placed };
    }
    return placed;
  }

  private place(key: string, type: CType, block: Block | undefined): Address {
    const kept = this.extras?.reserved?.get(key);
    if (kept !== undefined) return kept;
    if (block === undefined || this.extras === undefined) return this.placeBelow(key, type);
    return this.extras.placeInBlock(key, type, block, () => this.placeBelow(key, type));
  }

  /** The next place below all locals so far: the frame is longer by it. */
  private placeBelow(key: string, type: CType): Address {
    const aggregate = type.kind === "array" || type.kind === "struct" || type.kind === "union";
    const align =
      aggregate && type.sizeBytes >= 16 ? Math.max(16, type.alignBytes) : type.alignBytes;
    const dynamic = this.fixedBytes >= 0 && this.stack.sp !== this.bp - this.fixedBytes;
    const open = this.fixedBytes < 0 || this.fn.frameBytes !== undefined;
    const from = open ? this.extent : this.fixedBytes;
    const address = Math.floor((this.bp - from - type.sizeBytes) / align) * align;
    const extent = bytesBetween(address, this.bp);
    const given = this.fn.frameBytes;
    if (given !== undefined && extent > given)
      throw new UsageError(
        `"${key}" does not fit in the ${given} bytes given as the frame of ${this.fn.name}()`,
        "give the size that `sub …,%rsp` shows in the function's disassembly (objdump -d)",
      );
    if (dynamic && given === undefined)
      throw new UsageError(
        `local("${key}") comes after a variable-length array or alloca in ${this.fn.name}(), and its text is not seen there`,
        "write the declaration as a literal in the function's body, or declare it before them",
      );
    this.extent = extent;
    if (this.fixedBytes >= 0 && given === undefined) this.fix(roundUp(extent, 16));
    return address;
  }

  private declare(placed: Placed, block: Block | undefined): LocalVariable {
    const { locals, saved } = this.stack;
    const declared = this.stack.nextNumber();
    let entry = -1;
    if (this.extras !== undefined) {
      entry = locals.dead(saved.firstLocal[this.depth] ?? 0, placed);
      if (entry >= 0) locals.put(entry, placed, block, declared);
    }
    if (entry < 0) entry = locals.add(placed, block, declared);
    return this.variable(placed, entry, declared);
  }

  private variable(placed: Placed, entry: number, declared: number): LocalVariable {
    const { end, saved, variables } = this.stack;
    const below = bytesBetween((saved.bp[this.depth] ?? 0) - placed.distance, end);
    if (entry < 0 || this.depth < keptFromDepth)
      return new LocalVariable(this, placed, below, entry, declared);
    const before = variables[entry];
    if (before?.declareAgain(this, placed, below, declared) === true) return before;
    return (variables[entry] = new LocalVariable(this, placed, below, entry, declared));
  }

  private mustBeNew(name: string, block: Block | undefined): void {
    const { locals, saved } = this.stack;
    for (let entry = saved.firstLocal[this.depth] ?? 0; entry < locals.count; entry++)
      if (locals.placed[entry]?.name === name && locals.blocks[entry] === block)
        throw new UsageError(
          `"${name}" is declared twice in the same block of ${this.fn.name}()`,
          "declare it once; in a loop, put the loop's body into f.block(() => …)",
        );
  }

  private mustBeCurrent(method: string, text: string): void {
    const { stack } = this;
    const { running } = stack;
    const runs = this.serial !== 0 && stack.depth === this.depth + 1;
    if (runs && running.stack === stack) return;
    const what = `f.${method}(${text === "" ? "" : `"${text}"`})`;
    if (this.serial !== 0) running.check(stack, `${what} of ${this.fn.name}()`);
    if (runs && running.stack === undefined) return;
    if (this.serial === 0)
      throw new UsageError(
        `${what} in ${this.fn.name}(), which has returned`,
        "use the frame only while its function runs",
      );
    throw new UsageError(
      `${what} of ${this.fn.name}(), while ${(running.stack ?? stack).current?.fn.name ?? "another function"}() runs`,
      "use the frame that the running function was given",
    );
  }
}
