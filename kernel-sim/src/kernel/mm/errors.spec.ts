/** Every error with the value that Linux 6.18 gives; learned from a C program that makes the same calls. */
import { describe, expect, test } from "vitest";
import { errnoName } from "../../abi/errno.js";
import { O_CREAT, O_RDONLY, O_RDWR, O_WRONLY } from "../../abi/fcntl.js";
import * as m from "../../abi/mman.js";
import { UsageError } from "../../core/errors.js";
import { MiB, PAGE_SIZE } from "../../core/units.js";
import type { Process } from "../../process.js";
import { bench } from "../address-space.testing.js";

const P = PAGE_SIZE;
const RW = 3;
const PRIVATE = m.MAP_PRIVATE | m.MAP_ANONYMOUS;

function answer(c: Process, result: number): string {
  return result === -1 ? errnoName(c.errno) : "ok";
}

describe("mmap()", () => {
  const { c, at } = bench();
  const read = c.open("/tmp/r", O_RDONLY | O_CREAT);
  const write = c.open("/tmp/w", O_WRONLY | O_CREAT);
  const both = c.open("/tmp/b", O_RDWR | O_CREAT);
  const S = m.MAP_SHARED;
  c.mmap(at, P, RW, PRIVATE | m.MAP_FIXED, -1, 0);
  test.each([
    ["a length of 0", 0, 0, RW, PRIVATE, -1, 0, "EINVAL"],
    ["an offset inside a page", 0, P, RW, S, both, 1, "EINVAL"],
    ["neither shared nor private", 0, P, RW, m.MAP_ANONYMOUS, -1, 0, "EINVAL"],
    ["a fixed address inside a page", at + 1, P, RW, PRIVATE | m.MAP_FIXED, -1, 0, "EINVAL"],
    ["more than the address space", 0, 2 ** 47, RW, PRIVATE, -1, 0, "ENOMEM"],
    ["a length that wraps", 0, -1, RW, PRIVATE, -1, 0, "ENOMEM"],
    ["no such descriptor", 0, P, RW, m.MAP_PRIVATE, 99, 0, "EBADF"],
    ["shared and writable, opened for reading", 0, P, RW, S, read, 0, "EACCES"],
    ["opened for writing alone", 0, P, 1, m.MAP_PRIVATE, write, 0, "EACCES"],
    [
      "MAP_FIXED_NOREPLACE over a mapping",
      at,
      P,
      RW,
      PRIVATE | m.MAP_FIXED_NOREPLACE,
      -1,
      0,
      "EEXIST",
    ],
    ["an offset no file can have", 0, P, RW, S, both, 0x7fff_ffff_ffff_f000, "EOVERFLOW"],
    [
      "MAP_SYNC on a file that cannot",
      0,
      P,
      RW,
      m.MAP_SHARED_VALIDATE | m.MAP_SYNC,
      both,
      0,
      "EOPNOTSUPP",
    ],
    ["MAP_GROWSDOWN of a file", 0, P, RW, S | m.MAP_GROWSDOWN, both, 0, "EINVAL"],
    ["MAP_HUGETLB with an empty pool", 0, 2 * MiB, RW, PRIVATE | m.MAP_HUGETLB, -1, 0, "ENOMEM"],
  ] as const)("%s", (_what, address, length, prot, flags, fd, offset, expected) => {
    expect(answer(c, c.mmap(address, length, prot, flags, fd, offset))).toBe(expected);
  });

  test("refuses more than RAM and swap in one call, but not twenty times nine tenths of it", () => {
    const { c: each } = bench({ ramBytes: 1024 * MiB });
    expect(answer(each, each.mmap(0, 1100 * MiB, RW, PRIVATE, -1, 0))).toBe("ENOMEM");
    for (let i = 0; i < 20; i++) {
      expect(answer(each, each.mmap(0, 900 * MiB, RW, PRIVATE, -1, 0))).toBe("ok");
    }
  });

  test("throws where an argument is missing", () => {
    expect(() => c.mmap(0, undefined as unknown as number, RW, PRIVATE, -1, 0)).toThrow(UsageError);
  });
});

describe("the other calls", () => {
  const { c, at } = bench();
  c.mmap(at, 4 * P, RW, PRIVATE | m.MAP_FIXED, -1, 0);
  c.mmap(at + 8 * P, 4 * P, RW, m.MAP_SHARED | m.MAP_ANONYMOUS | m.MAP_FIXED, -1, 0);
  const read = c.open("/tmp/r", O_RDONLY | O_CREAT);
  c.mmap(at + 16 * P, P, 1, m.MAP_SHARED | m.MAP_FIXED, read, 0);
  test.each([
    ["munmap of nothing", () => c.munmap(at + 64 * P, P), "ok"],
    ["munmap of length 0", () => c.munmap(at, 0), "EINVAL"],
    ["munmap inside a page", () => c.munmap(at + 1, P), "EINVAL"],
    ["mprotect of nothing", () => c.mprotect(at + 64 * P, P, 1), "ENOMEM"],
    ["mprotect inside a page", () => c.mprotect(at + 1, P, 1), "EINVAL"],
    ["mprotect with unknown rights", () => c.mprotect(at, P, 0x1000), "EINVAL"],
    ["mprotect to write a file opened for reading", () => c.mprotect(at + 16 * P, P, RW), "EACCES"],
    ["madvise over a gap", () => c.madvise(at, 12 * P, m.MADV_DONTNEED), "ENOMEM"],
    ["madvise with unknown advice", () => c.madvise(at, P, 999), "EINVAL"],
    ["MADV_FREE of shared memory", () => c.madvise(at + 8 * P, P, m.MADV_FREE), "EINVAL"],
    ["MADV_REMOVE of private memory", () => c.madvise(at, P, m.MADV_REMOVE), "EINVAL"],
    [
      "MADV_WIPEONFORK of shared memory",
      () => c.madvise(at + 8 * P, P, m.MADV_WIPEONFORK),
      "EINVAL",
    ],
    ["mlock of nothing", () => c.mlock(at + 64 * P, P), "ENOMEM"],
    ["mlock2 with unknown flags", () => c.mlock2(at, P, 2), "EINVAL"],
    ["mlockall without flags", () => c.mlockall(0), "EINVAL"],
    ["msync both ways at once", () => c.msync(at, P, m.MS_SYNC | m.MS_ASYNC), "EINVAL"],
    ["msync of nothing", () => c.msync(at + 64 * P, P, m.MS_SYNC), "ENOMEM"],
    ["mincore of nothing", () => c.mincore(at + 64 * P, P, new Uint8Array(1)), "ENOMEM"],
    ["mincore inside a page", () => c.mincore(at + 1, P, new Uint8Array(1)), "EINVAL"],
    ["mremap of nothing", () => c.mremap(at + 64 * P, P, 2 * P, m.MREMAP_MAYMOVE), "EFAULT"],
    ["mremap to length 0", () => c.mremap(at, P, 0, 0), "EINVAL"],
    ["mremap that cannot grow in place", () => c.mremap(at, P, 2 * P, 0), "ENOMEM"],
    [
      "mremap fixed without maymove",
      () => c.mremap(at, P, P, m.MREMAP_FIXED, at + 32 * P),
      "EINVAL",
    ],
    ["mremap onto itself", () => c.mremap(at, 2 * P, 2 * P, 3, at + P), "EINVAL"],
    ["ftruncate of a file opened for reading", () => c.ftruncate(read, 0), "EINVAL"],
    ["open of the running program for writing", () => c.open("a.out", O_RDWR), "ETXTBSY"],
    ["open of a file that is not there", () => c.open("/tmp/none", O_RDONLY), "ENOENT"],
  ] as const)("%s", (_what, call, expected) => {
    expect(answer(c, call())).toBe(expected);
  });
});

describe("limits", () => {
  test("an unprivileged process locks no more than RLIMIT_MEMLOCK", () => {
    const { machine } = bench();
    const c = machine.spawn("a.out", { user: "unprivileged" });
    const p = c.mmap(0, 16 * MiB, RW, PRIVATE, -1, 0);
    expect(answer(c, c.mlock(p, 8 * MiB))).toBe("ok");
    expect(answer(c, c.mlock(p + 8 * MiB, P))).toBe("ENOMEM");
    expect(answer(c, c.mmap(0, P, RW, PRIVATE | m.MAP_LOCKED, -1, 0))).toBe("EAGAIN");
  });

  test("no process has more vmas than max_map_count allows", () => {
    const { c, at } = bench({ maxMapCount: 30 });
    c.mmap(at, 64 * P, RW, PRIVATE | m.MAP_FIXED, -1, 0);
    let splits = 0;
    while (c.mprotect(at + (2 * splits + 1) * P, P, 1) === 0) splits++;
    expect(errnoName(c.errno)).toBe("ENOMEM");
    expect(c.maps().entries.length).toBe(30);
  });
});
