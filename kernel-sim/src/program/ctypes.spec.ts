import { describe, expect, it } from "vitest";
import { seededRandom } from "../core/random.js";
import { compiler, recorded, withCompiled } from "./compiled.testing.js";
import type { Field, RecordType } from "./ctype.js";
import { declare, typeName } from "./ctype.js";
import { createTypeTable } from "./declarations.js";
import { PlainMemory } from "./memory.testing.js";
import { storeBits } from "./scalars.js";
import { paddingBytes } from "./record-layout.js";

/** Random structs with every kind of member, as C text. */
function randomStructs(seed: number, count: number): string {
  const random = seededRandom(seed);
  const scalars = [
    "char",
    "short",
    "int",
    "long",
    "float",
    "double",
    "long double",
    "_Bool",
    "void *",
  ];
  const units = ["char", "short", "int", "long", "unsigned", "unsigned char", "unsigned long"];
  const bitsOf: Record<string, number> = { char: 8, short: 16, int: 32, long: 64, unsigned: 32 };
  let text = "";
  for (let s = 0; s < count; s++) {
    const kind = random.between(0, 5) === 0 ? "union" : "struct";
    const packed = random.between(0, 5) === 0 ? " __attribute__((packed))" : "";
    let members = "";
    for (let m = 0, total = random.between(1, 9); m < total; m++) {
      const what = random.between(0, 9);
      if (what < 4) members += ` ${random.pick(scalars)} m${m};`;
      else if (what === 4) members += ` ${random.pick(scalars)} m${m}[${random.between(1, 5)}];`;
      else if (what === 5 && s > 0) members += ` struct s${random.between(0, s - 1)} m${m};`;
      else if (what === 6) members += ` _Alignas(${2 ** random.between(4, 6)}) char m${m};`;
      else {
        const unit = random.pick(units);
        const most = bitsOf[unit] ?? (unit === "unsigned char" ? 8 : 64);
        const width = random.between(0, most);
        members +=
          width === 0 || random.between(0, 6) === 0
            ? ` ${unit} : ${width};`
            : ` ${unit} m${m} : ${width};`;
      }
    }
    // Every second type goes through a typedef-free tag of kind struct, so that others may hold it.
    const body =
      kind === "union"
        ? `struct s${s} { union {${members} char u${s}; }; }`
        : `struct s${s} {${members} char last; }`;
    text += `${body}${packed};\n`;
  }
  return text;
}

interface Place {
  readonly name: string;
  readonly offsetBytes: number;
}

/** The named members that offsetof can ask for, those of anonymous members too. */
function places(record: RecordType, base = 0): Place[] {
  return (record.fields ?? []).flatMap((field) => {
    if (field.name === "" && (field.type.kind === "struct" || field.type.kind === "union"))
      return places(field.type, base + field.offsetBytes);
    if (field.bits !== undefined) return [];
    return [{ name: field.name, offsetBytes: base + field.offsetBytes }];
  });
}

const dump = `static void dump(const char *name, void *at, size_t size) {
  printf("%s ", name);
  for (size_t i = 0; i < size; i++) printf("%02x", ((unsigned char *)at)[i]);
  printf("\\n");
}
`;

/** The bytes of the struct with all bits of one bit-field set. */
function bytesOf(record: RecordType, field: Field): string {
  const memory = new PlainMemory();
  memory.map(0x1000, 0x3000);
  storeBits(memory, 0x1000 + field.offsetBytes, field, -1);
  const bytes = [...memory.read(0x1000, record.sizeBytes)];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("C types", () => {
  const answersOf = (seed: number): { ours: string; probe: string } => {
    const text = randomStructs(seed, 60);
    const table = createTypeTable();
    table.declare(text);
    let ours = "";
    let probe = `#include <stdio.h>\n#include <stddef.h>\n#include <string.h>\n${text}\n${dump}int main(void) {\n`;
    for (let s = 0; s < 60; s++) {
      const record = table.typeOf(`struct s${s}`) as RecordType;
      ours += `s${s} ${record.sizeBytes} ${record.alignBytes}\n`;
      probe += `printf("s${s} %zu %zu\\n", sizeof(struct s${s}), _Alignof(struct s${s}));\n`;
      for (const field of (record.fields ?? []).filter((one) => one.bits !== undefined)) {
        ours += `s${s}.${field.name} ${bytesOf(record, field)}\n`;
        probe += `{ struct s${s} v; memset(&v, 0, sizeof v); v.${field.name} = -1; dump("s${s}.${field.name}", &v, sizeof v); }\n`;
      }
      for (const place of places(record)) {
        ours += `s${s}.${place.name} ${place.offsetBytes}\n`;
        probe += `printf("s${s}.${place.name} %zu\\n", offsetof(struct s${s}, ${place.name}));\n`;
      }
    }
    return { ours, probe: `${probe}}\n` };
  };

  // Skipped where there is no C compiler: the expected values are the compiler's own.
  it.skipIf(compiler === undefined)(
    "have the size, alignment and offsets that gcc gives them",
    () => {
      for (let seed = 1; seed <= 8; seed++) {
        const { ours, probe } = answersOf(seed);
        expect(ours).toBe(withCompiled({ text: probe }, (run) => run()));
      }
    },
  );

  const { ours, probe } = answersOf(9);
  const { system, output } = recorded("types", { text: probe });
  it(`have the size, alignment and offsets recorded with ${system}`, () => {
    expect(ours).toBe(output);
  });

  it("count the padding of a struct whose order wastes space", () => {
    const table = createTypeTable();
    const record = table.typeOf("struct { char a; long b; char c; }") as RecordType;
    expect(record.sizeBytes).toBe(24);
    expect(paddingBytes({ fields: record.fields ?? [], sizeBytes: 24, alignBytes: 8 })).toBe(14);
  });

  it("are spelled as C spells them", () => {
    const table = createTypeTable();
    expect(typeName(table.typeOf("unsigned long long"))).toBe("long long unsigned int");
    expect(typeName(table.typeOf("char *[4]"))).toBe("char *[4]");
    expect(declare("f", table.typeOf("int (*)(void *, int)"))).toBe("int (*f)(void *, int)");
  });

  it("read pointers to arrays and arrays of pointers apart", () => {
    const table = createTypeTable();
    expect(table.declaration("int (*p)[10]").type.sizeBytes).toBe(8);
    expect(table.declaration("int *p[10]").type.sizeBytes).toBe(80);
    expect(table.declaration("int m[3][4]").type.sizeBytes).toBe(48);
  });

  it("name an unknown type in a teaching error", () => {
    expect(() => createTypeTable().declaration("struct_point p")).toThrow(
      /expected a type, found "struct_point"/,
    );
  });
});
