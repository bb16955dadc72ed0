/** Jupyter itself with our kernel: it finds it, runs it, and gets what our runner gets. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pathCleaner, runFile, type Notebook } from "@memory-course/runner";
import { differences, executeWithNbconvert, hasNbconvert } from "../../scripts/nbconvert.mjs";
import {
  project,
  removeFolder,
  testFolder,
  writeNotebook,
  type CellText,
} from "./notebooks.testing.js";

let folder = "";
beforeAll(() => (folder = testFolder()));
afterAll(() => removeFolder(folder));

// .ci/run installs it from Debian's packages; a person's machine may have none.
const withJupyter = test.skipIf(!hasNbconvert());

const nbconvert = (cells: readonly CellText[], name: string): Promise<Notebook> =>
  executeWithNbconvert(writeNotebook(folder, cells, name)) as Promise<Notebook>;

withJupyter("nbconvert's outputs equal the runner's", async () => {
  const cells: CellText[] = [
    { markdown: "# Title" },
    'import { MiB } from "kernel-sim";\nfor (let i = 0; i < 3000; i++) console.log(i);\nMiB',
    { code: "console.error('said'); throw new Error('on purpose');", tags: ["raises-exception"] },
    "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 't', 'image/svg+xml': '<svg/>', 'application/json': { b: 1, a: [2] } }) })",
    "await Promise.resolve('last')",
  ];
  const ours = await runFile(writeNotebook(folder, cells, "same.ipynb"), { project });
  const theirs = await nbconvert(cells, "same.ipynb");
  expect(ours.failures).toEqual([]);
  expect(differences(ours.notebook, theirs, pathCleaner(project, homedir()))).toEqual([]);
});

withJupyter.each([
  ["throws", ["throw new Error('boom');"], "boom"],
  ["rejects, and nobody awaits it", ["void Promise.reject(new Error('nobody'));"], "nobody"],
  [
    "rejects after its cell has ended",
    [
      "setTimeout(() => { void Promise.reject(new Error('too late')); }, 20);",
      "await new Promise((resolve) => setTimeout(resolve, 300));",
    ],
    "too late",
  ],
  ["does not compile", ["const n: number = 'x';"], "not assignable"],
  ["ends its process", ["process.exit(0);"], "died"],
] as const)("nbconvert fails where a cell %s", async (_what, cells, word) => {
  await expect(nbconvert(cells, "bad.ipynb")).rejects.toThrow(new RegExp(word, "i"));
});

test("the kernelspec is relocatable: it names no folder of this machine", () => {
  const path = join(project, "notebooks/kernel/jupyter/kernels/memory-course/kernel.json");
  const text = readFileSync(path, "utf8");
  const spec = JSON.parse(text) as { argv: string[]; interrupt_mode: string };
  expect(spec.argv[0]).toBe("node");
  const [program, ...rest] = spec.argv.slice(1).filter((word) => !word.startsWith("--"));
  expect(program).toMatch(/^\{resource_dir\}\//);
  expect(rest).toEqual(["{connection_file}"]);
  expect(spec.interrupt_mode).toBe("signal");
  expect(text).not.toContain(project);
});
