import { describe, expect, it } from "vitest";
import { chunkStates } from "../abi/heap-info.js";
import type { ChunkState, HeapInfo } from "../abi/heap-info.js";
import { chunkRuns, formatHeap } from "./heap.js";
import { heapFigures } from "./heap-figures.js";

/** A heap from `[size, state]` pairs, one after the other from 0x1000. */
function heapOf(
  chunks: readonly (readonly [number, ChunkState])[],
  extra: Partial<HeapInfo> = {},
): HeapInfo {
  let address = 0x1000;
  const addresses = chunks.map(([size]) => {
    address += size;
    return address - size;
  });
  return {
    glibc: "2.36",
    regions: [{ start: 0x1000, end: address }],
    chunks: {
      length: chunks.length,
      address: Float64Array.from(addresses),
      size: Float64Array.from(chunks, ([size]) => size),
      state: Uint8Array.from(chunks, ([, state]) => chunkStates.indexOf(state)),
      bin: new Uint8Array(chunks.length),
    },
    lists: [],
    top: 0,
    lastRemainder: 0,
    systemBytes: address - 0x1000,
    mappedBytes: 0,
    mmapThresholdBytes: 131072,
    trimThresholdBytes: 131072,
    requested: undefined,
    corruption: undefined,
    ...extra,
  };
}

describe("heapFigures()", () => {
  it("external fragmentation is 1 - largest free / free", () => {
    const figures = heapFigures(
      heapOf([
        [100, "large bin"],
        [50, "in use"],
        [300, "top"],
      ]),
    );
    expect(figures.free).toEqual({ chunks: 2, bytes: 400 });
    expect(figures.externalFragmentation).toBe(0.25);
    expect(figures.pinnedBytes).toBe(100);
  });

  it("is 0 where nothing is free, and where all that is free is one chunk", () => {
    expect(heapFigures(heapOf([[64, "in use"]])).externalFragmentation).toBe(0);
    expect(heapFigures(heapOf([[64, "top"]])).externalFragmentation).toBe(0);
  });

  it("internal fragmentation is 1 - requested / chunks' bytes, of the requests that are known", () => {
    const requested = { chunks: 2, bytes: 24, chunkBytes: 96 };
    expect(heapFigures(heapOf([], { requested })).internalFragmentation).toBe(0.75);
    expect(heapFigures(heapOf([])).internalFragmentation).toBeUndefined();
  });
});

describe("formatHeap()", () => {
  const many = heapOf([
    ...Array.from({ length: 1000 }, () => [0x20, "in use"] as const),
    [0x40, "unsorted"],
    [0x20, "in use"],
  ]);

  it("puts equal neighbours in one line", () => {
    expect(chunkRuns(many).map(({ size, count }) => [size, count])).toEqual([
      [0x20, 1000],
      [0x40, 1],
      [0x20, 1],
    ]);
    expect(formatHeap(many)).toContain("in use             × 1,000");
  });

  it("counts what it does not show", () => {
    expect(formatHeap(many, { maxLines: 1 })).toContain("… 2 more chunks");
  });
});
