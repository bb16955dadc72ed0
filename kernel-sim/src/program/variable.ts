/** An object of the C program: a type at an address, read and written through the simulated memory. */
import type { UserMemory } from "../abi/user-memory.js";
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import { hex } from "../core/units.js";
import type { CType, Field } from "./ctype.js";
import { declare, typeName } from "./ctype.js";
import type { Block, Placed } from "./stack-types.js";
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

/** An address is kept in two parts: small integers lie within the object, and a number as large as an address would not. */
const lowPart = 2 ** 24;

/**
 * `a.value` is C's `a`, `a.address` is `&a`, `a.at(i)` is `a[i]`, `s.field("x")` is `s.x` and
 * `p.deref()` is `*p`. An access goes to memory whatever became of the object, as in C; it may fault.
 */
export class Variable {
  private readonly high: number;
  private readonly low: number;

  constructor(
    private readonly host: AccessWatcher,
    private readonly info: ObjectInfo,
    place: Address,
    /** The local this is part of; `undefined` for a whole local and for `c.at(…)`. */
    readonly owner: Variable | undefined,
  ) {
    this.high = Math.floor(place / lowPart);
    this.low = place - this.high * lowPart;
  }

  /** Where it lies, for those who look without touching; a program asks for {@link address}. */
  get place(): Address {
    return this.high * lowPart + this.low;
  }

  /** The name in C: `buf`, `p->next`, `v[3]`. */
  get name(): string {
    return this.info.name;
  }

  get type(): CType {
    return this.info.type;
  }

  /** `&a`. */
  get address(): Address {
    if (this.info.bitField !== undefined)
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
    const name = `${this.name}[${index}]`;
    if (this.type.kind === "array") {
      const { element } = this.type;
      return this.part(name, element, this.place + index * element.sizeBytes, this.whole);
    }
    if (this.type.kind === "pointer") {
      const { target } = this.type;
      return this.part(name, target, this.value + index * target.sizeBytes, undefined);
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
    return this.part(`*${this.name}`, this.type.target, this.value, undefined);
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
    const info = { name: path, type: field.type, bitField };
    return new Variable(this.host, info, this.place + offsetBytes, this.whole);
  }

  /** The local that parts of this are part of. */
  protected get whole(): Variable | undefined {
    return this.owner;
  }

  private part(name: string, type: CType, place: Address, owner: Variable | undefined): Variable {
    return new Variable(this.host, { name, type }, place, owner);
  }
}

/** A whole local: it knows of which call it is, so that a use after its end can be told. */
export class LocalVariable extends Variable {
  /** The frame it belongs to has this number while the call goes on; another call of the same frame has another. */
  readonly call: number;

  constructor(
    host: AccessWatcher,
    readonly placed: Placed,
    place: Address,
    readonly frame: { readonly serial: number },
    readonly block: Block | undefined,
    /** Its number in the stack's table of locals; -1 for a parameter. */
    readonly entry: number,
  ) {
    super(host, placed, place, undefined);
    this.call = frame.serial;
  }

  protected override get whole(): Variable {
    return this;
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
