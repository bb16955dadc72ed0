/** How vmas split and merge; each expectation was seen on Linux 6.18 with a C program that prints /proc/self/maps. */
import { describe, expect, test } from "vitest";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  MADV_DONTFORK,
  MADV_NORMAL,
  MADV_RANDOM,
} from "../../abi/mman.js";
import { PAGE_SIZE } from "../../core/units.js";
import { bench, draw } from "../address-space.testing.js";

const P = PAGE_SIZE;
const RW = 3;
const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;

describe("a vma", () => {
  test("is split by munmap() when the hole is inside", () => {
    const { c, at, machine } = bench();
    c.mmap(at, 6 * P, RW, PRIVATE | MAP_FIXED, -1, 0);
    expect(draw(c, at, 7)).toBe("wwwwww.");
    c.munmap(at + 2 * P, 2 * P);
    expect(draw(c, at, 7)).toBe("ww..ww.");
    machine.checkInvariants();
  });

  test("is one again when the hole is mapped with the same rights", () => {
    const { c, at } = bench();
    c.mmap(at, 6 * P, RW, PRIVATE | MAP_FIXED, -1, 0);
    c.munmap(at + 2 * P, 2 * P);
    c.mmap(at + 2 * P, 2 * P, RW, PRIVATE | MAP_FIXED, -1, 0);
    expect(draw(c, at, 7)).toBe("wwwwww.");
  });

  test("is cut by mprotect() and merges when the rights come back", () => {
    const { c, at } = bench();
    c.mmap(at, 6 * P, RW, PRIVATE | MAP_FIXED, -1, 0);
    c.mprotect(at + 2 * P, 2 * P, 1);
    expect(draw(c, at, 6)).toBe("ww|rr|ww");
    c.mprotect(at + 2 * P, 2 * P, RW);
    expect(draw(c, at, 6)).toBe("wwwwww");
  });

  test("that became writable first stays apart, since it is accounted", () => {
    const { c, at } = bench();
    c.mmap(at, 4 * P, 1, PRIVATE | MAP_FIXED, -1, 0);
    c.mprotect(at, 2 * P, RW);
    c.store(at, 1);
    c.mprotect(at, 2 * P, 1);
    expect(draw(c, at, 4)).toBe("rr|rr");
  });

  test("takes advice as a flag, and merges when it is taken back", () => {
    const { c, at } = bench();
    c.mmap(at, 4 * P, RW, PRIVATE | MAP_FIXED, -1, 0);
    c.madvise(at + P, P, MADV_RANDOM);
    expect(draw(c, at, 4)).toBe("w|w|ww");
    expect(c.smaps(at + P).vmFlags).toContain("rr");
    c.madvise(at + P, P, MADV_NORMAL);
    expect(draw(c, at, 4)).toBe("wwww");
  });

  test("of a child that was faulted in before fork() does not take a new neighbour in", () => {
    const { c, at } = bench();
    c.mmap(at, 2 * P, RW, PRIVATE | MAP_FIXED, -1, 0);
    c.store(at, 1);
    const child = c.fork();
    child.mmap(at + 2 * P, 2 * P, RW, PRIVATE | MAP_FIXED, -1, 0);
    expect(draw(child, at, 4)).toBe("ww|ww");
    c.mmap(at + 2 * P, 2 * P, RW, PRIVATE | MAP_FIXED, -1, 0);
    expect(draw(c, at, 4)).toBe("wwww");
  });

  test("with MADV_DONTFORK is missing in the child", () => {
    const { c, at, machine } = bench();
    c.mmap(at, 4 * P, RW, PRIVATE | MAP_FIXED, -1, 0);
    c.madvise(at + P, P, MADV_DONTFORK);
    const child = c.fork();
    expect(draw(child, at, 4)).toBe("w.ww");
    machine.checkInvariants();
  });

  test("moves with its frames: the content is at the new address, the old one is gone", () => {
    const { c, at, machine } = bench();
    c.mmap(at, 2 * P, RW, PRIVATE | MAP_FIXED, -1, 0);
    c.store(at + P, 7);
    const frame = c.pagemap(at + P).pfn;
    const moved = c.mremap(at, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_FIXED, at + 8 * P);
    expect(moved).toBe(at + 8 * P);
    expect(draw(c, at, 10)).toBe("........ww");
    expect(c.load(moved + P)).toBe(7);
    expect(c.pagemap(moved + P).pfn).toBe(frame);
    machine.checkInvariants();
  });
});
