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
 * after it. Not modelled: registers that gcc saves, its temporaries.
 */
import { UsageError, invariant } from "../core/errors.js";
import type { Address } from "../core/units.js";
import type { CType, Declaration } from "./ctype.js";
import { storeScalar } from "./scalars.js";
import type { Block, FrameHost, FunctionInfo, Local, ParameterPlaces } from "./stack-types.js";
import type { Variable } from "./variable.js";

interface Slot {
  readonly address: Address;
  readonly sizeBytes: number;
}

/** gcc shares the slots of dead block-locals from this size up (param min-size-for-stack-sharing). */
const sharedFromBytes = 32;

const none: readonly never[] = [];

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/**
 * Where parameters are spilled below `start`: at least 4 bytes each, at their alignment; a hole that
 * alignment left is filled by the next one that fits (gcc/function.cc, assign_stack_local_1).
 */
function parameterPlaces(parameters: readonly Declaration[], start: number): ParameterPlaces {
  let extent = start;
  let hole = { from: 0, to: 0 };
  const distances = parameters.map(({ type }) => {
    const size = Math.max(4, type.sizeBytes);
    const align = Math.max(4, type.alignBytes);
    const inHole = roundUp(hole.from + size, align);
    if (inHole <= hole.to) {
      hole = { from: inHole, to: hole.to };
      return inHole;
    }
    const distance = roundUp(extent + size, align);
    if (distance - size > extent) hole = { from: extent, to: distance - size };
    extent = distance;
    return distance;
  });
  return { start, distances, extent };
}

export class Frame {
  /** Set anew for each call: a frame object is used again for the next call at its depth. */
  fn!: FunctionInfo;
  serial = 0;
  private args: readonly number[] = none;
  /** Bytes below bp that locals and spilled parameters use. */
  private extent = 0;
  private parametersStart = 0;
  /** Bytes of the fixed part, or -1 while it is still open. */
  fixedBytes = -1;
  /** Kept empty and shared where a function has none: most frames of a deep recursion. */
  locals: readonly Local[] = none;
  /** alloca's rooms, the oldest first; a loop may make very many. */
  rooms: readonly Local[] = none;
  private blocks: readonly Block[] = none;
  private slots: Map<string, Slot> | undefined;
  private freeSlots: Slot[] | undefined;
  /** Places kept for locals that come after dynamic room, by their declarations. */
  private reserved: Map<string, Address> | undefined;

  constructor(
    private readonly stack: FrameHost,
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
  begin(fn: FunctionInfo, args: readonly number[]): void {
    this.fn = fn;
    this.args = args;
    this.extent = 0;
    this.fixedBytes = -1;
    this.locals = none;
    this.rooms = none;
    this.blocks = none;
    this.slots = undefined;
    this.freeSlots = undefined;
    this.reserved = undefined;
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
    this.mustBeCurrent(`local("${declaration}")`);
    const { name, type } = this.stack.declarationOf(declaration);
    const block = this.blocks.at(-1);
    this.mustBeNew(name, block);
    const address = this.place(declaration, type, block);
    const variable = this.declareAt(name, type, address, type.sizeBytes, "local");
    if (typeof value === "number") variable.value = value;
    else if (value !== undefined) variable.set(value);
    return variable;
  }

  /** The parameter of that name, as the object that gcc -O0 spills it to: `&n` is `f.param("n").address`. */
  param(name: string): Variable {
    this.mustBeCurrent(`param("${name}")`);
    this.seal();
    this.nameParameters();
    const local = this.locals.find((one) => one.kind === "parameter" && one.name === name);
    if (local === undefined)
      throw new UsageError(
        `${this.fn.name}() has no parameter "${name}"`,
        `one of: ${this.fn.type.parameters.map((one) => one.name).join(", ") || "it has none"}`,
      );
    return this.stack.variable(local);
  }

  /**
   * `{ … }`: the body runs at once, and its locals and variable-length arrays end with it, also when
   * an exception passes. A label tells apart sibling blocks that declare the same names.
   */
  block<T>(body: () => T): T;
  block<T>(label: string, body: () => T): T;
  block<T>(first: string | (() => T), second?: () => T): T {
    this.mustBeCurrent("block()");
    const label = typeof first === "string" ? first : "";
    const body = typeof first === "string" ? second : first;
    invariant(body !== undefined, "block() has a body");
    const block: Block = {
      label,
      state: "open",
      stackPointer: this.stack.sp,
      vla: "none",
    };
    const sealedBefore = this.fixedBytes;
    this.blocks = [...this.blocks, block];
    try {
      return body();
    } finally {
      this.closeBlock(block, sealedBefore);
    }
  }

  /**
   * A variable-length array: `f.vla("char v[n]", { n })` is `char v[n];`. It ends with its block. A
   * negative length moves the stack pointer the wrong way, as on the machine.
   */
  vla(declaration: string, lengths: Readonly<Record<string, number>>): Variable {
    this.mustBeCurrent(`vla("${declaration}")`);
    const { name, type, sizeBytes } = this.stack.variableLength(declaration, lengths);
    const block = this.blocks.at(-1);
    this.mustBeNew(name, block);
    this.reserve();
    this.seal();
    if (block !== undefined) block.vla = "some";
    // gcc 12 -O0: (size + 15) / 16 * 16, in unsigned arithmetic of 64 bits.
    this.stack.moveDown(Math.floor((sizeBytes + 15) / 16) * 16);
    return this.declareAt(name, type, this.stack.sp, Math.max(sizeBytes, 0), "vla");
  }

  /**
   * `alloca(size)`: the address of room that lives until the function returns, in a loop one more each
   * time. It ends earlier only where a block with a variable-length array ends around it (as in gcc).
   */
  alloca(sizeBytes: number): Address {
    this.mustBeCurrent("alloca()");
    this.reserve();
    this.seal();
    // gcc 12 -O0: (size + 8 + 15) / 16 * 16.
    this.stack.moveDown(Math.floor((sizeBytes + 8 + 15) / 16) * 16);
    const address = this.stack.sp;
    const name = `alloca(${sizeBytes})`;
    const type = this.stack.declarationOf("char bytes[1]").type;
    this.declareAt(name, type, address, Math.max(sizeBytes, 0), "alloca");
    return address;
  }

  /** Gives places to the locals that are declared further on in the function's text, before dynamic room is taken. */
  private reserve(): void {
    if (this.reserved !== undefined || this.fn.frameBytes !== undefined) return;
    this.reserved = new Map();
    for (const text of this.fn.declared) {
      const declaration = this.stack.knownDeclaration(text);
      if (declaration === undefined || this.reserved.has(text)) continue;
      if (this.locals.some((one) => one.name === declaration.name)) continue;
      this.reserved.set(text, this.placeBelow(text, declaration.type));
    }
  }

  /** Fixes the size of the frame and spills the parameters, as the prologue of compiled code does. */
  seal(): void {
    if (this.fixedBytes >= 0) return;
    const { parameters } = this.fn.type;
    const { memory } = this.stack;
    const { bp } = this;
    if (parameters.length === 0) {
      this.fix(roundUp(Math.max(this.extent, this.fn.frameBytes ?? 0), 16));
      return;
    }
    const start = roundUp(this.extent, 16);
    let places = this.fn.places;
    if (places === undefined || places.start !== start)
      this.fn.places = places = parameterPlaces(parameters, start);
    this.parametersStart = start;
    this.extent = places.extent;
    this.fix(roundUp(Math.max(places.extent, this.fn.frameBytes ?? 0), 16));
    for (let i = 0; i < parameters.length; i++) {
      const type = parameters[i]?.type;
      if (type !== undefined)
        storeScalar(memory, bp - (places.distances[i] ?? 0), type, this.args[i] ?? 0);
    }
    // They are in memory now; a deep recursion should not keep them twice.
    this.args = none;
  }

  /** Lists the spilled parameters among the locals: wanted by `param()` and pictures alone. */
  nameParameters(): void {
    if (this.locals.some((one) => one.kind === "parameter")) return;
    const { parameters } = this.fn.type;
    const { distances } = parameterPlaces(parameters, this.parametersStart);
    parameters.forEach(({ name, type }, i) => {
      const address = this.bp - (distances[i] ?? 0);
      this.addLocal({
        frame: this,
        serial: this.serial,
        name,
        type,
        address,
        kind: "parameter",
        sizeBytes: type.sizeBytes,
        block: undefined,
        written: "yes",
      });
    });
  }

  private addLocal(local: Local): void {
    if (local.kind === "alloca") {
      if (this.rooms === none) this.rooms = [local];
      else (this.rooms as Local[]).push(local);
    } else if (this.locals === none) this.locals = [local];
    else (this.locals as Local[]).push(local);
  }

  /** A frame that ended: its variables are dead objects from here on. */
  end(): void {
    this.serial = 0;
  }

  private fix(bytes: number): void {
    this.fixedBytes = bytes;
    this.stack.sp = this.bp - bytes;
  }

  private place(key: string, type: CType, block: Block | undefined): Address {
    const kept = this.reserved?.get(key);
    if (kept !== undefined) return kept;
    const path = block === undefined ? "" : this.blocks.map((one) => one.label).join("/");
    if (block !== undefined) {
      const known = this.slots?.get(`${path}/${key}`);
      if (known !== undefined) return known.address;
      const free = this.freeSlots ?? [];
      const index = free.findIndex((slot) => slot.sizeBytes >= type.sizeBytes);
      if (type.sizeBytes >= sharedFromBytes && index >= 0) {
        const [slot] = free.splice(index, 1);
        invariant(slot !== undefined, "a free slot was found");
        return slot.address;
      }
    }
    const address = this.placeBelow(key, type);
    if (block !== undefined && type.sizeBytes < sharedFromBytes)
      (this.slots ??= new Map()).set(`${path}/${key}`, { address, sizeBytes: type.sizeBytes });
    return address;
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
    const extent = this.bp - address;
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

  private closeBlock(block: Block, sealedBefore: number): void {
    if (block.state === "closed") return;
    block.state = "closed";
    this.blocks = this.blocks.slice(0, -1);
    for (const local of this.locals)
      if (local.block === block && local.kind === "local" && local.sizeBytes >= sharedFromBytes)
        (this.freeSlots ??= []).push({ address: local.address, sizeBytes: local.sizeBytes });
    this.forgetEarlier(block);
    if (block.vla === "none") return;
    // A frame that was fixed inside the block goes back to its fixed end, else to where the block began.
    this.stack.sp = sealedBefore < 0 ? this.bp - this.fixedBytes : block.stackPointer;
  }

  /**
   * A block that runs again declares the same again, in the same place: of its dead locals the latest
   * are kept, so that a loop's frame stays small. Its arrays of variable length are gone.
   */
  private forgetEarlier(block: Block): void {
    const own = this.locals.filter((one) => one.block === block && one.kind === "local");
    this.locals = this.locals.filter(
      (one) =>
        one.block?.state !== "closed" ||
        (one.kind === "local" &&
          (one.block === block ||
            !own.some((other) => other.address === one.address && other.name === one.name))),
    );
  }

  private declareAt(
    name: string,
    type: CType,
    address: Address,
    sizeBytes: number,
    kind: Local["kind"],
  ): Variable {
    const local: Local = {
      frame: this,
      serial: this.serial,
      name,
      type,
      address,
      kind,
      sizeBytes,
      // alloca's room belongs to the frame: no block ends it.
      block: kind === "alloca" ? undefined : this.blocks.at(-1),
      written: "never",
    };
    this.addLocal(local);
    return this.stack.variable(local);
  }

  private mustBeNew(name: string, block: Block | undefined): void {
    if (this.locals.some((one) => one.name === name && one.block === block))
      throw new UsageError(
        `"${name}" is declared twice in the same block of ${this.fn.name}()`,
        "declare it once; in a loop, put the loop's body into f.block(() => …)",
      );
  }

  private mustBeCurrent(what: string): void {
    if (this.serial === 0)
      throw new UsageError(
        `f.${what} in ${this.fn.name}(), which has returned`,
        "use the frame only while its function runs",
      );
    if (this.stack.current !== this)
      throw new UsageError(
        `f.${what} of ${this.fn.name}(), while ${this.stack.current?.fn.name ?? "another function"}() runs`,
        "use the frame that the running function was given",
      );
  }
}
