import { describe, expect, it } from "vitest";
import { MADV_DONTNEED, PROT_NONE, PROT_READ, PROT_WRITE } from "../../abi/mman.js";
import { ProgramTerminated } from "../../abi/signal.js";
import { MiB, PAGE_SIZE } from "../../core/units.js";
import { boot } from "../../machine.js";
import type { Process } from "../../process.js";

function newProcess(): Process {
  return boot().spawn("a.out");
}

describe("the allocator's direct sight of the words behind its pages", () => {
  it("is of the same bytes as the program's loads and stores", () => {
    const c = newProcess();
    const a = c.malloc(24);
    const b = c.malloc(24);
    c.free(a);
    c.free(b);
    expect(c.load64(b)).toBe((BigInt(b) >> 12n) ^ BigInt(a));
    c.store64(b, (BigInt(b) >> 12n) ^ BigInt(a + 0x1000));
    expect(c.malloc(24)).toBe(b);
    expect(c.malloc(24)).toBe(a + 0x1000);
  });

  it("ends with a fork: parent and child have heaps of their own", () => {
    const c = newProcess();
    const a = c.malloc(100);
    c.store(a, 1);
    const child = c.fork();
    const mine = c.malloc(200);
    const its = child.malloc(200);
    expect(its).toBe(mine);
    c.store(mine, 2);
    child.store(its, 3);
    c.free(a);
    child.store(a, 4);
    expect(c.load(mine)).toBe(2);
    expect(child.load(its)).toBe(3);
    expect(child.load(a)).toBe(4);
    expect(child.malloc(100)).not.toBe(a);
    expect(c.malloc(100)).toBe(a);
  });

  it("ends where rights are taken: malloc then faults as the program would", () => {
    const c = newProcess();
    const a = c.malloc(24);
    const page = a - (a % PAGE_SIZE);
    c.mprotect(page, PAGE_SIZE, PROT_NONE);
    expect(() => c.free(a)).toThrow(ProgramTerminated);
    c.mprotect(page, PAGE_SIZE, PROT_READ | PROT_WRITE);
    c.free(a);
    expect(c.malloc(24)).toBe(a);
  });

  it("ends where the contents are dropped: a zeroed heap is noticed", () => {
    const c = newProcess();
    const a = c.malloc(24);
    c.malloc(24);
    const page = a - (a % PAGE_SIZE);
    c.madvise(page, PAGE_SIZE, MADV_DONTNEED);
    expect(c.load64(a - 8)).toBe(0n);
    expect(() => c.free(a)).toThrow("free(): invalid pointer");
  });

  it("reaches below the first break, where a program has moved it down before top is made", () => {
    const c = newProcess();
    c.sbrk(1 * MiB);
    c.mallopt(1, 64);
    c.sbrk(-1 * MiB);
    const blocks = Array.from({ length: 100 }, () => c.malloc(1000));
    for (const block of blocks) c.free(block);
    expect(c.heap().info.corruption).toBeUndefined();
  });

  it("lasts while the machine's memory grows", () => {
    const c = newProcess();
    const first = c.malloc(1000);
    c.memset(first, 7, 1000);
    for (let i = 0; i < 64; i++) c.memset(c.malloc(100_000), i, 100_000);
    const moved = c.realloc(first, 2 * MiB);
    expect(c.load(moved + 999)).toBe(7);
    const cleared = c.calloc(10, 10_000);
    expect(c.load(cleared)).toBe(0);
    expect(c.load(cleared + 99_999)).toBe(0);
  });
});
