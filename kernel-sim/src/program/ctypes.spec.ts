import { describe, expect, it } from "vitest";
import { seededRandom } from "../core/random.js";
import { compiler, recorded, withCompiled } from "./compiled.testing.js";
import type { Field, RecordType } from "./ctype.js";
import { declare, typeName } from "./ctype.js";
import { createTypeTable } from "./type-table.js";
import { PlainMemory } from "./memory.testing.js";
import { loadBits, storeBits } from "./scalars.js";
import { paddingBytes } from "./record-layout.js";

const scalars = [
  "char",
  "short",
  "int",
  "long",
  "long long",
  "float",
  "double",
  "long double",
  "_Bool",
  "void *",
  "int (*)",
  "enum few",
  "enum negative",
  "word",
];
/** Types of bit-fields, with their most bits. */
const units = [
  ["char", 8],
  ["unsigned char", 8],
  ["short", 16],
  ["int", 32],
  ["unsigned", 32],
  ["long", 64],
  ["unsigned long long", 64],
  ["_Bool", 1],
  ["enum few", 32],
  ["enum negative", 32],
  ["word", 16],
] as const;
const preamble =
  "enum few { FEW_A, FEW_B = 7, FEW_C }; enum negative { NEG_A = -5, NEG_B }; typedef unsigned short word;\n";

/** Random structs and unions with every kind of member and attribute, as C text. */
function randomStructs(seed: number, count: number): string {
  const random = seededRandom(seed);
  const sometimes = (text: string, odds = 6): string => (random.between(1, odds) === 1 ? text : "");
  const aligned = (most: number): string =>
    `__attribute__((aligned(${2 ** random.between(0, most)})))`;
  const scalar = (name: string): string => {
    const type = random.pick(scalars);
    return type === "int (*)" ? `int (*${name})(int)` : `${type} ${name}`;
  };
  const bitField = (name: string): string => {
    const [unit, most] = random.pick(units);
    const width = random.between(0, most);
    if (width === 0 || random.between(0, 6) === 0) return ` ${unit} : ${width};`;
    return ` ${unit} ${name} : ${width}${sometimes(" __attribute__((packed))", 8)}${sometimes(` ${aligned(4)}`, 10)};`;
  };
  const member = (name: string, s: number, depth: number): string => {
    const what = random.between(0, 12);
    if (what < 4) return ` ${scalar(name)}${sometimes(" __attribute__((packed))")};`;
    if (what === 4) return ` ${scalar(name)}${sometimes(` ${aligned(6)}`, 2)};`;
    if (what === 5)
      return ` ${random.pick(["char", "short", "long", "word"])} ${name}[${random.between(1, 5)}][${random.between(1, 3)}];`;
    if (what === 6 && s > 0)
      return ` struct s${random.between(0, s - 1)} ${name}${sometimes("[2]")}${sometimes(" __attribute__((packed))")};`;
    if (what === 7) return ` _Alignas(${2 ** random.between(4, 6)}) char ${name};`;
    if (what === 8 && depth < 2) {
      const inner = Array.from({ length: random.between(1, 3) }, (_, i) =>
        member(`${name}_${i}`, s, depth + 1),
      ).join("");
      const packed = sometimes("__attribute__((packed)) ");
      return ` ${random.pick(["struct", "union"])} ${packed}{${inner} char ${name}_e; };`;
    }
    return bitField(name);
  };
  let text = preamble;
  for (let s = 0; s < count; s++) {
    const union = random.between(0, 5) === 0;
    const packed = sometimes(" __attribute__((packed))");
    const align = sometimes(` ${aligned(6)}`);
    const members = Array.from({ length: random.between(1, 9) }, (_, m) =>
      member(`m${m}`, s, 0),
    ).join("");
    // Every type is a struct by its tag, so that others may hold it.
    const body = union
      ? `struct s${s} { union {${members} char u${s}; }; }`
      : `struct s${s} {${members} char last; }`;
    text += `${body}${packed}${align};\n`;
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

/** The named bit-fields, those of anonymous members too. */
function bitFields(record: RecordType, base = 0): { field: Field; base: number }[] {
  return (record.fields ?? []).flatMap((field) => {
    if (field.name === "" && (field.type.kind === "struct" || field.type.kind === "union"))
      return bitFields(field.type, base + field.offsetBytes);
    return field.bits === undefined ? [] : [{ field, base }];
  });
}

const dump = `static void dump(const char *name, void *at, size_t size, double value) {
  printf("%s ", name);
  for (size_t i = 0; i < size; i++) printf("%02x", ((unsigned char *)at)[i]);
  printf(" %.14e\\n", value);
}
`;

/** As printf writes it with "%.14e". */
function exponential(value: number): string {
  return value.toExponential(14).replace(/e([+-])(\d)$/, "e$10$2");
}

/** The bytes of the struct with all bits of one bit-field set, and its value then, which shows its sign. */
function filled(record: RecordType, field: Field, base: number): string {
  const memory = new PlainMemory();
  memory.map(0x1000, 0x3000);
  const place = 0x1000 + base + field.offsetBytes;
  storeBits(memory, place, field, -1);
  const bytes = [...memory.read(0x1000, record.sizeBytes)];
  const value = loadBits(memory, place, field);
  return `${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")} ${exponential(value)}`;
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
      for (const { field, base } of bitFields(record)) {
        ours += `s${s}.${field.name} ${filled(record, field, base)}\n`;
        probe += `{ struct s${s} v; memset(&v, 0, sizeof v); v.${field.name} = -1; dump("s${s}.${field.name}", &v, sizeof v, v.${field.name}); }\n`;
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
      const fresh = Number(process.env["MEMORY_COURSE_SEED"] ?? Date.now() % 1e9);
      for (const seed of [1, 2, fresh, fresh + 1]) {
        const { ours, probe } = answersOf(seed);
        const real = withCompiled({ text: probe }, (run) => run());
        expect(ours, `MEMORY_COURSE_SEED=${fresh}: seed ${seed}`).toBe(real);
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
