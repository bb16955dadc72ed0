/** Cells are checked strictly here; tslab, which runs them, checks them loosely. */
import { expect, test } from "vitest";
import type { Notebook } from "@memory-course/runner";
import { chapters, notebookOf } from "./notebooks.testing.js";
import { readNotebook, strictProblems } from "./strict.testing.js";

const check = (...cells: string[]): string[] =>
  strictProblems(new Map([["x.ipynb", notebookOf(cells) as unknown as Notebook]]));

test("a name may be declared again in a later cell, and imports may repeat", () => {
  expect(
    check(
      'import { MiB } from "kernel-sim";\nconst n: number = MiB;',
      'import { MiB, KiB } from "kernel-sim";\nconst n: string = String(MiB + KiB);\nawait Promise.resolve(n);',
    ),
  ).toEqual([]);
});

test("what only a strict check finds is found, with its cell and line", () => {
  expect(check("1;", "\nfunction f(x) { return x; }\nf(1);")).toEqual([
    "notebooks/x.ipynb, cell 2, line 2: Parameter 'x' implicitly has an 'any' type.",
  ]);
  expect(check('const m = /a/.exec("b");\nm.index;')).toEqual([
    "notebooks/x.ipynb, cell 1, line 2: 'm' is possibly 'null'.",
  ]);
});

test("every cell of every chapter passes TypeScript's strict check", () => {
  const notebooks = new Map(chapters().map((file) => [file, readNotebook(file)]));
  expect(strictProblems(notebooks)).toEqual([]);
});
