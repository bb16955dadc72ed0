/**
 * C types as gcc lays them out on x86-64 (System V ABI, AMD64 supplement, section 3.1.2).
 *
 * Not modelled: `_Complex`, `__int128`, vector types, bit-fields of type `_Bool` wider than 1.
 */

export type CType =
  VoidType | IntegerType | FloatType | PointerType | ArrayType | RecordType | FunctionType;

export interface VoidType {
  readonly kind: "void";
  readonly sizeBytes: 1;
  readonly alignBytes: 1;
}

export interface IntegerType {
  readonly kind: "integer";
  /** As gcc writes it: `"unsigned int"`, `"enum colour"`. */
  readonly name: string;
  readonly sizeBytes: 1 | 2 | 4 | 8;
  readonly alignBytes: number;
  readonly range: "signed" | "unsigned" | "bool";
}

export interface FloatType {
  readonly kind: "float";
  readonly name: string;
  readonly sizeBytes: 4 | 8 | 16;
  readonly alignBytes: number;
}

export interface PointerType {
  readonly kind: "pointer";
  readonly target: CType;
  readonly sizeBytes: 8;
  readonly alignBytes: 8;
}

export interface ArrayType {
  readonly kind: "array";
  readonly element: CType;
  /** `undefined` for a flexible array member, which adds nothing to its struct's size. */
  readonly count: number | undefined;
  readonly sizeBytes: number;
  readonly alignBytes: number;
}

export interface FunctionType {
  readonly kind: "function";
  readonly result: CType;
  readonly parameters: readonly Declaration[];
  readonly sizeBytes: 1;
  readonly alignBytes: 1;
}

export interface RecordType {
  readonly kind: "struct" | "union";
  /** The tag, or `undefined` for `struct { … }` without one. */
  readonly tag: string | undefined;
  /** `undefined` while the type is incomplete: declared but without a body. */
  fields: readonly Field[] | undefined;
  sizeBytes: number;
  alignBytes: number;
}

/** A member with its place. A bit-field also has its bits, counted from the lowest bit of the byte at `offsetBytes`. */
export interface Field {
  /** The empty string for an anonymous struct or union. */
  readonly name: string;
  readonly type: CType;
  readonly offsetBytes: number;
  readonly bits: { readonly offset: number; readonly width: number } | undefined;
}

/** A name with its type: a local, a parameter, a typedef, a member before it is laid out. */
export interface Declaration {
  readonly name: string;
  readonly type: CType;
}

/** What a struct's body says of one member, before layout. */
export interface MemberSpec extends Declaration {
  readonly bitWidth?: number;
  /** From `_Alignas(n)` or `__attribute__((aligned(n)))`. */
  readonly alignBytes?: number;
  readonly packing?: "packed";
}

export const voidType: VoidType = { kind: "void", sizeBytes: 1, alignBytes: 1 };

export function integer(
  name: string,
  sizeBytes: 1 | 2 | 4 | 8,
  range: IntegerType["range"],
): IntegerType {
  return { kind: "integer", name, sizeBytes, alignBytes: sizeBytes, range };
}

/** `int`, the same object everywhere: what is loaded and stored most often is known by it. */
export const intType = integer("int", 4, "signed");

export function float(name: string, sizeBytes: 4 | 8 | 16): FloatType {
  return { kind: "float", name, sizeBytes, alignBytes: sizeBytes };
}

export function pointerTo(target: CType): PointerType {
  return { kind: "pointer", target, sizeBytes: 8, alignBytes: 8 };
}

export function arrayOf(element: CType, count: number | undefined): ArrayType {
  const sizeBytes = element.sizeBytes * (count ?? 0);
  return { kind: "array", element, count, sizeBytes, alignBytes: element.alignBytes };
}

/** The type's name in C, as a diagnostic of gcc would write it. */
export function typeName(type: CType): string {
  const [before, after] = spell(type);
  return before + after;
}

/** The declaration of `name` with that type, as one would write it in C. */
export function declare(name: string, type: CType): string {
  const [before, after] = spell(type);
  return `${before}${/[*(]$/.test(before) ? "" : " "}${name}${after}`;
}

function spell(type: CType): readonly [before: string, after: string] {
  switch (type.kind) {
    case "void":
      return ["void", ""];
    case "integer":
    case "float":
      return [type.name, ""];
    case "struct":
    case "union":
      return [`${type.kind} ${type.tag ?? "<anonymous>"}`, ""];
    case "pointer": {
      const [before, after] = spell(type.target);
      if (type.target.kind === "array" || type.target.kind === "function")
        return [`${before} (*`, `)${after}`];
      return [before.endsWith("*") ? `${before}*` : `${before} *`, after];
    }
    case "array": {
      const [before, after] = spell(type.element);
      return [before, `[${type.count ?? ""}]${after}`];
    }
    case "function": {
      const [before, after] = spell(type.result);
      const list = type.parameters.map((parameter) =>
        declare(parameter.name, parameter.type).trim(),
      );
      return [before, `(${list.length === 0 ? "void" : list.join(", ")})${after}`];
    }
  }
}
