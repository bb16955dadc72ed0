import { expect, test } from "vitest";
import { align, mapLines } from "./line-map.js";

test("align() finds a longest common subsequence", () => {
  expect([...align([..."xaxbxc"], [..."abc"])]).toEqual([-1, 0, -1, 1, -1, 2]);
  expect([...align([..."ab"], [..."cd"])]).toEqual([-1, -1]);
});

test("a place after types and an import finds the line that was written", () => {
  // What TypeScript makes of such a cell: types are gone, `exports.` has come.
  const source = [
    'import { boot } from "kernel-sim";',
    "interface Box {",
    "  a: number;",
    "}",
    "",
    "const text = (box: Box): string => `${box.a} of`;",
    'throw new Error(text({ a: 1 }) + "`");',
  ].join("\n");
  const output = [
    'Object.defineProperty(exports, "__esModule", { value: true });',
    "exports.text = exports.boot = void 0;",
    'const kernel_sim_1 = require("kernel-sim");',
    'Object.defineProperty(exports, "boot", { enumerable: true, get: function () { return kernel_sim_1.boot; } });',
    "const text = (box) => `${box.a} of`;",
    "exports.text = text;",
    'throw new Error((0, exports.text)({ a: 1 }) + "`");',
  ].join("\n");
  const map = mapLines(source, output);
  expect(map({ line: 7, column: 7 })).toEqual({ line: 7, column: 7 });
  expect(map({ line: 5, column: 27 })?.line).toBe(6);
});

test("nothing shared, no place", () => {
  expect(mapLines("a", "b")({ line: 1, column: 1 })).toBeUndefined();
});
