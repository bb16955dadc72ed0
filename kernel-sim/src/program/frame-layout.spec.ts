/** Random functions, compiled by gcc -O0 and played here: every local and parameter at the same distance from bp. */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../core/random.js";
import type { Random } from "../core/random.js";
import { compiler, recorded, withCompiled } from "./compiled.testing.js";
import type { CompiledProgram } from "./compiled.testing.js";
import type { Frame } from "./frame.js";
import { testProgram } from "./memory.testing.js";

const flags = ["-fno-stack-protector", "-fcf-protection=none"];
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

const noteFunction =
  'static void note(const char *name, void *at, char *fp) { printf(" %s=%ld", name, (long)((char *)at - fp)); }\n';

const nameOf = (declared: string): string => /(\w+)(\[\d+\])?$/.exec(declared)?.[1] ?? "";

/** Each object's address is passed on, so that gcc gives it a place in memory, in the order declared. */
function compiled(functions: readonly RandomFunction[]): CompiledProgram {
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
  const text =
    `#include <stdio.h>\n${structs}\n${noteFunction}` +
    `${bodies.join("")}int main(void) {\n${calls.join("")}  return 0;\n}\n`;
  return { text, flags };
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
    const f = c.define(`void ${name}(${parameters.join(", ") || "void"})`, play);
    const before = text;
    f(...parameters.map(() => 0));
    const first = text;
    // A second call finds its places by what the first has noted.
    text = before;
    f(...parameters.map(() => 0));
    expect(text).toBe(first);
  }
  return text;
}

/**
 * Functions with locals before and after an array of variable length or alloca(). gcc puts temporaries of its own, and
 * the pointer whose address is not taken, before the first local: so offsets are counted from a first array, which is aligned to 16 as all others are at most.
 */
function lateFunction(random: Random, name: string): RandomFunction {
  const some = (prefix: string): string[] =>
    Array.from({ length: random.between(1, 4) }, (_, i) =>
      declaration(random, `${prefix}${i}`, 100),
    );
  return { name, parameters: [], outer: ["char first[16]", ...some("a")], blocks: [some("b")] };
}

function compiledLate(functions: readonly RandomFunction[]): CompiledProgram {
  const bodies = functions.map(({ name, outer, blocks: [late = []] }, i) => {
    const room = i % 2 === 0 ? "char room[n]" : "char *room = __builtin_alloca(n)";
    const declared = (list: readonly string[]): string => list.map((d) => `  ${d};\n`).join("");
    const notes = [...outer, ...late]
      .map((d) => `  note("${nameOf(d)}", &${nameOf(d)}, first);\n`)
      .join("");
    return (
      `static void ${name}(int n) {\n${declared(outer)}  ${room};\n${declared(late)}  printf("${name}");\n` +
      `${notes}  room[0] = 1;\n  printf(" room below: %d\\n", room + n <= (char *)&${nameOf(late.at(-1) ?? "")});\n}\n`
    );
  });
  const calls = functions.map(({ name }, i) => `  ${name}(${i + 1});\n`).join("");
  const text = `#include <stdio.h>\n${structs}\n${noteFunction}${bodies.join("")}int main(void) {\n${calls}}\n`;
  return { text, flags };
}

function simulatedLate(functions: readonly RandomFunction[]): string {
  const { c } = testProgram();
  c.types(structs);
  return functions
    .map(({ name, outer, blocks: [late = []] }, i) => {
      const lines: string[] = [];
      // The body's text shows its declarations, as a reader of a cell would write them.
      const shown = late.map((d) => `f.local("${d}")`).join(", ");
      // The spec's own text is what is compiled; it is no foreign input.
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      const play = new Function(
        "outer",
        "note",
        `return (f, n) => {
          const before = outer.map((d) => f.local(d));
          ${i % 2 === 0 ? 'const room = f.vla("char room[n]", { n }).place;' : "const room = f.alloca(n);"}
          note([...before, ${shown}], room + n);
        };`,
      ) as (
        outer: readonly string[],
        note: (locals: readonly { name: string; place: number }[], roomEnd: number) => void,
      ) => (f: Frame, n: number) => void;
      const note = (locals: readonly { name: string; place: number }[], roomEnd: number): void => {
        const first = locals[0]?.place ?? 0;
        const places = locals.map((one) => ` ${one.name}=${one.place - first}`).join("");
        const below = roomEnd <= (locals.at(-1)?.place ?? 0) ? 1 : 0;
        lines.push(`${name}${places} room below: ${below}\n`);
      };
      c.define(`void ${name}(int n)`, play(outer, note))(i + 1);
      return lines.join("");
    })
    .join("");
}

/** Each line with the function it is of, so that a difference says what was compiled. */
function told(lines: string, functions: readonly RandomFunction[]): string[] {
  return lines.split("\n").map((line, i) => `${line} ${JSON.stringify(functions[i] ?? {})}`);
}

const kinds = [
  { title: "frames", make: randomFunction, compiled, simulated },
  {
    title: "frames with locals after dynamic room",
    make: lateFunction,
    compiled: compiledLate,
    simulated: simulatedLate,
  },
];

describe.each(kinds)("$title", ({ title, make, compiled: program, simulated: play }) => {
  const functions = (seed: number, count: number): RandomFunction[] => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, (_, i) => make(random, `f${i}`));
  };

  // Skipped where there is no C compiler: the expected offsets are gcc's own.
  it.skipIf(compiler === undefined)("lie as gcc lays them out at -O0", () => {
    const seed = Number(process.env["MEMORY_COURSE_SEED"] ?? Date.now() % 1e9);
    const all = [...functions(3, 200), ...functions(seed, 200)].map((one, i) => ({
      ...one,
      name: `f${i}`,
    }));
    const real = withCompiled(program(all), (run) => run());
    expect(told(play(all), all), `MEMORY_COURSE_SEED=${seed}`).toEqual(told(real, all));
  });

  const few = functions(4, 60);
  const { system, output } = recorded(title.replaceAll(" ", "-"), program(few));
  it(`lie as was recorded with ${system}`, () => {
    expect(told(play(few), few)).toEqual(told(output, few));
  });
});
