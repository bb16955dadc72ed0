import { describe, expect, it } from "vitest";
import { locality } from "./locality.js";
import { PlainMemory } from "./memory.testing.js";
import { Pool } from "./pool.js";
import { SlabCache } from "./slab.js";
import type { SlabOptions } from "./slab.js";

function cacheOf(
  itemBytes: number,
  options: SlabOptions = {},
): { cache: SlabCache; freed: number[] } {
  const memory = new PlainMemory();
  memory.map(0x10_0000, 0x100_0000);
  const freed: number[] = [];
  let next = 0x10_0000;
  const source = {
    allocate: (bytes: number): number => {
      next = Math.ceil(next / bytes) * bytes;
      next += bytes;
      return next - bytes;
    },
    free: (slab: number): void => void freed.push(slab),
  };
  return { cache: new SlabCache(memory, source, itemBytes, options), freed };
}

describe("a slab", () => {
  it("holds as many items as fit beside its header of 24 bytes", () => {
    const { cache } = cacheOf(48);
    expect(cache.itemsPerSlab).toBe(Math.floor((4096 - 24) / 48));
    const items = Array.from({ length: cache.itemsPerSlab }, () => cache.alloc() - 0x10_0000);
    expect(items).toEqual(items.map((_, i) => 24 + i * 48));
    expect(cache.alloc()).toBe(0x10_1000 + 24);
  });

  it("gives the item freed last first, and finds a slab by rounding down", () => {
    const { cache } = cacheOf(48);
    const [a, b, c] = [cache.alloc(), cache.alloc(), cache.alloc()];
    cache.free(a);
    cache.free(c);
    cache.free(b);
    expect([cache.alloc(), cache.alloc(), cache.alloc()]).toEqual([b, c, a]);
    expect(cache.slabOf(c)).toBe(0x10_0000);
  });

  it("shifts the items of each further slab by a cache line with colouring", () => {
    const { cache } = cacheOf(500, { colouring: "lines" });
    // 8 items of 504 bytes leave 40 bytes: one colour. 7 leave more.
    expect(cache.itemsPerSlab).toBe(8);
    const { cache: wide } = cacheOf(560, { colouring: "lines" });
    const starts = Array.from({ length: 28 }, () => wide.alloc()).filter((_, i) => i % 7 === 0);
    expect(starts.map((start) => (start % 4096) - 24)).toEqual([0, 64, 128, 0]);
  });

  it("goes back when none of its items is used", () => {
    const { cache, freed } = cacheOf(1000);
    const items = Array.from({ length: 8 }, () => cache.alloc());
    for (const item of items.slice(0, 4)) cache.free(item);
    expect(cache.shrink()).toBe(1);
    expect(freed).toEqual([0x10_0000]);
    expect(cache.info().slabs.length).toBe(1);
  });

  it("refuses sizes that rounding down could not serve", () => {
    expect(() => cacheOf(16, { slabBytes: 5000 })).toThrow(/power of two/);
    expect(() => cacheOf(5000)).toThrow(/fit in a slab/);
  });
});

describe("a pool", () => {
  it("cuts chunks from front to back and frees them at once", () => {
    const memory = new PlainMemory();
    memory.map(0x10_0000, 0x20_0000);
    let next = 0x10_0000;
    const freed: number[] = [];
    const source = {
      allocate: (bytes: number): number => (next += bytes) - bytes,
      free: (chunk: number): void => void freed.push(chunk),
    };
    const pool = new Pool(memory, source, 1024);
    expect([pool.alloc(1), pool.alloc(17), pool.alloc(500)].map((p) => p - 0x10_0000)).toEqual([
      16, 32, 64,
    ]);
    expect(pool.alloc(600) - 0x10_0400).toBe(16);
    expect(pool.alloc(5000) - 0x10_0800).toBe(16);
    expect(pool.chunks().map((chunk) => chunk.sizeBytes)).toEqual([5024, 1024, 1024]);
    expect(pool.freeAll()).toBe(3);
    expect(freed.length).toBe(3);
  });
});

describe("locality()", () => {
  it("counts pages, lines and the misses of a small TLB", () => {
    const everyPage = Array.from({ length: 128 }, (_, i) => i * 4096);
    expect(locality(everyPage, 8)).toMatchObject({ pages: 128, cacheLines: 128, tlbMisses: 128 });
    expect(locality([...everyPage, ...everyPage], 8).tlbMisses).toBe(256);
    expect(locality([...everyPage, ...everyPage], 8, 128).tlbMisses).toBe(128);
    expect(locality([4090], 16)).toMatchObject({ pages: 2, cacheLines: 2 });
  });
});
