import { describe, expect, it } from "vitest";
import { chunkStates } from "../../abi/heap-info.js";
import type { HeapInfo } from "../../abi/heap-info.js";
import { seededRandom } from "../../core/random.js";
import { HEAP_START, MAIN_ARENA, flatProcess } from "../flat-process.testing.js";
import type { FlatProcess } from "../flat-process.testing.js";
import { Ptmalloc } from "./allocator.js";

function newHeap(): { heap: Ptmalloc; process: FlatProcess } {
  const process = flatProcess();
  const heap = new Ptmalloc({ ...process, mainArena: MAIN_ARENA, random: seededRandom(7) });
  return { heap, process };
}

/** The chunks drawn in a line: `offset:size state`. */
function drawn(info: HeapInfo): string[] {
  return Array.from({ length: info.chunks.length }, (_, i) => {
    const offset = (info.chunks.address[i] ?? 0) - HEAP_START;
    const state = chunkStates[info.chunks.state[i] ?? 0] ?? "";
    return `${offset.toString(16)}:${(info.chunks.size[i] ?? 0).toString(16)} ${state}`;
  });
}

describe("a walk over the heap", () => {
  it("finds every chunk from the first to top, with its state", () => {
    const { heap } = newHeap();
    const a = heap.malloc(24);
    const b = heap.malloc(2000);
    heap.malloc(100);
    heap.free(a);
    heap.free(b);
    expect(drawn(heap.walk())).toEqual([
      "0:290 tcache struct",
      "290:20 tcache",
      "2b0:7e0 unsorted",
      "a90:70 in use",
      "b00:20500 top",
    ]);
  });

  it("names the lists and their chunks in the order in which malloc takes them", () => {
    const { heap } = newHeap();
    const chunks = Array.from({ length: 9 }, () => heap.malloc(40));
    heap.malloc(24);
    for (const chunk of chunks) heap.free(chunk);
    const lists = heap.walk().lists;
    expect(lists.map(({ kind, fromBytes, chunks: all }) => [kind, fromBytes, all.length])).toEqual([
      ["tcache", 0x30, 7],
      ["fastbin", 0x30, 2],
    ]);
    expect(lists[0]?.chunks[0]).toBe((chunks[6] ?? 0) - 16);
    expect(lists[1]?.chunks[0]).toBe((chunks[8] ?? 0) - 16);
  });

  it("keeps what sbrk() of others took out, between two stretches with fenceposts", () => {
    const { heap, process } = newHeap();
    heap.malloc(24);
    process.brk.sbrk(4096);
    heap.malloc(0x1f000);
    heap.malloc(0x1f000);
    const info = heap.walk();
    expect(info.regions.map(({ start }) => start - HEAP_START)).toEqual([0, 0x22000]);
    expect(drawn(info).filter((line) => line.endsWith("fencepost"))).toHaveLength(2);
    expect(info.corruption).toBeUndefined();
  });

  it("tells where a size field cannot be right, and ends there", () => {
    const { heap, process } = newHeap();
    const a = heap.malloc(24);
    heap.malloc(24);
    for (let i = 0; i < 32; i++) process.memory.store8(a + i, 0x41);
    const info = heap.walk();
    expect(info.corruption).toContain("size field");
    expect(drawn(info)).toEqual(["0:290 tcache struct", "290:20 in use"]);
  });

  it("tells of a list whose link was overwritten", () => {
    const { heap, process } = newHeap();
    const a = heap.malloc(24);
    const b = heap.malloc(24);
    heap.free(a);
    heap.free(b);
    process.memory.store8(b, 7);
    expect(heap.walk().lists[0]?.broken).toBe(true);
  });

  it("counts what was asked for where that was recorded", () => {
    const { heap } = newHeap();
    const requests = new Map([
      [heap.malloc(1), 1],
      [heap.malloc(100), 100],
    ]);
    expect(heap.walk(requests).requested).toEqual({ chunks: 2, bytes: 101, chunkBytes: 0x90 });
    expect(heap.walk().requested).toBeUndefined();
  });
});
