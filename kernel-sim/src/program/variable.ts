/** An object of the C program: a type at an address, read and written through the simulated memory. */
import type { UserMemory } from "../abi/user-memory.js";
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import { hex } from "../core/units.js";
import type { CType, Field } from "./ctype.js";
import { declare, typeName } from "./ctype.js";
import { loadBits, loadScalar, storeBits, storeScalar } from "./scalars.js";

/** Told of each access before it happens, so that a note can be taken; it never changes the access. */
export interface AccessWatcher {
  reading(variable: Variable): void;
  writing(variable: Variable): void;
  /** `&a` was asked for: from now on the object may also be written through a pointer. */
  addressTaken(variable: Variable): void;
}

/**
 * `a.value` is C's `a`, `a.address` is `&a`, `a.at(i)` is `a[i]`, `s.field("x")` is `s.x` and
 * `p.deref()` is `*p`. An access goes to memory whatever became of the object, as in C; it may fault.
 */
export class Variable {
  constructor(
    private readonly memory: UserMemory,
    private readonly watcher: AccessWatcher,
    /** The name in C: `buf`, `p->next`, `v[3]`. */
    readonly name: string,
    readonly type: CType,
    /** Where it lies, for those who look without touching; a program asks for {@link address}. */
    readonly place: Address,
    /** The local this is part of; itself where it is a whole local, `undefined` for `c.at(…)`. */
    readonly owner: object | undefined,
    private readonly bitField: Field | undefined = undefined,
  ) {}

  /** `&a`. */
  get address(): Address {
    if (this.bitField !== undefined)
      throw new UsageError(
        `&${this.name}: a bit-field has no address`,
        "take the address of the struct that holds it",
      );
    this.watcher.addressTaken(this);
    return this.place;
  }

  /** `sizeof a`. */
  get size(): number {
    return this.type.sizeBytes;
  }

  /** The scalar's value; an array's is the address of its first element, as in C. */
  get value(): number {
    if (this.type.kind === "array") return this.address;
    this.watcher.reading(this);
    if (this.bitField !== undefined) return loadBits(this.memory, this.place, this.bitField);
    return loadScalar(this.memory, this.place, this.type);
  }

  set value(value: number) {
    this.watcher.writing(this);
    if (this.bitField !== undefined) storeBits(this.memory, this.place, this.bitField, value);
    else storeScalar(this.memory, this.place, this.type, value);
  }

  /** `a[i]`, of an array or a pointer. C does not check `i`, and neither is the access stopped. */
  at(index: number): Variable {
    const name = `${this.name}[${index}]`;
    if (this.type.kind === "array") {
      const { element } = this.type;
      return this.part(name, element, this.place + index * element.sizeBytes, this.owner);
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
    this.watcher.reading(this);
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
    this.watcher.writing(this);
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
    return new Variable(
      this.memory,
      this.watcher,
      path,
      field.type,
      this.place + offsetBytes,
      this.owner,
      field.bits === undefined ? undefined : field,
    );
  }

  private part(name: string, type: CType, place: Address, owner: object | undefined): Variable {
    return new Variable(this.memory, this.watcher, name, type, place, owner);
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
