import ts from "typescript";
import { expect, test } from "vitest";
import { isErasable, stripTypes } from "./strip-types.js";

test.each([
  ["const a: number = 1;", "const a = 1;"],
  ["let b!: string;", "let b;"],
  ["function f(a: number, b?: Map<string, number[]>): void {}", "function f(a, b) {}"],
  ["const g = <T extends object>(x: T): x is T => true;", "const g = (x) => true;"],
  ["const h = new Map<string, Array<number>>();", "const h = new Map();"],
  ["const i = (j as unknown as number)!;", "const i = (j);"],
  ["const k = { a: 1, b: c ? d : e } satisfies K;", "const k = { a: 1, b: c ? d : e };"],
  [
    "class L<T> extends M<T> implements N { private readonly o: T; p?: number = 1; }",
    "class L extends M  { o; p = 1; }",
  ],
  ['import { type Q, r } from "s";', 'import { r } from "s";'],
  ["interface T { a: number }\nconst u = 1;", "\nconst u = 1;"],
  ['// a: note\nconst v = "a: b"; // : x', '// a: note\nconst v = "a: b"; // : x'],
  ["for (const w of x as string[]) y(w!);", "for (const w of x) y(w);"],
  [
    "function z(a: string): string;\nfunction z(a: string): string { return a; }",
    "\nfunction z(a) { return a; }",
  ],
])("%s", (source, javascript) => {
  expect(stripTypes(source)).toBe(javascript);
});

test("what is more than types is written anew", () => {
  expect(stripTypes("enum A { B = 3 }")).toContain('A[A["B"] = 3] = "B"');
  expect(stripTypes("class C { constructor(private d: number) {} }")).toContain("this.d = d");
});

test("Node runs as it is what has nothing but types", () => {
  expect(isErasable("interface A { b: number }\nconst c = { b: 1 } satisfies A;")).toBe(true);
  expect(isErasable("enum A { B = 3 }")).toBe(false);
  expect(isErasable("class C { constructor(private d: number) {} }")).toBe(false);
});

test("this package's own sources mean the same as TypeScript's own output", async () => {
  const { readFileSync, readdirSync } = await import("node:fs");
  const folder = new URL(".", import.meta.url);
  const plain = (code: string): string => {
    const compilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      removeComments: true,
    };
    // `(a as B).c` leaves its brackets, which mean nothing.
    return ts
      .transpileModule(code, { compilerOptions })
      .outputText.replace(/\(([\w.]+)\)\./g, "$1.");
  };
  for (const name of readdirSync(folder).filter((one) => /^[\w-]+\.ts$/.test(one))) {
    // Imports are kept as they are written; TypeScript also leaves out those that are only types.
    const source = readFileSync(new URL(name, folder), "utf8").replace(/^import[^;]*;\n/gm, "");
    expect(plain(stripTypes(source)), name).toBe(plain(source));
  }
});
