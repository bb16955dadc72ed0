/** Notebooks and listings that a person got wrong: each a message with file and place, exit code 1, no stack trace. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { node, notebookOf, removeFolder, testFolder, type Ended } from "./notebooks.testing.js";

let folder = "";
beforeAll(() => (folder = testFolder()));
afterAll(() => removeFolder(folder));

function run(text: string, name = "bad.ipynb"): Promise<Ended> {
  const path = join(folder, name);
  writeFileSync(path, text);
  return node(["scripts/notebook.mjs", "--no-setup", path]);
}

function expectMessage(ended: Ended, ...parts: string[]): void {
  expect(ended.code).toBe(1);
  for (const part of parts) expect(ended.stderr).toContain(part);
  expect(ended.stderr).not.toMatch(/^\s+at .*\.(m?js|ts):\d+/m);
  expect(ended.stderr.length).toBeLessThan(1500);
}

test("a file that is not JSON, with the line and column", async () => {
  const ended = await run('{\n "cells": [,]\n}');
  expectMessage(ended, `${basename(folder)}/bad.ipynb`, "not JSON", "line 2, column 12");
});

test("JSON that is no notebook", async () => {
  expectMessage(await run("[1, 2]"), "bad.ipynb", 'no list "cells"');
});

test("cells without ids", async () => {
  const notebook = notebookOf(["1", "2"]) as { cells: { id?: string }[] };
  delete notebook.cells[1]?.id;
  expectMessage(await run(JSON.stringify(notebook)), "bad.ipynb, cell 2", "it has no id");
});

test("two cells with one id", async () => {
  const notebook = notebookOf(["1", "2"]) as { cells: { id: string }[] };
  for (const cell of notebook.cells) cell.id = "same";
  expectMessage(await run(JSON.stringify(notebook)), "cell 2", '"same" is that of cell 1 too');
});

test("an older nbformat", async () => {
  const notebook = { ...notebookOf(["1"]), nbformat_minor: 2 };
  expectMessage(await run(JSON.stringify(notebook)), "bad.ipynb", "nbformat 4.2");
});

test("another kernel", async () => {
  const notebook = { ...notebookOf(["1"]), metadata: { kernelspec: { name: "python3" } } };
  expectMessage(await run(JSON.stringify(notebook)), "bad.ipynb", '"python3"', '"memory-course"');
});

test("a chapter without a title", async () => {
  const { parseNotebook, titleOf, Problem } = await import("@memory-course/runner");
  const text = JSON.stringify(notebookOf([{ markdown: "No heading" }, "1"]));
  const notebook = parseNotebook(text, "notebooks/99-x.ipynb", "memory-course");
  expect(() => titleOf(notebook, "notebooks/99-x.ipynb")).toThrow(Problem);
  expect(() => titleOf(notebook, "notebooks/99-x.ipynb")).toThrow(
    /notebooks\/99-x\.ipynb, cell 1: a chapter needs a title/,
  );
});

test("a listing that is not there, and a region that it has not", async () => {
  const cells = [
    'import { listing } from "course";\n\nlisting("08-demand-paging.c#no-such-region")',
  ];
  const ended = await run(JSON.stringify(notebookOf(cells)));
  expectMessage(
    ended,
    "bad.ipynb, cell 1 (cell-1), line 3",
    "08-demand-paging.c",
    "no-such-region",
  );
  const missing = ['import { real } from "course";\nreal("08-no-such-file.c")'];
  expectMessage(await run(JSON.stringify(notebookOf(missing))), "line 2", "08-no-such-file.c");
});

test("a file that is not there, a chapter that is not there, a flag that is not there", async () => {
  for (const [args, word] of [
    [["no-such.ipynb"], "no-such.ipynb: there is no such file"],
    [["77"], "There is no chapter 77"],
    [["--sideways"], "--sideways"],
    [[], "Which notebook?"],
    [["/etc/hostname"], "outside the project"],
  ] as const) {
    expectMessage(await node(["scripts/notebook.mjs", "--no-setup", ...args]), word);
  }
});

test("a failing cell is told with notebook, cell, line and message, and --out keeps what was done", async () => {
  const out = join(folder, "out.ipynb");
  const path = join(folder, "failing.ipynb");
  writeFileSync(path, JSON.stringify(notebookOf(["1 + 1", "\nthrow new Error('boom');"])));
  const ended = await node(["scripts/notebook.mjs", "--no-setup", path, "--out", out]);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain("[cell 1, cell-1]\n2\n");
  expect(ended.stderr).toContain("failing.ipynb, cell 2 (cell-2), line 2: Error: boom");
  const kept = JSON.parse(readFileSync(out, "utf8")) as { nbformat: number; cells: object[] };
  expect(kept.nbformat).toBe(4);
  expect(kept.cells[1]).toMatchObject({ outputs: [{ output_type: "error", evalue: "boom" }] });
});
