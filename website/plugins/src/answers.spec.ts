import { expect, test } from "vitest";
import { readAnswer, readComparison } from "./answers.js";

const stamp = { kernel: "Linux 6.18", libc: "glibc 2.36", date: "2026-11-23", recorded: false };

test("equal texts are equal, line by line, and joined they are the text again", () => {
  const text = "a\n\nb\n";
  const read = readComparison({ real: { text, stamp }, simulated: { text }, equal: true }, "sim 1");
  expect(read?.equal).toBe(true);
  expect(read?.real.map((line) => line.text).join("\n")).toBe(text);
  expect(read?.real.some((line) => line.differs)).toBe(false);
  expect(read?.simulatedStamp).toEqual({ simulator: "sim 1" });
});

test("lines that differ are marked on both sides, and said to differ whatever the notebook says", () => {
  const read = readComparison(
    { real: { text: "a\nb\nc", stamp }, simulated: { text: "a\nB" }, equal: true, why: "a clock" },
    "sim 1",
  );
  expect(read?.equal).toBe(false);
  expect(read?.real.map((line) => line.differs)).toEqual([false, true, true]);
  expect(read?.simulated.map((line) => line.differs)).toEqual([false, true]);
  expect(read?.because).toBe("a clock");
});

test("an answer says how the program ended where that was not exit(0)", () => {
  expect(readAnswer({ stdout: "x", exitCode: 0, signal: null, stamp })?.exit).toBe("");
  expect(readAnswer({ stdout: "x", exitCode: 3, signal: null, stamp })?.exit).toBe("exit code 3");
  expect(readAnswer({ stdout: "", exitCode: null, signal: "SIGSEGV" })?.exit).toBe(
    "ended by SIGSEGV",
  );
});

test("other values are no answers", () => {
  expect(readAnswer({ text: "x" })).toBeNull();
  expect(readComparison("x", "sim 1")).toBeNull();
});

test("what the building machine answered is told apart, or said to be the same", () => {
  const here = (text: string) => ({ text, stamp: { libc: "glibc 2.31" } });
  const answer = (text: string) =>
    readAnswer({ stdout: "x\n", stderr: "", exitCode: 3, stamp, here: here(text) })?.here;
  expect(answer("x\nexit code 3")?.equal).toBe(true);
  expect(answer("y\nexit code 3")).toMatchObject({ equal: false, stamp: { libc: "glibc 2.31" } });
  const real = { text: "a", stamp, here: here("b") };
  expect(readComparison({ real, simulated: { text: "a" } }, "sim 1")).toMatchObject({
    equal: true,
    here: { text: "b", equal: false },
  });
  expect(readAnswer({ stdout: "x", exitCode: 0 })?.here).toBeNull();
});
