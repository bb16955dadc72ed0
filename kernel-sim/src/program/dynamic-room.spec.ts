/**
 * Random functions with arrays of variable length and alloca() in blocks and loops, compiled by gcc -O0 and played
 * here: the stack pointer moves by the same steps, and each object lies at the same distance from it.
 */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../core/random.js";
import type { Random } from "../core/random.js";
import { compiler, recorded, withCompiled } from "./compiled.testing.js";
import type { CompiledProgram } from "./compiled.testing.js";
import type { Frame } from "./frame.js";
import { testProgram } from "./memory.testing.js";

type Statement =
  | {
      readonly kind: "array";
      readonly name: string;
      readonly type: string;
      readonly length: number;
    }
  | { readonly kind: "rows"; readonly name: string; readonly rows: number; readonly length: number }
  | { readonly kind: "alloca"; readonly sizeBytes: number }
  | { readonly kind: "block" | "loop"; readonly body: readonly Statement[] };

const types = [
  "char",
  "short",
  "int",
  "long",
  "double",
  "long double",
  "void *",
  "struct three",
  "struct twelve",
  "struct packed",
  "struct a16",
  "struct a32",
  "struct a64",
];
const structs = `struct three { char c[3]; }; struct twelve { int i[3]; };
struct packed { char c; long l; } __attribute__((packed)); struct a16 { _Alignas(16) char c[20]; };
struct a32 { _Alignas(32) char c; }; struct a64 { _Alignas(64) int i[17]; };
`;
const turns = 3;

function statements(random: Random, depth: number, names: { next: number }): Statement[] {
  return Array.from({ length: random.between(1, 4) }, (): Statement => {
    const what = random.between(0, depth < 3 ? 7 : 4);
    const name = `v${names.next++}`;
    if (what <= 1)
      return { kind: "array", name, type: random.pick(types), length: random.between(1, 70) };
    if (what === 2)
      return { kind: "rows", name, rows: random.between(1, 9), length: random.between(1, 9) };
    if (what <= 4) return { kind: "alloca", sizeBytes: random.between(0, 200) };
    const body = statements(random, depth + 1, names);
    return { kind: what <= 6 ? "block" : "loop", body };
  });
}

/** Lengths pass through a volatile zero, so that the compiler does not know them. */
function inC(list: readonly Statement[], depth = 0): string {
  return list
    .map((one) => {
      switch (one.kind) {
        case "array":
          return `${one.type} ${one.name}[zero + ${one.length}]; note(${one.name});\n`;
        case "rows":
          return `short ${one.name}[zero + ${one.rows}][zero + ${one.length}]; note(${one.name});\n`;
        case "alloca":
          return `note(__builtin_alloca(zero + ${one.sizeBytes}));\n`;
        case "block":
          return `{\n${inC(one.body, depth + 1)}}\nnote(0);\n`;
        case "loop":
          return `for (int i${depth} = 0; i${depth} < ${turns}; i${depth}++) {\n${inC(one.body, depth + 1)}}\nnote(0);\n`;
      }
    })
    .join("");
}

/** How far the stack pointer went from where the function began, and the object's distance from it. */
const macros = `#include <stdio.h>
#define sp() ({ long now; __asm__ volatile("mov %%rsp,%0" : "=r"(now)); now; })
#define note(at) do { long now = sp(); void *p = (at); long after = sp(); \\
  printf(" %ld", start - after); if (p != 0) printf("+%ld", (long)p - after); } while (0)
static volatile int zero;
`;

/** alloca moves the stack pointer to a multiple of 64 first: large alignments depend on where it is. */
function compiled(functions: readonly (readonly Statement[])[]): CompiledProgram {
  const bodies = functions.map(
    (list, i) =>
      `static void f${i}(void) {\n  __builtin_alloca((sp() & 63) + 56);\n  long start = sp();\n` +
      `  printf("f${i} %ld", start & 63);\n${inC(list)}  printf("\\n");\n}\n`,
  );
  const calls = functions.map((_, i) => `  f${i}();\n`).join("");
  const text = `${macros}${structs}${bodies.join("")}int main(void) {\n${calls}}\n`;
  return { text, flags: ["-fno-stack-protector", "-fcf-protection=none"] };
}

function simulated(functions: readonly (readonly Statement[])[]): string {
  const { c } = testProgram();
  c.types(structs);
  let text = "";
  functions.forEach((list, i) => {
    const f = c.define(`void f${i}(void)`, (f) => {
      f.alloca((f.sp % 64) + 56);
      const start = f.sp;
      text += `f${i} ${start % 64}`;
      play(f, list, (at) => {
        text += ` ${start - f.sp}${at === undefined ? "" : `+${at - f.sp}`}`;
      });
      text += "\n";
    });
    f();
  });
  return text;
}

function play(f: Frame, list: readonly Statement[], note: (at?: number) => void): void {
  for (const one of list)
    switch (one.kind) {
      case "array":
        note(f.vla(`${one.type} ${one.name}[n]`, { n: one.length }).place);
        break;
      case "rows":
        note(f.vla(`short ${one.name}[m][n]`, { m: one.rows, n: one.length }).place);
        break;
      case "alloca":
        note(f.alloca(one.sizeBytes));
        break;
      default:
        for (let i = 0; i < (one.kind === "loop" ? turns : 1); i++)
          f.block(() => play(f, one.body, note));
        note();
    }
}

function functions(seed: number, count: number): Statement[][] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => statements(random, 0, { next: 0 }));
}

/** Each line with the function it is of, so that a difference says what was compiled. */
function told(lines: string, of: readonly (readonly Statement[])[]): string[] {
  return lines.split("\n").map((line, i) => `${line} ${JSON.stringify(of[i] ?? {})}`);
}

describe("dynamic room", () => {
  // Skipped where there is no C compiler: the expected steps are gcc's own.
  it.skipIf(compiler === undefined)("moves the stack pointer as gcc's code does", () => {
    const seed = Number(process.env["MEMORY_COURSE_SEED"] ?? Date.now() % 1e9);
    const all = functions(seed, 150);
    const real = withCompiled(compiled(all), (run) => run());
    expect(told(simulated(all), all), `MEMORY_COURSE_SEED=${seed}`).toEqual(told(real, all));
  });

  const few = functions(5, 60);
  const { system, output } = recorded("dynamic-room", compiled(few));
  it(`moves the stack pointer as was recorded with ${system}`, () => {
    expect(told(simulated(few), few)).toEqual(told(output, few));
  });
});
