/** What cells do, and what the runner says of it. The expected texts are JavaScript's and the protocol's own. */
import { expect, test } from "vitest";
import { execute, outputsOf, printed, result } from "./notebooks.testing.js";

test("names and types persist between cells and may be declared again", async () => {
  const run = await execute([
    "interface Page { n: number }\nconst p: Page = { n: 1 };\nfunction next(x: Page): Page { return { n: x.n + 1 }; }",
    "const q: Page = next(p);\nq.n",
    "const p = 'declared again';\np",
    "const late = await Promise.resolve(42);\nlate",
    'import { MiB } from "kernel-sim";\nMiB',
    "MiB * 2",
  ]);
  expect(run.failures).toEqual([]);
  expect([2, 3, 4, 5, 6].map((n) => result(run, n))).toEqual([
    "2",
    "declared again",
    "42",
    "1048576",
    "2097152",
  ]);
});

test("a value shows itself as a bundle of MIME types, its result beside what was printed", async () => {
  const run = await execute([
    `console.log("first");
console.error("second");
({
  toString() { return "a picture"; },
  [Symbol.for("Jupyter.display")]() {
    return { "image/svg+xml": "<svg><title>T</title></svg>", "application/json": { faults: 2 } };
  },
})`,
    `import { show } from "course";
show({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "shown" }) });
process.stdout.write("then", () => undefined);`,
  ]);
  expect(run.failures).toEqual([]);
  expect(outputsOf(run, 1)).toEqual([
    { output_type: "stream", name: "stdout", text: ["first\n"] },
    { output_type: "stream", name: "stderr", text: ["second\n"] },
    {
      output_type: "execute_result",
      execution_count: 1,
      metadata: {},
      data: {
        "text/plain": ["a picture"],
        "image/svg+xml": ["<svg><title>T</title></svg>"],
        "application/json": { faults: 2 },
      },
    },
  ]);
  expect(
    outputsOf(run, 2)
      .map((output) => output.output_type)
      .sort(),
  ).toContain("display_data");
  expect(printed(run, 2)).toContain("then");
});

test("20,000 lines arrive, every one and in order", async () => {
  const run = await execute(["for (let i = 0; i < 20000; i++) console.log(`line ${i}`);"]);
  expect(run.failures).toEqual([]);
  expect(printed(run, 1)).toBe(Array.from({ length: 20000 }, (_, i) => `line ${i}\n`).join(""));
});

test("the callback of process.stdout.write is called", async () => {
  const run = await execute([
    'await new Promise<void>((resolve) => process.stdout.write("out\\n", () => resolve()));\n"called"',
  ]);
  expect(result(run, 1)).toBe("called");
  expect(printed(run, 1)).toBe("out\n");
});

test("a cell that throws fails with its own line, and the cells after it do not run", async () => {
  const run = await execute([
    { markdown: "# Title" },
    "interface Box { a: number }\n\nfunction open(box: Box): never {\n  throw new RangeError(`no ${box.a}`);\n}\nopen({ a: 7 });",
    "console.log('must not run');",
  ]);
  expect(run.failures).toMatchObject([
    { number: 2, id: "cell-2", line: 4, message: "RangeError: no 7" },
  ]);
  expect(outputsOf(run, 2)).toEqual([
    {
      output_type: "error",
      ename: "RangeError",
      evalue: "no 7",
      traceback: ["RangeError: no 7", "    at open (In[1]:4:9)", "    at In[1]:6:1"],
    },
  ]);
  expect(outputsOf(run, 3)).toEqual([]);
});

test("an error names no path of this machine", async () => {
  const run = await execute([
    {
      code: 'import { readFileSync } from "node:fs";\nreadFileSync(process.cwd() + "/missing")',
      tags: ["raises-exception"],
    },
    "throw new Error(process.cwd(), { cause: new Error(process.cwd() + '/b') });",
  ]);
  expect(run.failures).toHaveLength(1);
  const text = JSON.stringify([run.notebook, run.failures]);
  expect(text).toContain("missing");
  expect(text).not.toContain(process.cwd());
  expect(text).not.toContain("node_modules");
});

test("a cell that does not compile fails before it runs, with the compiler's line", async () => {
  const run = await execute(["console.log('must not run');\nconst n: number = 'text';"]);
  expect(run.failures).toMatchObject([
    {
      line: 2,
      message: "CompileError: Type 'string' is not assignable to type 'number'.",
    },
  ]);
  expect(printed(run, 1)).toBe("");
});

test("a cell that fails on purpose is no failure, and the next one runs", async () => {
  const run = await execute([
    { code: "throw new Error('on purpose');", tags: ["raises-exception"] },
    "console.log('it ran');",
  ]);
  expect(run.failures).toEqual([]);
  expect(printed(run, 2)).toBe("it ran\n");
});

test("a cell that should fail and does not is a failure", async () => {
  const run = await execute([{ code: "1 + 1", tags: ["raises-exception"] }]);
  expect(run.failures).toMatchObject([
    { number: 1, message: expect.stringContaining("raised none") as string },
  ]);
});

test("a rejected promise that nobody awaits fails its cell", async () => {
  const run = await execute([
    "console.log('before');\nvoid Promise.reject(new Error('nobody'));",
    "1",
  ]);
  expect(run.failures).toMatchObject([{ number: 1, line: 2, message: "Error: nobody" }]);
  expect(printed(run, 1)).toBe("before\n");
  expect(outputsOf(run, 2)).toEqual([]);
});

test("a rejection after its cell has ended fails the notebook, and names the cell", async () => {
  const run = await execute([
    "setTimeout(() => { void Promise.reject(new Error('too late')); }, 60);",
    "2",
  ]);
  expect(run.failures).toMatchObject([{ number: 1 }]);
  expect(run.failures[0]?.message).toContain("too late");
});

test("a rejection of an earlier cell is not taken for the error that a later cell should raise", async () => {
  const run = await execute([
    "setTimeout(() => { void Promise.reject(new Error('stray')); }, 50);",
    {
      code: "await new Promise((resolve) => setTimeout(resolve, 200));\nthrow new Error('on purpose');",
      tags: ["raises-exception"],
    },
  ]);
  expect(run.failures.map((failure) => failure.number)).toEqual([1]);
});

test("an exception in a timer fails the cell that waits", async () => {
  const run = await execute([
    "setTimeout(() => { throw new Error('in a timer'); }, 20);\nawait new Promise((resolve) => setTimeout(resolve, 100));",
  ]);
  expect(run.failures).toMatchObject([{ number: 1, line: 1, message: "Error: in a timer" }]);
});

test("a live timer does not keep the kernel from its end", async () => {
  const started = performance.now();
  const run = await execute(["setInterval(() => undefined, 10);\n'done'"]);
  expect(run.failures).toEqual([]);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("a value that nothing can show fails its cell alone", async () => {
  const run = await execute(["({ [Symbol.for('Jupyter.display')]() { return 'no bundle'; } })"]);
  expect(run.failures[0]?.message).toContain("must answer an object of MIME types");
});
