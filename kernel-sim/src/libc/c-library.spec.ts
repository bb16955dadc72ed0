import { describe, expect, it } from "vitest";
import { Errno } from "../abi/errno.js";
import { PROT_READ, PROT_WRITE, MAP_ANONYMOUS, MAP_FAILED, MAP_PRIVATE } from "../abi/mman.js";
import { HEAP_START, flatProcess } from "./flat-process.testing.js";
import { newErrno, syscallReturn } from "./errno.js";
import { memoryCalls } from "./mman.js";
import { stringCalls } from "./string.js";

describe("errno", () => {
  it("is set where the kernel answers -errno, and left alone otherwise", () => {
    const errno = newErrno();
    expect(syscallReturn(errno, 5)).toBe(5);
    expect(errno.value).toBe(0);
    expect(syscallReturn(errno, -Errno.EINVAL)).toBe(-1);
    expect(errno.value).toBe(Errno.EINVAL);
  });

  it("comes with MAP_FAILED", () => {
    const process = flatProcess({ mapLimitBytes: 4096 });
    const { mmap } = memoryCalls(process.syscalls, process.errno);
    const rw = PROT_READ | PROT_WRITE;
    expect(mmap(0, 8192, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)).toBe(MAP_FAILED);
    expect(process.errno.value).toBe(Errno.ENOMEM);
  });
});

describe("sbrk()", () => {
  it("returns the break as it was", () => {
    const { brk } = flatProcess();
    expect(brk.sbrk(0)).toBe(HEAP_START);
    expect(brk.sbrk(4096)).toBe(HEAP_START);
    expect(brk.sbrk(-4096)).toBe(HEAP_START + 4096);
    expect(brk.sbrk(0)).toBe(HEAP_START);
  });

  it("answers -1 and ENOMEM where the kernel refuses, and the break stays", () => {
    const process = flatProcess({ brkLimit: HEAP_START + 4096 });
    expect(process.brk.sbrk(8192)).toBe(-1);
    expect(process.errno.value).toBe(Errno.ENOMEM);
    expect(process.brk.sbrk(0)).toBe(HEAP_START);
    expect(process.brk.sbrk(-(2 ** 60))).toBe(-1);
  });
});

describe("string.h", () => {
  it("copies a literal with its 0, and reads it back", () => {
    const { memory, brk } = flatProcess();
    const s = brk.sbrk(4096);
    const { strcpy, strlen, string, strcmp } = stringCalls(memory);
    strcpy(s, "Grüße 100%");
    expect(strlen(s)).toBe(12);
    expect(string(s)).toBe("Grüße 100%");
    strcpy(s + 100, s);
    expect(strcmp(s, s + 100)).toBe(0);
    strcpy(s + 200, "Gr");
    expect(strcmp(s, s + 200)).toBeGreaterThan(0);
  });

  it("moves overlapping bytes and compares", () => {
    const { memory, brk } = flatProcess();
    const s = brk.sbrk(4096);
    const { memset, memmove, memcmp } = stringCalls(memory);
    memset(s, 0x101, 4);
    expect(memory.load32(s)).toBe(0x01010101);
    memory.store8(s, 9);
    memmove(s + 1, s, 3);
    expect(memory.load32(s)).toBe(0x01010909);
    expect(memcmp(s, s + 1, 1)).toBe(0);
    expect(memcmp(s, s + 2, 1)).toBe(8);
  });
});
