/** Random functions, compiled by gcc -O0 and played here: every local and parameter at the same distance from bp. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../core/random.js";
import type { Random } from "../core/random.js";
import type { Frame } from "./frame.js";
import { testProgram } from "./memory.testing.js";

const gcc = ["/usr/bin/gcc", "/usr/bin/cc"].find((path) => existsSync(path));
const structs =
  "struct small { char a; short b; }; struct medium { long a; char b; }; struct large { int a[9]; };";

interface RandomFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly outer: readonly string[];
  /** Blocks after the outer locals, each with its own; no local of a block has 32 bytes or more. */
  readonly blocks: readonly (readonly string[])[];
}

function declaration(random: Random, name: string, most: number): string {
  const scalars = ["char", "short", "int", "long", "double", "float", "void *"];
  const structTypes = ["struct small", "struct medium", "struct large"].slice(
    0,
    most <= 32 ? 2 : 3,
  );
  const kind = random.between(0, 5);
  if (kind < 3) return `${random.pick(scalars)} ${name}`;
  if (kind === 3) return `${random.pick(structTypes)} ${name}`;
  const [element, size] = random.pick([
    ["char", 1],
    ["short", 2],
    ["int", 4],
    ["long", 8],
  ] as const);
  return `${element} ${name}[${random.between(1, Math.floor((most - 1) / size))}]`;
}

function randomFunction(random: Random, name: string): RandomFunction {
  const parameterTypes = ["char", "short", "int", "long", "double", "void *"];
  return {
    name,
    parameters: Array.from(
      { length: random.between(0, 4) },
      (_, i) => `${random.pick(parameterTypes)} p${i}`,
    ),
    outer: Array.from({ length: random.between(1, 6) }, (_, i) =>
      declaration(random, `v${i}`, 100),
    ),
    blocks: Array.from({ length: random.between(0, 2) }, (_, b) =>
      Array.from({ length: random.between(1, 3) }, (_, i) => declaration(random, `b${b}v${i}`, 32)),
    ),
  };
}

const nameOf = (declared: string): string => /(\w+)(\[\d+\])?$/.exec(declared)?.[1] ?? "";

/** Each object's address is passed on, so that gcc gives it a place in memory, in the order declared. */
function compiled(functions: readonly RandomFunction[]): string {
  const note = (declared: string): string =>
    `  note("${nameOf(declared)}", &${nameOf(declared)}, fp);\n`;
  const bodies = functions.map(({ name, parameters, outer, blocks }) => {
    const inner = blocks.map(
      (block) => `  {\n${block.map((d) => `  ${d};\n`).join("")}${block.map(note).join("")}  }\n`,
    );
    return (
      `static void ${name}(${parameters.join(", ") || "void"}) {\n  char *fp = __builtin_frame_address(0);\n` +
      `${outer.map((d) => `  ${d};\n`).join("")}  printf("${name}");\n${outer.map(note).join("")}` +
      `${inner.join("")}${parameters.map(note).join("")}  printf("\\n");\n}\n`
    );
  });
  const calls = functions.map(
    ({ name, parameters }) => `  ${name}(${parameters.map(() => "0").join(", ")});\n`,
  );
  return (
    `#include <stdio.h>\n${structs}\n` +
    'static void note(const char *name, void *at, char *fp) { printf(" %s=%ld", name, (long)((char *)at - fp)); }\n' +
    `${bodies.join("")}int main(void) {\n${calls.join("")}  return 0;\n}\n`
  );
}

function simulated(functions: readonly RandomFunction[]): string {
  const { c } = testProgram();
  c.types(structs);
  let text = "";
  for (const { name, parameters, outer, blocks } of functions) {
    const play = (f: Frame): void => {
      // gcc gives the one local whose address is not taken its place first.
      f.local("char *fp");
      const offset = (declared: string, place: number): string =>
        ` ${nameOf(declared)}=${place - f.bp}`;
      const outerPlaces = outer.map((one) => offset(one, f.local(one).place)).join("");
      const inner = blocks.map((block) =>
        f.block(() => block.map((one) => offset(one, f.local(one).place)).join("")),
      );
      const spilled = parameters.map((one) => offset(one, f.param(nameOf(one)).place)).join("");
      text += `${name}${outerPlaces}${inner.join("")}${spilled}\n`;
    };
    c.define(`void ${name}(${parameters.join(", ") || "void"})`, play)(...parameters.map(() => 0));
  }
  return text;
}

describe("frames", () => {
  // Skipped where there is no C compiler: the expected offsets are gcc's own.
  it.skipIf(gcc === undefined)("lie as gcc lays them out at -O0", () => {
    const random = seededRandom(3);
    const functions = Array.from({ length: 400 }, (_, i) => randomFunction(random, `f${i}`));
    const folder = mkdtempSync(join(tmpdir(), "frames-"));
    try {
      writeFileSync(join(folder, "frames.c"), compiled(functions));
      const flags = ["-O0", "-w", "-fno-stack-protector", "-fcf-protection=none"];
      execFileSync(gcc ?? "gcc", [
        ...flags,
        "-o",
        join(folder, "frames"),
        join(folder, "frames.c"),
      ]);
      const real = execFileSync(join(folder, "frames"), { encoding: "utf8" });
      const ours = simulated(functions).split("\n");
      const text = (f: RandomFunction | undefined): string => JSON.stringify(f ?? {});
      expect(ours.map((line, i) => `${line} ${text(functions[i])}`)).toEqual(
        real.split("\n").map((line, i) => `${line} ${text(functions[i])}`),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
