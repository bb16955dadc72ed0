/** An object of the C program: a type at an address, read and written through the simulated memory. */
import type { UserMemory } from "../abi/user-memory.js";
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import { hex } from "../core/units.js";
import type { CType, Field } from "./ctype.js";
import { declare, typeName } from "./ctype.js";
import type { LocalTable } from "./local-table.js";
import type { Placed } from "./locals.js";
import { loadBits, loadScalar, storeBits, storeScalar } from "./scalars.js";

/** Told of each access before it happens, so that a note can be taken; it never changes the access. */
export interface AccessWatcher {
  readonly memory: UserMemory;
  reading(variable: Variable): void;
  writing(variable: Variable): void;
  /** `&a` was asked for: from now on the object may also be written through a pointer. */
  addressTaken(variable: Variable): void;
}

/** What an object is, wherever it lies. */
export interface ObjectInfo {
  /** The name in C: `buf`, `p->next`, `v[3]`. */
  readonly name: string;
  readonly type: CType;
  readonly bitField?: Field | undefined;
}

/**
 * `a.value` is C's `a`, `a.address` is `&a`, `a.at(i)` is `a[i]`, `s.field("x")` is `s.x` and
 * `p.deref()` is `*p`. An access goes to memory whatever became of the object, as in C; it may fault.
 */
export abstract class Variable {
  /** Where it lies, for those who look without touching; a program asks for {@link address}. */
  abstract readonly place: Address;
  /** The local that this is, or is part of; `undefined` for `c.at(…)`. */
  abstract readonly whole: LocalVariable | undefined;
  /** The pointer through which it was reached: its own address, for a local and for `c.at(…)` itself. */
  abstract readonly base: Address;
  protected abstract readonly info: ObjectInfo;
  protected abstract readonly host: AccessWatcher;

  /** The name in C: `buf`, `p->next`, `v[3]`. */
  get name(): string {
    return this.info.name;
  }

  get type(): CType {
    return this.info.type;
  }

  get isBitField(): boolean {
    return this.info.bitField !== undefined;
  }

  /** `&a`. */
  get address(): Address {
    if (this.isBitField)
      throw new UsageError(
        `&${this.name}: a bit-field has no address`,
        "take the address of the struct that holds it",
      );
    this.host.addressTaken(this);
    return this.place;
  }

  /** `sizeof a`. */
  get size(): number {
    return this.type.sizeBytes;
  }

  /** The scalar's value; an array's is the address of its first element, as in C. */
  get value(): number {
    if (this.type.kind === "array") return this.address;
    this.host.reading(this);
    const { type, bitField } = this.info;
    if (bitField !== undefined) return loadBits(this.memory, this.place, bitField);
    return loadScalar(this.memory, this.place, type);
  }

  set value(value: number) {
    this.host.writing(this);
    const { type, bitField } = this.info;
    if (bitField !== undefined) storeBits(this.memory, this.place, bitField, value);
    else storeScalar(this.memory, this.place, type, value);
  }

  /** `a[i]`, of an array or a pointer. C does not check `i`, and neither is the access stopped. */
  at(index: number): Variable {
    const { type } = this;
    if (type.kind === "array") {
      const info = new ElementInfo(this.info, index, type.element);
      return this.part(info, this.place + index * type.element.sizeBytes);
    }
    if (type.kind === "pointer") {
      const info = new ElementInfo(this.info, index, type.target);
      return this.target(info, index * type.target.sizeBytes);
    }
    throw new UsageError(
      `${this.name} is a ${typeName(this.type)}, which cannot be indexed`,
      "index an array or a pointer",
    );
  }

  /** `s.name`; of a pointer to a struct, `s->name`. */
  field(name: string): Variable {
    if (this.type.kind === "pointer") {
      const target = this.deref();
      return target.member(name, `${this.name}->${name}`);
    }
    return this.member(name, `${this.name}.${name}`);
  }

  /** `*p`. */
  deref(): Variable {
    if (this.type.kind !== "pointer")
      throw new UsageError(
        `${this.name} is a ${typeName(this.type)}, not a pointer`,
        "take .value, or declare it as a pointer",
      );
    return this.target({ name: `*${this.name}`, type: this.type.target }, 0);
  }

  /** The bytes up to the first NUL, as text (Latin-1). Reads on past the array's end, as C does. */
  string(): string {
    this.host.reading(this);
    let text = "";
    const from = this.type.kind === "pointer" ? this.value : this.place;
    for (let at = from; ; at++) {
      const byte = this.memory.load8(at);
      if (byte === 0) return text;
      text += String.fromCharCode(byte);
    }
  }

  /** `strcpy(a, text)`: the text and a NUL, whether or not they fit. */
  set(text: string): void {
    this.host.writing(this);
    const bytes = new Uint8Array(text.length + 1);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    this.memory.write(this.type.kind === "pointer" ? this.value : this.place, bytes);
  }

  /** The object's bytes, as they lie in memory. */
  bytes(): Uint8Array {
    return this.memory.read(this.place, this.size);
  }

  toString(): string {
    return `${declare(this.name, this.type)} at ${hex(this.place)}`;
  }

  private get memory(): UserMemory {
    return this.host.memory;
  }

  private member(name: string, path: string): Variable {
    if (this.type.kind !== "struct" && this.type.kind !== "union")
      throw new UsageError(
        `${this.name} is a ${typeName(this.type)}, which has no members`,
        "use .value, or .at(i) for an element",
      );
    const found = findField(this.type, name);
    if (found === undefined)
      throw new UsageError(
        `${typeName(this.type)} has no member "${name}"${this.type.fields === undefined ? ": it is incomplete" : ""}`,
        `one of: ${(this.type.fields ?? []).map((field) => field.name).join(", ") || "declare its body first"}`,
      );
    const { field, offsetBytes } = found;
    const bitField = field.bits === undefined ? undefined : field;
    return this.part({ name: path, type: field.type, bitField }, this.place + offsetBytes);
  }

  private part(info: ObjectInfo, place: Address): Variable {
    return new PlacedVariable(this.host, info, place, this.whole, this.base);
  }

  /** What lies that far from where this pointer points. */
  private target(info: ObjectInfo, offsetBytes: number): Variable {
    const base = this.value;
    return new PlacedVariable(this.host, info, base + offsetBytes, undefined, base);
  }
}

/** `v[i]`: its name is put together when somebody asks. */
class ElementInfo implements ObjectInfo {
  constructor(
    private readonly array: ObjectInfo,
    private readonly index: number,
    readonly type: CType,
  ) {}

  get name(): string {
    return `${this.array.name}[${this.index}]`;
  }
}

/** An object that is no whole local: a part of one, or what lies at an address. */
export class PlacedVariable extends Variable {
  constructor(
    protected readonly host: AccessWatcher,
    protected readonly info: ObjectInfo,
    readonly place: Address,
    readonly whole: LocalVariable | undefined,
    readonly base: Address = place,
  ) {
    super();
  }
}

/** A frame as its locals know it. */
export interface Running {
  /** The call's number, 0 once it has returned: another call of the same frame has a greater one. */
  readonly serial: number;
  /** How many frames lie above it. */
  readonly depth: number;
  readonly fn: { readonly name: string };
  readonly stack: AccessWatcher & { readonly locals: LocalTable; readonly end: Address };
}

/**
 * A whole local: it knows of which call it is, so that a use after its end can be told. A million calls that wait keep
 * a million of these: so what it needs is in few fields, all of them small integers or shared.
 */
export class LocalVariable extends Variable {
  constructor(
    private readonly frame: Running,
    protected readonly info: Placed,
    /** How far it lies below the stack's end. */
    private readonly below: number,
    /** Its number in the stack's table of locals; -1 for a parameter. */
    readonly entry: number,
    /** The number of its declaration; calls and declarations are numbered as they happen. */
    private declared: number,
  ) {
    super();
  }

  override get host(): AccessWatcher {
    return this.frame.stack;
  }

  get place(): Address {
    return this.frame.stack.end - this.below;
  }

  get whole(): LocalVariable {
    return this;
  }

  get base(): Address {
    return this.place;
  }

  get depth(): number {
    return this.frame.depth;
  }

  /** While it is live: whose local it is. */
  get functionName(): string {
    return this.frame.fn.name;
  }

  /** Becomes the object of a later declaration, and says whether it could: of the same local, in the same place. */
  declareAgain(frame: Running, info: Placed, below: number, declared: number): boolean {
    if (this.frame !== frame || this.info !== info || this.below !== below) return false;
    this.declared = declared;
    return true;
  }

  /** Whether its function has returned, or its block has ended. */
  get state(): "live" | "returned" | "closed" {
    const { frame, declared, entry } = this;
    if (frame.serial === 0 || frame.serial > declared) return "returned";
    return entry < 0 || frame.stack.locals.holds(entry, declared) ? "live" : "closed";
  }
}

/** A member by name, looked for in anonymous members too, with its offset from the outermost struct. */
export function findField(
  type: CType,
  name: string,
): { readonly field: Field; readonly offsetBytes: number } | undefined {
  if (type.kind !== "struct" && type.kind !== "union") return undefined;
  for (const field of type.fields ?? []) {
    if (field.name === name) return { field, offsetBytes: field.offsetBytes };
    if (field.name !== "") continue;
    const inner = findField(field.type, name);
    if (inner !== undefined)
      return { field: inner.field, offsetBytes: field.offsetBytes + inner.offsetBytes };
  }
  return undefined;
}
