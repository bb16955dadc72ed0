import { fileModel } from "annotated-excerpt/page";
import { parseSource } from "annotated-excerpt";
import { expect, test } from "vitest";
import { listingData, listingDataPath } from "./listing-data.js";
import type { Block, ListingBlock } from "./model.js";

const text = "// #region one\nint a; //! A note.\n// #endregion\n";
const files = { "demo.c": await fileModel(parseSource({ file: "demo.c", text })) };
const listing = (id: string, again: ListingBlock["again"]): ListingBlock => ({
  kind: "listing",
  id,
  file: "demo.c",
  region: "one",
  again,
  downloads: [],
});

test("a page without excerpts has no data", () => {
  const blocks: Block[] = [
    { kind: "prose", html: "<p>Words</p>" },
    { kind: "cell", id: "hidden", number: 1, code: null, outputs: [] },
  ];
  expect(listingData({ blocks, files: {} })).toBeNull();
});

test("each excerpt has its file and what its id is made of: listings, cells, and listings beside a cell", () => {
  const code = { file: "cell.ts", downloads: [], beside: listing("beside", "first") };
  const blocks: Block[] = [
    listing("first", "first"),
    listing("second", "again"),
    { kind: "cell", id: "cell", number: 1, code, outputs: [] },
  ];
  expect(listingData({ blocks, files })).toEqual({
    files,
    excerpts: {
      first: { file: "demo.c", region: "one" },
      second: { file: "demo.c", region: "one", id: "second" },
      cell: { file: "cell.ts" },
      beside: { file: "demo.c", region: "one" },
    },
  });
});

test("another text has another path", () => {
  const path = listingDataPath("course/03-the-stack", "{}");
  expect(path).toMatch(/^listing-data\/course-03-the-stack\.[0-9a-f]{8}\.json$/);
  expect(listingDataPath("course/03-the-stack", "{ }")).not.toBe(path);
});
