/** Which touch costs what; the figures are those of Linux 6.18 (see tests/conformance for thousands more). */
import { describe, expect, test } from "vitest";
import { O_CREAT, O_RDWR, POSIX_FADV_DONTNEED } from "../../abi/fcntl.js";
import {
  MADV_DONTNEED,
  MADV_HUGEPAGE,
  MADV_WILLNEED,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
} from "../../abi/mman.js";
import { ProgramTerminated } from "../../abi/signal.js";
import { MiB, PAGE_SIZE } from "../../core/units.js";
import type { Process } from "../../process.js";
import { bench } from "../address-space.testing.js";

const P = PAGE_SIZE;
const RW = 3;
const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

function faults(c: Process, work: () => void): string {
  const before = c.getrusage();
  work();
  const after = c.getrusage();
  return `${after.ru_minflt - before.ru_minflt}+${after.ru_majflt - before.ru_majflt}`;
}

function signalOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ProgramTerminated) return `${error.info.signal}/${error.info.code}`;
    throw error;
  }
  return "none";
}

describe("anonymous memory", () => {
  test("read first maps the zero page: a fault, no Rss; written later, a second fault and a frame", () => {
    const { c, at } = bench();
    c.mmap(at, 4 * P, RW, PRIVATE, -1, 0);
    expect(faults(c, () => c.load(at))).toBe("1+0");
    expect(c.smaps(at).fields.Rss).toBe(0);
    const resident = new Uint8Array(4);
    c.mincore(at, 4 * P, resident);
    expect([...resident]).toEqual([1, 0, 0, 0]);
    expect(faults(c, () => c.store(at, 1))).toBe("1+0");
    expect(c.smaps(at).fields.Rss).toBe(4);
  });

  test("reads zeros again after MADV_DONTNEED", () => {
    const { c, at } = bench();
    c.mmap(at, P, RW, PRIVATE, -1, 0);
    c.store(at, 9);
    c.madvise(at, P, MADV_DONTNEED);
    expect(c.load(at)).toBe(0);
  });

  test("is copied after fork() by the first that writes, and taken over by the last", () => {
    const { c, at, machine } = bench();
    c.mmap(at, P, RW, PRIVATE, -1, 0);
    c.store(at, 1);
    const child = c.fork();
    expect([c.smaps(at).fields.Rss, c.smaps(at).fields.Pss]).toEqual([4, 2]);
    const shared = c.pagemap(at).pfn;
    expect(faults(child, () => child.store(at, 2))).toBe("1+0");
    expect(child.pagemap(at).pfn).not.toBe(shared);
    expect(faults(c, () => c.store(at, 3))).toBe("1+0");
    expect(c.pagemap(at).pfn).toBe(shared);
    expect([c.load(at), child.load(at)]).toEqual([3, 2]);
    machine.checkInvariants();
    child._exit(0);
    expect(c.wait()).toBe(child.pid);
    machine.checkInvariants();
  });

  test("with MADV_HUGEPAGE comes 2 MiB at once; unmapping 4 KiB of it splits the mapping, not the Rss", () => {
    const { c, at } = bench();
    c.mmap(at, 2 * MiB, RW, PRIVATE, -1, 0);
    c.madvise(at, 2 * MiB, MADV_HUGEPAGE);
    expect(faults(c, () => c.touch(at, 2 * MiB))).toBe("1+0");
    expect(c.smaps(at).fields.AnonHugePages).toBe(2048);
    c.munmap(at, P);
    expect(c.smaps(at + P).fields.Rss).toBe(2044);
    expect(c.smaps(at + P).fields.AnonHugePages).toBe(0);
  });
});

describe("a fault that cannot be served", () => {
  test("is SIGSEGV/MAPERR where nothing is mapped, ACCERR where the right is missing", () => {
    const { c, at } = bench();
    expect(signalOf(() => c.load(at))).toBe("SIGSEGV/MAPERR");
    c.mmap(at, P, 1, PRIVATE, -1, 0);
    expect(signalOf(() => c.store(at, 1))).toBe("SIGSEGV/ACCERR");
  });

  test("is SIGBUS/ADRERR past the last page of a file; the rest of that page is zeros", () => {
    const { c, at } = bench();
    const fd = c.open("/tmp/f", O_RDWR | O_CREAT);
    c.ftruncate(fd, 100);
    c.mmap(at, 2 * P, RW, MAP_SHARED | MAP_FIXED, fd, 0);
    expect(c.load(at + 100)).toBe(0);
    expect(signalOf(() => c.load(at + P))).toBe("SIGBUS/ADRERR");
  });
});

describe("a file", () => {
  test("is read once by a major fault, which maps the 16 pages around it", () => {
    const { c, at } = bench();
    const fd = c.open("/tmp/f", O_RDWR | O_CREAT);
    c.ftruncate(fd, 64 * P);
    c.mmap(at, 64 * P, 1, MAP_SHARED | MAP_FIXED, fd, 0);
    expect(faults(c, () => c.load(at + 20 * P))).toBe("0+1");
    expect(c.smaps(at).fields.Rss).toBe(64);
    expect(faults(c, () => c.load(at + 40 * P))).toBe("1+0");
    expect(c.smaps(at).fields.Rss).toBe(128);
  });

  test("shows a store through a shared map to read() at once, one through a private map never", () => {
    const { c, at } = bench();
    const fd = c.open("/tmp/f", O_RDWR | O_CREAT);
    c.ftruncate(fd, P);
    c.mmap(at, P, RW, MAP_SHARED | MAP_FIXED, fd, 0);
    c.mmap(at + P, P, RW, MAP_PRIVATE | MAP_FIXED, fd, 0);
    c.store(at, 5);
    c.store(at + P + 1, 6);
    const bytes = new Uint8Array(2);
    c.pread(fd, bytes, 2, 0);
    expect([...bytes]).toEqual([5, 0]);
  });

  test("loses the pages past a new end from every map, private copies included", () => {
    const { c, at, machine } = bench();
    const fd = c.open("/tmp/f", O_RDWR | O_CREAT);
    c.ftruncate(fd, 4 * P);
    c.mmap(at, 4 * P, RW, MAP_PRIVATE | MAP_FIXED, fd, 0);
    c.touch(at, 4 * P, "write");
    expect(c.smaps(at).fields.Rss).toBe(16);
    c.ftruncate(fd, P);
    expect(c.smaps(at).fields.Rss).toBe(4);
    machine.checkInvariants();
  });

  test("that MADV_WILLNEED has the disk read is in the cache later, and whoever looks long enough sees it", () => {
    const { c, at } = bench();
    const fd = c.open("/tmp/f", O_RDWR | O_CREAT);
    c.write(fd, "x".repeat(4 * P), 4 * P);
    c.fsync(fd);
    c.posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    c.mmap(at, 4 * P, RW, MAP_SHARED | MAP_FIXED, fd, 0);
    c.madvise(at, 4 * P, MADV_WILLNEED);
    const resident = new Uint8Array(4);
    c.mincore(at, 4 * P, resident);
    expect([...resident]).toEqual([0, 0, 0, 0]);
    while (resident.includes(0)) c.mincore(at, 4 * P, resident);
    expect(faults(c, () => c.touch(at, 4 * P, "read"))).toBe("1+0");
  });

  test("that is dropped while it is dirty stays in the cache: the disk is slower than the call", () => {
    const { c, at } = bench();
    const fd = c.open("/tmp/f", O_RDWR | O_CREAT);
    for (let page = 0; page < 4; page++) c.write(fd, "x".repeat(P), P);
    c.mmap(at, 4 * P, RW, MAP_SHARED | MAP_FIXED, fd, 0);
    const resident = new Uint8Array(4);
    c.posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    c.mincore(at, 4 * P, resident);
    expect([...resident]).toEqual([1, 1, 1, 1]);
    c.posix_fadvise(fd, 0, 3 * P + 1, POSIX_FADV_DONTNEED);
    c.mincore(at, 4 * P, resident);
    expect([...resident]).toEqual([0, 0, 0, 1]);
  });
});
