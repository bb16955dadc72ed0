import { describe, expect, it } from "vitest";
import { UsageError } from "../core/errors.js";
import { heapMap } from "./heap-map.js";
import type { HeapRun } from "./heap-map.js";

const alternating = (count: number): HeapRun[] =>
  Array.from({ length: count }, (_, i) => ({
    address: 0x1000 + i * 32,
    bytes: 32,
    use: i % 2 === 0 ? ("in use" as const) : ("free" as const),
    chunks: 1,
  }));
const map = (runs: readonly HeapRun[]): string =>
  heapMap({ title: "the heap", glibc: "2.36", runs, notes: ["one note"], data: {} }).svg;

describe("heapMap()", () => {
  it("is a picture with a name and words that say all it shows", () => {
    const picture = heapMap({
      title: "the heap",
      glibc: "2.36",
      runs: alternating(4),
      notes: ["one note"],
      data: {},
    });
    expect(picture.svg).toContain('role="img"');
    expect(picture.svg).toContain("<title>the heap</title>");
    expect(picture.svg).toContain("one note");
    expect(picture.svg).toContain(">glibc 2.36</text>");
    expect(picture.text).toContain("in use 50.0 %");
    expect(picture.text).toContain("free, in a bin 50.0 %");
  });

  it("draws few chunks one by one and a million summed by the pixel, in bounded space", () => {
    expect(map(alternating(4)).match(/<rect/g)?.length).toBe(4 + 1 + 5);
    const large = map(alternating(1_000_000));
    expect(large.length).toBeLessThan(40_000);
    expect(large).toContain("summed by the pixel");
  });

  it("shows a share of half as half of the strip's height", () => {
    const large = map(alternating(100_000));
    expect(/v-11h/.test(large)).toBe(true);
  });

  it("has no ids, which could clash with another picture's", () => {
    expect(map(alternating(1000))).not.toMatch(/\sid=/);
  });

  it("refuses an empty heap, saying what to do", () => {
    expect(() => map([])).toThrow(UsageError);
  });
});
