/** Cells that do not end by themselves, and kernels that end too soon. None hangs, none passes, none loses output. */
import { expect, test } from "vitest";
import { execute, outputsOf, printed } from "./notebooks.testing.js";

const LIMIT = { cellTimeoutMs: 2000 };

test("a loop without end is interrupted at the limit, and what it printed is kept", async () => {
  const run = await execute(["console.log('before');\nfor (;;);", "1"], LIMIT);
  expect(run.failures).toMatchObject([
    { number: 1, message: "it did not end within 2 s, and was interrupted" },
  ]);
  expect(printed(run, 1)).toBe("before\n");
  expect(outputsOf(run, 2)).toEqual([]);
});

test("a promise that never settles is interrupted at the limit", async () => {
  const run = await execute(["console.log('before');\nawait new Promise(() => undefined);"], LIMIT);
  expect(run.failures[0]?.message).toBe("it did not end within 2 s, and was interrupted");
  expect(printed(run, 1)).toBe("before\n");
});

test("a loop that no interrupt reaches is killed", async () => {
  const run = await execute(["console.log('before');\nawait null;\nfor (;;);"], LIMIT);
  expect(run.failures[0]?.message).toContain("the kernel was killed");
  expect(printed(run, 1)).toBe("before\n");
});

test("a limit is a failure also where an error is expected", async () => {
  const run = await execute([{ code: "for (;;);", tags: ["raises-exception"] }, "1"], LIMIT);
  expect(run.failures).toHaveLength(1);
});

test.each([
  ["process.kill(process.pid, 'SIGKILL')", "the kernel died by SIGKILL"],
  ["process.exit(3)", "the kernel died with the exit code 3"],
  ["process.exit(0)", "the kernel died with the exit code 0"],
  ["process.abort()", "the kernel died by SIGABRT"],
])("%s is noticed at once, and what was printed before is kept", async (code, message) => {
  const started = performance.now();
  const lines = "for (let i = 0; i < 20; i++) console.log(i);";
  const run = await execute([{ code: `${lines}\n${code};`, tags: ["raises-exception"] }, "1"]);
  expect(run.failures).toMatchObject([{ number: 1 }]);
  expect(run.failures[0]?.message).toContain(message);
  expect(printed(run, 1)).toBe(Array.from({ length: 20 }, (_, i) => `${i}\n`).join(""));
  expect(performance.now() - started).toBeLessThan(30_000);
});

test("output above the limit stops the cell and says so", async () => {
  const run = await execute(
    ["for (;;) { console.log('x'.repeat(1000)); await new Promise((r) => setTimeout(r)); }"],
    { maxOutputLength: 100_000, cellTimeoutMs: 20_000 },
  );
  expect(run.failures[0]?.message).toBe("it printed more than 100000 characters, and was stopped");
  expect(printed(run, 1).length).toBeLessThan(2_000_000);
});
