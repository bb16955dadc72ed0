/** An executed notebook is kept until something that can change its outputs has changed, and no longer. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cacheKey, listingsIn, parseNotebook, runFile, type Notebook } from "@memory-course/runner";
import {
  notebookOf,
  project,
  removeFolder,
  testFolder,
  writeNotebook,
} from "./notebooks.testing.js";

let folder = "";
beforeAll(() => (folder = testFolder()));
afterAll(() => removeFolder(folder));

const asNotebook = (...cells: string[]): Notebook => notebookOf(cells) as unknown as Notebook;

test("the key changes with a cell, a file, a folder's file and a fact, and with nothing else", () => {
  const dist = testFolder();
  const file = join(dist, "a.js");
  writeFileSync(file, "1");
  const parts = {
    notebook: asNotebook("1"),
    paths: [dist, join(dist, "none")],
    facts: { node: "20" },
  };
  const key = cacheKey(parts);
  expect(cacheKey({ ...parts, notebook: asNotebook("1") })).toBe(key);
  expect(cacheKey({ ...parts, notebook: asNotebook("2") })).not.toBe(key);
  expect(cacheKey({ ...parts, facts: { node: "22" } })).not.toBe(key);
  writeFileSync(file, "23");
  expect(cacheKey(parts)).not.toBe(key);
  writeFileSync(file, "1");
  writeFileSync(join(dist, "none"), "now it is there");
  expect(cacheKey(parts)).not.toBe(key);
  removeFolder(dist);
});

test("the listings of a notebook are found in its code cells", () => {
  const cells = ['listing("08-a.c#part")', "real('04-b.c', 1); const x = `03-c.h`;"];
  expect(listingsIn(asNotebook(...cells))).toEqual(["03-c.h", "04-b.c", "08-a.c"]);
});

test("the second run takes the kept outputs; a changed cell, or a failure, does not", async () => {
  const out = join(folder, "out", "a.ipynb");
  const run = (...cells: string[]): ReturnType<typeof runFile> =>
    runFile(writeNotebook(folder, cells), { project, out, reuse: "unchanged" });
  const first = await run("Math.random()");
  const second = await run("Math.random()");
  expect([first.reused, second.reused]).toEqual([false, true]);
  expect(second.notebook).toEqual(first.notebook);
  expect((await run("1 + 1")).reused).toBe(false);
  expect((await run("throw new Error('x')")).failures).toHaveLength(1);
  const again = await run("throw new Error('x')");
  expect([again.reused, again.failures.length]).toEqual([false, 1]);
});

test("an executed notebook is a valid notebook: nbformat 4.5, lines kept as lists, no transient data", async () => {
  const out = join(folder, "valid.ipynb");
  const path = writeNotebook(folder, ["console.log('a');\nconsole.log('b');\n'c\\nd'"]);
  await runFile(path, { project, out });
  const text = readFileSync(out, "utf8");
  const notebook = parseNotebook(text, "valid.ipynb", "memory-course");
  expect(text.endsWith("}\n")).toBe(true);
  expect(notebook.cells[0]).toMatchObject({
    execution_count: 1,
    outputs: [
      { output_type: "stream", name: "stdout", text: ["a\n", "b\n"] },
      { output_type: "execute_result", data: { "text/plain": ["c\n", "d"] }, metadata: {} },
    ],
  });
  expect(text).not.toContain("transient");
});
