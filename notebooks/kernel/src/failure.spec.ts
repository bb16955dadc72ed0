import { expect, test } from "vitest";
import { diagnosticsFailure, thrownFailure, withoutPaths, type CellCode } from "./failure.js";

const cell: CellCode = { source: "throw x", output: "throw x\n", prefixLength: 10 };
const surroundings = {
  cells: new Map([["In[1]", cell]]),
  hiddenRoots: ["/srv/course/notebooks", "/srv/course"],
};

function thrown(name: string, message: string, frames: string[]): Error {
  const error = new Error(message);
  error.name = name;
  error.stack = [`${name}: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}

const FRAMES = [
  "mmap (file:///srv/course/kernel-sim/dist/mmap.js:10:5)",
  "In[1]:1:11",
  "In[1]:4:1",
  "node:vm:117:12",
  "execute (/srv/course/node_modules/tslab/dist/executor.js:149:51)",
];

test("frames keep cells and packages, without machine paths, and lose Node and the kernel", () => {
  expect(thrownFailure(thrown("TypeError", "no", FRAMES), surroundings)).toEqual({
    ename: "TypeError",
    evalue: "no",
    traceback: [
      "TypeError: no",
      "    at mmap (kernel-sim/dist/mmap.js:10:5)",
      // Column 11 behind a prefix of 10 is column 1; line 4 is the call around the cell.
      "    at In[1]:1:1",
    ],
  });
});

test("a usage error shows cells alone", () => {
  const failure = thrownFailure(thrown("UsageError", "no", FRAMES), surroundings);
  expect(failure.traceback).toEqual(["UsageError: no", "    at In[1]:1:1"]);
});

test("a cause is told below", () => {
  const error = thrown("Error", "outer", []);
  error.cause = thrown("Error", "inner", []);
  expect(thrownFailure(error, surroundings).traceback).toEqual([
    "Error: outer",
    "Caused by Error: inner",
  ]);
});

test("what is thrown and is no error is shown as it is", () => {
  expect(thrownFailure("text", surroundings).traceback).toEqual(["Thrown: text"]);
  expect(thrownFailure({ a: 1 }, surroundings).evalue).toBe("{ a: 1 }");
  expect(thrownFailure(undefined, surroundings).evalue).toBe("undefined");
});

test("a missing module is told without the stack of requires", () => {
  const message = "Cannot find module 'x'\nRequire stack:\n- /srv/course/notebooks/src.js";
  expect(thrownFailure(thrown("Error", message, []), surroundings).evalue).toBe(
    "Cannot find module 'x'",
  );
});

test("diagnostics show their line with a mark below it", () => {
  const diagnostics = [{ start: { line: 1, character: 4 }, messageText: "wrong" }];
  expect(diagnosticsFailure(diagnostics, "In[2]", "1;\nlet x").traceback.slice(1)).toEqual([
    "In[2]:2:5 - wrong",
    "    let x",
    "        ^",
  ]);
});

test("withoutPaths() takes the longest folder first", () => {
  expect(withoutPaths("/srv/course/notebooks/a /srv/course/b", surroundings.hiddenRoots)).toBe(
    "a b",
  );
});
