import { describe, expect, it } from "vitest";
import { display } from "../core/display.js";
import { GiB, PAGE_SIZE } from "../core/units.js";
import { addressSpace } from "./address-space.js";
import { pageCache } from "./page-cache.js";
import { pageWalk } from "./page-walk.js";
import type { Picture } from "./picture.js";
import { residencyMap } from "./residency-map.js";
import { sharedFrames } from "./shared-frames.js";
import { sizeWords } from "./words.js";

const START = 0x7f00_0000_0000;

const pictures: Record<string, Picture> = {
  "residency map": residencyMap({
    title: "three <pages>",
    start: START,
    runs: [
      { pages: 1, state: "anonymous" },
      { pages: 1, state: "anonymous" },
      { pages: 1, state: "untouched" },
    ],
  }),
  "large residency map": residencyMap({
    title: "a sparse array",
    start: START,
    runs: [
      { pages: 4_000_000, state: "untouched" },
      { pages: 1, state: "anonymous" },
      { pages: 4_388_607, state: "untouched" },
    ],
  }),
  "page walk": pageWalk({
    address: START + 0x123,
    steps: [
      { table: "pgd", index: 254, entry: "→ pud", outcome: "next table" },
      { table: "pud", index: 0, entry: "empty", outcome: "empty" },
    ],
    vma: "rw-p anonymous",
  }),
  "address space": addressSpace({
    title: "a.out",
    mappings: [
      { start: 0x1000, end: 0x2000, rights: "r-xp", name: "/a.out", rssKb: 4 },
      { start: 0x5000, end: 0x9000, rights: "rw-p", name: "" },
    ],
  }),
  "shared frames": sharedFrames({
    title: "after fork()",
    processes: [
      { name: "parent", pages: [{ address: START, pfn: 7, rights: "read only" }] },
      {
        name: "child",
        pages: [
          { address: START, pfn: 7, rights: "read only" },
          { address: START + PAGE_SIZE, rights: "read only" },
        ],
      },
    ],
  }),
  "page cache": pageCache({
    title: "a file",
    sizeBytes: 3 * PAGE_SIZE,
    pages: [
      { state: "clean", mapCount: 0 },
      { state: "clean", mapCount: 0 },
      { state: "dirty", mapCount: 2 },
    ],
  }),
};

describe.each(Object.entries(pictures))("the picture %s", (_name, picture) => {
  it("has a role, a name and its words inside", () => {
    expect(picture.svg).toMatch(/^<svg [^>]*role="img"/);
    expect(picture.svg).toContain("<title>");
    expect(picture.svg).toContain("<desc>");
  });
  it("is well-formed and has neither ids nor numbers that are none", () => {
    const open = picture.svg.match(/<[a-z]+(?= |>)/g) ?? [];
    const closed = picture.svg.match(/<\/[a-z]+>|\/>/g) ?? [];
    expect(open.length).toBe(closed.length);
    expect(picture.svg).not.toMatch(/ id="|NaN|undefined|Infinity/);
  });
  it("answers a notebook with text, SVG and data of the same facts", () => {
    const bundle = picture[display]();
    expect(Object.keys(bundle)).toEqual(["text/plain", "image/svg+xml", "application/json"]);
    expect(bundle["text/plain"]).toBe(String(picture));
    expect(JSON.stringify(bundle["application/json"])).not.toContain("null");
  });
});

describe("residencyMap()", () => {
  it("joins neighbouring runs of one state in its words", () => {
    expect(String(pictures["residency map"])).toBe(
      [
        "three <pages>: 3 pages, 12 KiB from 0x7f0000000000",
        "  pages 0 to 1            anonymous                 8 kB  a frame of its own",
        "  page 2                  untouched                 4 kB  promised, entry empty",
      ].join("\n"),
    );
  });
  it("shows a single touched page among eight million, in at most 2048 cells", () => {
    const svg = pictures["large residency map"]?.svg ?? "";
    expect(svg).toContain("--fig-a");
    expect((svg.match(/<rect/g) ?? []).length).toBeLessThanOrEqual(2048 + 2);
  });
  it("teaches where there is no page", () => {
    expect(() => residencyMap({ title: "nothing", start: 0, runs: [] })).toThrow(/at least one/);
  });
});

describe("sizeWords()", () => {
  it.each([
    [24, "24 bytes"],
    [4096, "4 KiB"],
    [132 * 1024, "132 KiB"],
    [1.5 * GiB, "1.5 GiB"],
    [32 * GiB, "32 GiB"],
    [1000, "1000 bytes"],
    [1000 * GiB + 4096, "about 1000 GiB"],
  ])("says %d as %s", (bytes, words) => {
    expect(sizeWords(bytes)).toBe(words);
  });
});
