import { expect, test } from "vitest";
import { MiB } from "../core/units.js";
import { PhysicalMemory } from "./physical-memory.js";

test("a frame with one byte in it takes no slot of 4096 bytes; a second byte gives it one", () => {
  const memory = new PhysicalMemory(64 * MiB);
  const { contents } = memory;
  const pfn = memory.allocate();
  expect(contents.load(pfn, 100)).toBe(0);
  contents.store(pfn, 100, 7);
  expect(contents.slotsInUse).toBe(0);
  expect([contents.load(pfn, 100), contents.load(pfn, 101)]).toEqual([7, 0]);
  contents.store(pfn, 101, 8);
  expect(contents.slotsInUse).toBe(1);
  expect([contents.load(pfn, 100), contents.load(pfn, 101)]).toEqual([7, 8]);
});

test("a frame that is given back is zeros for the next", () => {
  const memory = new PhysicalMemory(64 * MiB);
  const pfn = memory.allocate();
  memory.contents.write(pfn, 0, new Uint8Array([1, 2, 3]));
  memory.free(pfn);
  const again = memory.allocate();
  expect(again).toBe(pfn);
  expect([...memory.contents.read(again, 0, 3)]).toEqual([0, 0, 0]);
  expect(memory.contents.slotsInUse).toBe(0);
});

test("a copy keeps what it holds when the other changes", () => {
  const memory = new PhysicalMemory(64 * MiB);
  const one = memory.allocate();
  const two = memory.allocate();
  memory.contents.write(one, 0, new Uint8Array([1, 2]));
  memory.contents.copy(one, two);
  memory.contents.store(one, 0, 9);
  expect(memory.contents.load(two, 0)).toBe(1);
});

test("there are as many frames as RAM has, and then none", () => {
  const memory = new PhysicalMemory(4 * MiB);
  for (let i = 0; i < 1024; i++) expect(memory.allocate()).toBeGreaterThan(0);
  expect(memory.allocate()).toBe(-1);
  expect(memory.freeFrames).toBe(0);
});

test("bytes that are set apart are zeros of nobody else, also after they were given back", () => {
  const { contents } = new PhysicalMemory(64 * MiB);
  const at = contents.reserve(10_000);
  contents.bytes.fill(7, at, at + 10_000);
  expect(contents.slotsInUse).toBe(0);
  contents.release(at, 10_000);
  const memory = new PhysicalMemory(64 * MiB);
  expect(memory.contents.reserve(20 * MiB)).toBeGreaterThan(0);
  expect(memory.contents.bytes.length).toBeGreaterThan(20 * MiB);
  expect(contents.bytes.subarray(at, at + 10_000).every((byte) => byte === 0)).toBe(true);
});
