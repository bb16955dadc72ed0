import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cut } from "./model/excerpt.js";
import { parseSource } from "./model/parse.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README's first example is what it says: two lines with a note each, and one note of two lines", () => {
  const text = /```c\n([^]*?)```/.exec(readme)?.[1] ?? "";
  const { notes, lines } = cut(parseSource({ file: "demo.c", text }), "touch");
  expect(lines.map((line) => line.text)).toEqual([
    "p[0] = 1;",
    "p[1] = 1;",
    "p[4096] = 1;",
    "p[8192] = 1;",
  ]);
  expect(notes.map(({ line, count }) => [line, count])).toEqual([
    [0, 1],
    [1, 1],
    [2, 2],
  ]);
});

test("the README names every entry of the package", () => {
  const { exports } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  ) as { exports: Record<string, unknown> };
  for (const entry of Object.keys(exports)) {
    if (entry === "./package.json") continue;
    expect(readme).toContain(`annotated-excerpt${entry.slice(1)}`);
  }
});
