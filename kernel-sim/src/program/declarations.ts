/**
 * Reads C declarations: `"struct point { int x; unsigned f : 3; } p[4];"`, `"int (*compare)(void *, void *)"`.
 *
 * A declaration is read as gcc reads it under `-std=gnu11` on x86-64. Array lengths and bit widths are
 * whole numbers or `sizeof(type)`, joined by + - * / and brackets. Throws `UsageError` on anything else.
 */
import { UsageError } from "../core/errors.js";
import { arrayOf, integer, float, pointerTo, voidType } from "./ctype.js";
import type { CType, Declaration, FunctionType, MemberSpec, RecordType } from "./ctype.js";
import { layOutRecord } from "./record-layout.js";

const baseTypes: Readonly<Record<string, CType>> = {
  void: voidType,
  char: integer("char", 1, "signed"),
  "char signed": integer("signed char", 1, "signed"),
  "char unsigned": integer("unsigned char", 1, "unsigned"),
  short: integer("short int", 2, "signed"),
  "short unsigned": integer("short unsigned int", 2, "unsigned"),
  int: integer("int", 4, "signed"),
  unsigned: integer("unsigned int", 4, "unsigned"),
  long: integer("long int", 8, "signed"),
  "long unsigned": integer("long unsigned int", 8, "unsigned"),
  "long long": integer("long long int", 8, "signed"),
  "long long unsigned": integer("long long unsigned int", 8, "unsigned"),
  float: float("float", 4),
  double: float("double", 8),
  "double long": float("long double", 16),
  _Bool: integer("_Bool", 1, "bool"),
};

/** Names that <stddef.h>, <stdint.h>, <stdbool.h> and <sys/types.h> give, with what they are here. */
const libraryTypes: Readonly<Record<string, string>> = {
  size_t: "long unsigned",
  ssize_t: "long",
  ptrdiff_t: "long",
  intptr_t: "long",
  uintptr_t: "long unsigned",
  off_t: "long",
  bool: "_Bool",
  int8_t: "char signed",
  uint8_t: "char unsigned",
  int16_t: "short",
  uint16_t: "short unsigned",
  int32_t: "int",
  uint32_t: "unsigned",
  int64_t: "long",
  uint64_t: "long unsigned",
  wchar_t: "int",
};

const baseWords = new Set("void char short int long float double signed unsigned _Bool".split(" "));
const ignoredWords = new Set(
  "const volatile static register extern inline restrict __restrict auto _Noreturn".split(" "),
);

/** The tags and typedefs a program has declared. */
export interface TypeTable {
  /** Declares the structs, unions, enums and typedefs in `text`; throws `UsageError` where it cannot be read. */
  declare(text: string): readonly Declaration[];
  /** How often something was declared: what a text means may have changed with it. */
  readonly version: number;
  /** The type that `text` names: `"struct point"`, `"char *[4]"`. */
  typeOf(text: string): CType;
  /** One declaration with a name: `"int a[10]"`. */
  declaration(text: string): Declaration;
  /** A function's header: `"long fact(int n)"`. */
  header(text: string): { readonly name: string; readonly type: FunctionType };
}

export function createTypeTable(): TypeTable {
  const tags = new Map<string, CType>();
  const typedefs = new Map<string, CType>(
    Object.entries(libraryTypes).map(([name, base]) => [name, baseTypes[base] ?? voidType]),
  );
  const cache = new Map<string, CType>();
  const parser = (text: string): Parser => new Parser(text, tags, typedefs);
  const typeOf = (text: string): CType => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const type = parser(text).wholeTypeName();
    if (type.sizeBytes > 0) cache.set(text, type);
    return type;
  };
  let version = 0;
  return {
    get version() {
      return version;
    },
    declare: (text) => {
      version++;
      cache.clear();
      return parser(text).translationUnit();
    },
    typeOf,
    declaration: (text) => parser(text).oneDeclaration(),
    header: (text) => parser(text).functionHeader(),
  };
}

interface Specifiers {
  readonly type: CType;
  /** From `_Alignas(n)` or `aligned(n)`; 0 where neither is there. */
  readonly alignBytes: number;
  readonly isTypedef: "typedef" | "object";
}

class Parser {
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly tags: Map<string, CType>,
    private readonly typedefs: Map<string, CType>,
  ) {
    const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, " ");
    this.tokens = bare.match(/[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|\.\.\.|\S/g) ?? [];
  }

  wholeTypeName(): CType {
    const { type } = this.specifiers();
    const declared = this.declarator(type);
    if (declared.name !== "") this.fail(`a type's name, without "${declared.name}"`);
    this.end();
    return declared.type;
  }

  oneDeclaration(): Declaration {
    const { type } = this.specifiers();
    const declared = this.declarator(type);
    if (declared.name === "") this.fail("a name to declare");
    this.accept(";");
    this.end();
    return declared;
  }

  functionHeader(): { name: string; type: FunctionType } {
    const { name, type } = this.oneDeclaration();
    if (type.kind !== "function") this.fail('a function\'s header such as "int f(int n)"');
    return { name, type };
  }

  translationUnit(): Declaration[] {
    const declared: Declaration[] = [];
    while (this.peek() !== undefined) {
      if (this.accept(";")) continue;
      const { type, isTypedef } = this.specifiers();
      if (this.accept(";")) continue;
      do {
        const declaration = this.declarator(type);
        this.attributes();
        if (isTypedef === "typedef") this.typedefs.set(declaration.name, declaration.type);
        else declared.push(declaration);
      } while (this.accept(","));
      this.expect(";");
    }
    return declared;
  }

  private specifiers(): Specifiers {
    const words: string[] = [];
    let type: CType | undefined;
    let alignBytes = 0;
    let isTypedef: Specifiers["isTypedef"] = "object";
    for (;;) {
      const token = this.peek();
      if (token === undefined) break;
      if (token === "typedef") {
        isTypedef = "typedef";
        this.position++;
      } else if (ignoredWords.has(token)) {
        this.position++;
      } else if (token === "_Alignas" || token === "alignas") {
        this.position++;
        alignBytes = Math.max(alignBytes, this.bracketedAlignment());
      } else if (token === "__attribute__") {
        alignBytes = Math.max(alignBytes, this.attributes().alignBytes);
      } else if (baseWords.has(token)) {
        words.push(token);
        this.position++;
      } else if (token === "struct" || token === "union") {
        type = this.record(token);
      } else if (token === "enum") {
        type = this.enumeration();
      } else if (type === undefined && words.length === 0 && this.typedefs.has(token)) {
        type = this.typedefs.get(token);
        this.position++;
      } else break;
    }
    if (words.length > 0) {
      const kept = words.filter((word) => !(word === "int" && words.length > 1));
      const plain = kept.filter((word) => !(word === "signed" && !kept.includes("char")));
      type = baseTypes[plain.length === 0 ? "int" : plain.sort().join(" ")];
    }
    if (type === undefined) this.fail("a type");
    return { type, alignBytes, isTypedef };
  }

  private record(kind: "struct" | "union"): RecordType {
    this.position++;
    const before = this.attributes();
    const tag = this.peek() === "{" ? undefined : this.name();
    const known = tag === undefined ? undefined : this.tags.get(`${kind} ${tag}`);
    const record: RecordType =
      known?.kind === kind ? known : { kind, tag, fields: undefined, sizeBytes: 0, alignBytes: 1 };
    if (tag !== undefined) this.tags.set(`${kind} ${tag}`, record);
    if (!this.accept("{")) return record;
    if (record.fields !== undefined)
      throw new UsageError(
        `${kind} ${tag} is declared twice, in "${this.text}"`,
        "declare it once; then name it without its body",
      );
    const members: MemberSpec[] = [];
    while (!this.accept("}")) members.push(...this.members());
    const after = this.attributes();
    const layout = layOutRecord(kind, members, {
      packing: before.packing === "packed" || after.packing === "packed" ? "packed" : "natural",
      minimumAlignBytes: Math.max(before.alignBytes, after.alignBytes, 1),
    });
    record.fields = layout.fields;
    record.sizeBytes = layout.sizeBytes;
    record.alignBytes = layout.alignBytes;
    return record;
  }

  private members(): MemberSpec[] {
    const { type, alignBytes: align } = this.specifiers();
    if (this.accept(";")) return [{ name: "", type }];
    const members: MemberSpec[] = [];
    do {
      const declared = this.peek() === ":" ? { name: "", type } : this.declarator(type);
      const bitWidth = this.accept(":") ? this.constant() : undefined;
      const attributes = this.attributes();
      const alignBytes = Math.max(align, attributes.alignBytes);
      members.push({
        ...declared,
        ...(bitWidth === undefined ? {} : { bitWidth }),
        ...(alignBytes > 0 ? { alignBytes } : {}),
        ...(attributes.packing === "packed" ? { packing: "packed" as const } : {}),
      });
    } while (this.accept(","));
    this.expect(";");
    return members;
  }

  private enumeration(): CType {
    this.position++;
    const tag = this.peek() === "{" ? undefined : this.name();
    if (this.accept("{")) {
      let negative = false;
      while (!this.accept("}")) {
        this.name();
        if (this.accept("=")) {
          if (this.peek() === "-") negative = true;
          this.constant();
        }
        this.accept(",");
      }
      // gcc takes unsigned int unless a value is negative.
      const type = integer(`enum ${tag ?? "<anonymous>"}`, 4, negative ? "signed" : "unsigned");
      if (tag !== undefined) this.tags.set(`enum ${tag}`, type);
      return type;
    }
    const known = this.tags.get(`enum ${tag}`);
    if (known === undefined) this.fail(`the body of enum ${tag}`);
    return known;
  }

  /** A declarator: pointers, then a name or a bracket, then arrays and parameters. */
  private declarator(base: CType): Declaration {
    let type = base;
    while (this.accept("*")) {
      type = pointerTo(type);
      while (ignoredWords.has(this.peek() ?? "")) this.position++;
    }
    if (this.peek() === "(" && (this.peek(1) === "*" || this.peek(1) === "(")) {
      this.position++;
      const inside = this.position;
      let depth = 1;
      while (depth > 0) {
        const token = this.next();
        if (token === "(") depth++;
        if (token === ")") depth--;
      }
      const outer = this.suffixes(type);
      const after = this.position;
      this.position = inside;
      const declared = this.declarator(outer);
      this.expect(")");
      this.position = after;
      return declared;
    }
    const name =
      /^[A-Za-z_]/.test(this.peek() ?? "") && this.peek() !== "__attribute__" ? this.next() : "";
    return { name, type: this.suffixes(type) };
  }

  private suffixes(type: CType): CType {
    if (this.accept("[")) {
      const count = this.peek() === "]" ? undefined : this.constant();
      this.expect("]");
      if (count !== undefined && count < 0)
        throw new UsageError(
          `the array length ${count} in "${this.text}" is negative`,
          "give a length from 0 up; for a length known only at run time use f.vla()",
        );
      return arrayOf(this.suffixes(type), count);
    }
    if (this.accept("(")) {
      const parameters: Declaration[] = [];
      while (!this.accept(")")) {
        if (this.accept("...")) continue;
        const declared = this.declarator(this.specifiers().type);
        if (declared.type.kind !== "void") parameters.push(adjusted(declared));
        this.accept(",");
      }
      return { kind: "function", result: type, parameters, sizeBytes: 1, alignBytes: 1 };
    }
    return type;
  }

  private attributes(): { packing: "natural" | "packed"; alignBytes: number } {
    let packing: "natural" | "packed" = "natural";
    let alignBytes = 0;
    while (this.accept("__attribute__")) {
      this.expect("(");
      this.expect("(");
      while (!this.accept(")")) {
        const word = this.next();
        if (word === "packed" || word === "__packed__") packing = "packed";
        else if (word === "aligned" || word === "__aligned__")
          alignBytes = this.peek() === "(" ? this.bracketedAlignment() : 16;
        else if (word !== ",") this.fail("the attribute packed or aligned");
      }
      this.expect(")");
    }
    return { packing, alignBytes };
  }

  private bracketedAlignment(): number {
    this.expect("(");
    const start = this.peek() ?? "";
    const isType = baseWords.has(start) || this.typedefs.has(start) || start === "struct";
    const value = isType
      ? this.declarator(this.specifiers().type).type.alignBytes
      : this.constant();
    this.expect(")");
    return value;
  }

  private constant(): number {
    let value = this.term();
    for (;;) {
      if (this.accept("+")) value += this.term();
      else if (this.accept("-")) value -= this.term();
      else return value;
    }
  }

  private term(): number {
    let value = this.factor();
    for (;;) {
      if (this.accept("*")) value *= this.factor();
      else if (this.accept("/")) value = Math.trunc(value / this.factor());
      else return value;
    }
  }

  private factor(): number {
    if (this.accept("-")) return -this.factor();
    if (this.accept("(")) {
      const value = this.constant();
      this.expect(")");
      return value;
    }
    if (this.accept("sizeof")) {
      this.expect("(");
      const { type } = this.declarator(this.specifiers().type);
      this.expect(")");
      return type.sizeBytes;
    }
    const token = this.next();
    if (!/^\d/.test(token)) this.fail("a number", -1);
    return Number(token);
  }

  private peek(ahead = 0): string | undefined {
    return this.tokens[this.position + ahead];
  }

  private next(): string {
    const token = this.tokens[this.position];
    if (token === undefined) this.fail("more");
    this.position++;
    return token;
  }

  private name(): string {
    if (!/^[A-Za-z_]/.test(this.peek() ?? "")) this.fail("a name");
    return this.next();
  }

  private accept(token: string): boolean {
    if (this.peek() !== token) return false;
    this.position++;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) this.fail(`"${token}"`);
  }

  private end(): void {
    if (this.peek() !== undefined) this.fail("the end");
  }

  private fail(expected: string, back = 0): never {
    const found = this.tokens[this.position + back];
    throw new UsageError(
      `in the C declaration "${this.text.trim()}": expected ${expected}, found ${found === undefined ? "the end" : `"${found}"`}`,
      "write it as C would; a struct, union or typedef must be declared first, with c.types(…)",
    );
  }
}

/** A parameter of array or function type is a pointer (C11 6.7.6.3). */
function adjusted(parameter: Declaration): Declaration {
  const { name, type } = parameter;
  if (type.kind === "array") return { name, type: pointerTo(type.element) };
  if (type.kind === "function") return { name, type: pointerTo(type) };
  return parameter;
}
