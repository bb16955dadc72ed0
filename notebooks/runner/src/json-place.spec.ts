import { expect, test } from "vitest";
import { jsonErrorOffset, placeInWords } from "./json-place.js";

test.each([
  ["", 0],
  ["{", 1],
  ["[1, 2", 5],
  ["[,]", 1],
  ['{"a" 1}', 5],
  ['{"a": 01}', 7],
  ["[1] x", 4],
  ['"tab\there"', 0],
  ["nul", 0],
])("%j is wrong at %i", (text, offset) => {
  expect(jsonErrorOffset(text)).toBe(offset);
});

test.each(["1", "[]", "{}", ' {"a": [1, -2.5e3, "x\\u00e9", true, null]} '])(
  "%j is JSON",
  (text) => {
    expect(() => void JSON.parse(text)).not.toThrow();
    expect(jsonErrorOffset(text)).toBeUndefined();
  },
);

test("a place counts lines and columns from 1", () => {
  expect(placeInWords("a\nbc", 3)).toBe("line 2, column 2");
});
