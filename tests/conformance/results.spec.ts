/** The page of accuracy, and what it is drawn from. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { drawPage } from "./accuracy-page.mjs";
import { mergeResults, type Result } from "./results.mjs";

const row = (suite: string, more: Partial<Result> = {}): Result => ({
  ...{ suite, mode: "usual", seeds: [1], day: "2026-01-01", kernel: "6.18.1", libc: "glibc 2.36" },
  ...{ compiler: "cc", traces: 10, commands: 100, agreeing: 9, unstable: 1, endless: 0 },
  ...more,
});

it("docs/accuracy.md is what accuracy-page.mjs draws", async () => {
  const page = readFileSync(new URL("../../docs/accuracy.md", import.meta.url), "utf8");
  expect(page, "node tests/conformance/accuracy-page.mjs writes it anew").toBe(await drawPage());
});

describe("results of several campaigns", () => {
  it("come together, in the order of the suites, the usual mode first", () => {
    const pool = row("vm-hugetlb-pool", { mode: "pool" });
    const merged = mergeResults([row("vm-file"), pool], [row("heap-small"), row("vm-anon")], "add");
    expect(merged.map(({ suite }) => suite)).toEqual([
      ...["heap-small", "vm-anon", "vm-file", "vm-hugetlb-pool"],
    ]);
  });
  it("of one suite and mode take the place of the earlier ones", () => {
    const later = row("vm-anon", { seeds: [7], traces: 5 });
    expect(mergeResults([row("vm-anon")], [later], "replace")).toEqual([later]);
  });
  it("of one suite and mode are added up where that is asked for", () => {
    const added = mergeResults([row("vm-anon")], [row("vm-anon", { seeds: [7] })], "add");
    const counts = { traces: 20, commands: 200, agreeing: 18, unstable: 2 };
    expect(added).toEqual([row("vm-anon", { seeds: [1, 7], ...counts })]);
  });
  it("count each trace once", () => {
    expect(() => mergeResults([row("vm-anon")], [row("vm-anon")], "add")).toThrow("count already");
  });
});
