/**
 * Reads C declarations: `"struct point { int x; unsigned f : 3; } p[4];"`, `"int (*compare)(void *, void *)"`.
 *
 * A declaration is read as gcc reads it under `-std=gnu11` on x86-64. Array lengths and bit widths are
 * whole numbers or `sizeof(type)`, joined by + - * / and brackets. Throws `UsageError` on anything else.
 */
import { UsageError } from "../core/errors.js";
import { baseTypes, baseWords, ignoredWords } from "./base-types.js";
import { ConstantReader } from "./constant-reader.js";
import { arrayOf, integer, pointerTo } from "./ctype.js";
import type { CType, Declaration, FunctionType, MemberSpec, RecordType } from "./ctype.js";
import { layOutRecord } from "./record-layout.js";

interface Specifiers {
  readonly type: CType;
  /** From `_Alignas(n)` or `aligned(n)`; 0 where neither is there. */
  readonly alignBytes: number;
  readonly isTypedef: "typedef" | "object";
}

export class DeclarationParser extends ConstantReader {
  constructor(
    text: string,
    private readonly tags: Map<string, CType>,
    private readonly typedefs: Map<string, CType>,
  ) {
    super(text);
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

  protected override typeName(): CType {
    return this.declarator(this.specifiers().type).type;
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
    const value = isType ? this.typeName().alignBytes : this.constant();
    this.expect(")");
    return value;
  }
}

/** A parameter of array or function type is a pointer (C11 6.7.6.3). */
function adjusted(parameter: Declaration): Declaration {
  const { name, type } = parameter;
  if (type.kind === "array") return { name, type: pointerTo(type.element) };
  if (type.kind === "function") return { name, type: pointerTo(type) };
  return parameter;
}
