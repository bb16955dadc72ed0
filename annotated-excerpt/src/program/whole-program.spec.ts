import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { isErasable } from "./strip-types.js";
import { wholeProgram } from "./whole-program.js";

const command = (name: string): string => `npx tsx ${name}`;

function programOf(
  sources: string[],
  target = sources.length - 1,
): ReturnType<typeof wholeProgram> {
  const cells = sources.map((source, index) => ({ id: `c${index}`, source }));
  return wholeProgram({ cells, cell: `c${target}`, name: "p.ts", command });
}

/** What the program prints, run by Node after its types are taken away. */
function outputOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "excerpt-"));
  const file = join(folder, "p.mjs");
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  writeFileSync(file, ts.transpileModule(text, { compilerOptions: options }).outputText);
  const output = execFileSync(process.execPath, [file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return output;
}

describe("wholeProgram()", () => {
  test("takes the cells that declare what is used, and no others", () => {
    const program = programOf(["const a = 1;", "const unused = 2;", "const b = a + 1;", "b * 10"]);
    expect(program.cells).toEqual(["c0", "c2", "c3"]);
    expect(outputOf(program.text)).toBe("20\n");
  });

  test("takes cells that change what is used, though they declare nothing", () => {
    const program = programOf([
      "const list: number[] = [];",
      "const other = [9];",
      "list.push(1);",
      "other.push(1);",
      "list.push(2);",
      "list.length",
    ]);
    expect(program.cells).toEqual(["c0", "c2", "c4", "c5"]);
    expect(outputOf(program.text)).toBe("2\n");
  });

  test("takes cells that change it through another name, or through a function", () => {
    const program = programOf([
      "let count = 0;\nfunction step(): void { count += 1; }",
      "const alias = { step };",
      "alias.step();",
      "const apart = { n: 0 }; apart.n += 1;",
      "count",
    ]);
    expect(program.cells).toEqual(["c0", "c1", "c2", "c4"]);
    expect(outputOf(program.text)).toBe("1\n");
  });

  test("takes neither later cells nor those that only read constants", () => {
    const program = programOf(["const k = 3;", "console.log(k);", "k + 1", "const k2 = k;"], 2);
    expect(program.cells).toEqual(["c0", "c2"]);
  });

  test("does not mistake a parameter, a member or a key for a name of the notebook", () => {
    const program = programOf([
      "const value = 1;",
      "const object = { value: 2 };",
      "const f = (value: number): number => value;",
      "f(object.value)",
    ]);
    expect(program.cells).toEqual(["c1", "c2", "c3"]);
    expect(outputOf(program.text)).toBe("2\n");
  });

  test("gives a name that is declared again two names", () => {
    const program = programOf([
      "const x = 1;",
      "const old = { x };",
      "const x = 2;",
      "const { y = x } = { y: undefined };",
      "`${old.x} ${x} ${y}`",
    ]);
    expect(program.text).toContain("const x1 = 1;");
    expect(program.text).toContain("{ x: x1 }");
    expect(outputOf(program.text)).toBe("1 2 2\n");
  });

  test("gathers imports, and keeps those that are used", () => {
    const program = programOf([
      'import { sep, join } from "node:path";\nimport * as os from "node:os";',
      'import { basename } from "node:path";\nimport type { Stats } from "node:fs";\nconst type = (s: Stats): boolean => s.isFile();',
      'join("a", basename("/c/d"))',
    ]);
    expect(program.text).toContain('import { basename, join } from "node:path";');
    expect(program.text).not.toContain("node:os");
    expect(program.text).not.toContain("Stats");
    expect(outputOf(program.text)).toBe("a/d\n");
  });

  test("prints the last value as the notebook shows it", () => {
    const shown = '({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "as text" }) })';
    expect(outputOf(programOf([shown]).text)).toBe("as text\n");
    expect(outputOf(programOf(["({ a: [1, 2] });"]).text)).toBe("{ a: [ 1, 2 ] }\n");
    expect(outputOf(programOf(['console.log("once");']).text)).toBe("once\n");
  });

  test("says on its first line how to run it, and is strict TypeScript", () => {
    const { text } = programOf(["const a = 1;", "a"]);
    expect(text.split("\n")[0]).toBe("// npx tsx p.ts");
    const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true });
    expect(diagnostics).toEqual([]);
  });

  test("refuses a cell that needs a module which only the notebook has", () => {
    const cells = [{ id: "c", source: 'import { real } from "course";\nreal("a.c")' }];
    const options = { cells, cell: "c", name: "p.ts", command, modules: { course: null } };
    expect(() => wholeProgram(options)).toThrow('cell c needs "course"');
  });

  test("puts what stands for a call of the notebook in its place", () => {
    const cells = [
      {
        id: "a",
        source:
          'import { compare, real, show } from "course";\nconst x = 1;\nshow([x]);\ncompare(real("a.c"), x)',
      },
      { id: "b", source: 'compare(real("b.c"), `${x + 1}!`, { differs: "why" })' },
    ];
    const program = wholeProgram({
      cells,
      cell: "b",
      name: "p.ts",
      command,
      modules: { course: null },
      standIns: { compare: { argument: 1 }, show: { prints: 0 } },
    });
    expect(program.text).not.toContain("course");
    expect(outputOf(program.text)).toBe("[ 1 ]\n2!\n");
  });

  test("carries a module within itself, and runs as JavaScript in an empty folder", () => {
    const sources = [
      'import { twice, half as halve } from "tiny-math";\nconst x: number = twice(4);',
      "interface Shown { value: number }\nconst shown: Shown = { value: halve(x) as number };",
      "shown.value",
    ];
    const cells = sources.map((source, index) => ({ id: `c${index}`, source }));
    const code = "export const twice = (x) => 2 * x;\nexport const half = (x) => x / 2;\n";
    const program = wholeProgram({
      cells,
      cell: "c2",
      name: "p.mjs",
      command: (name) => `node ${name}`,
      packed: { "tiny-math": { version: "1.0.0", code } },
      form: "javascript",
    });
    expect(program.text).toContain("const { half: halve, twice } = await tinyMath();");
    expect(program.text).not.toContain("interface");
    const folder = mkdtempSync(join(tmpdir(), "excerpt-"));
    writeFileSync(join(folder, "p.mjs"), program.text);
    const command = program.text.split("\n")[0]?.replace("// ", "") ?? "";
    expect(execFileSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" })).toBe("4\n");
    rmSync(folder, { recursive: true });
  });

  test("carries a module within itself as TypeScript too, and takes its types for any", () => {
    const sources = [
      'import { twice, type Pair } from "tiny-math";\nimport type { Half } from "tiny-math";',
      "//! The note stays.\nconst pair: Pair = [twice(4), 1];\nconst half: Half = 1;",
      "pair[0] + half",
    ];
    const program = wholeProgram({
      cells: sources.map((source, index) => ({ id: `c${index}`, source })),
      cell: "c2",
      name: "p.ts",
      command: (name) => `node ${name}`,
      remark: "Node 22.18 or newer.",
      packed: { "tiny-math": { version: "1.0.0", code: "export const twice = (x) => 2 * x;\n" } },
    });
    expect(program.text).toMatch(/^\/\/ node p\.ts\n\/\/ Node 22\.18 or newer\.\n/);
    expect(program.text).toContain("//! The note stays.\nconst pair: Pair");
    expect(isErasable(program.text)).toBe(true);
    expect(outputOf(program.text)).toBe("9\n");
  });

  test("says which cells there are where the id is unknown", () => {
    expect(() => wholeProgram({ cells: [], cell: "x", name: "p.ts", command })).toThrow(
      'there is no cell of code "x"',
    );
  });
});
