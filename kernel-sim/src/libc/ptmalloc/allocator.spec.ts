import { describe, expect, it } from "vitest";
import { Errno } from "../../abi/errno.js";
import { UsageError } from "../../core/errors.js";
import { seededRandom } from "../../core/random.js";
import { HEAP_START, MAIN_ARENA, flatProcess } from "../flat-process.testing.js";
import type { FlatLimits, FlatProcess } from "../flat-process.testing.js";
import { Ptmalloc } from "./allocator.js";
import { M_MMAP_THRESHOLD, M_MXFAST } from "./mallopt.js";

function newHeap(limits?: FlatLimits): { heap: Ptmalloc; process: FlatProcess } {
  const process = flatProcess(limits);
  const heap = new Ptmalloc({ ...process, mainArena: MAIN_ARENA, random: seededRandom(7) });
  return { heap, process };
}

describe("malloc(), as measured on glibc 2.36", () => {
  it("puts the tcache's struct first: the first pointer is heap+0x2a0", () => {
    const { heap, process } = newHeap();
    expect(heap.malloc(1)).toBe(HEAP_START + 0x2a0);
    expect(process.memory.loadWord(HEAP_START + 8)).toBe(0x291);
  });

  it("asks for 0x21000 bytes at first", () => {
    const { heap, process } = newHeap();
    heap.malloc(1);
    expect(process.brk.sbrk(0)).toBe(HEAP_START + 0x21000);
  });

  it("gives 24 usable bytes for 0, and not NULL", () => {
    const { heap } = newHeap();
    expect(heap.malloc_usable_size(heap.malloc(0))).toBe(24);
    expect(heap.malloc_usable_size(heap.malloc(25))).toBe(40);
  });

  it("gives twelve freed chunks back in the order 6 5 4 3 2 1 0 11 7 8 9 10", () => {
    const { heap } = newHeap();
    const chunks = Array.from({ length: 12 }, () => heap.malloc(100));
    heap.malloc(24);
    for (const chunk of chunks) heap.free(chunk);
    const order = chunks.map(() => chunks.indexOf(heap.malloc(100)));
    expect(order).toEqual([6, 5, 4, 3, 2, 1, 0, 11, 7, 8, 9, 10]);
  });

  it("stores (address >> 12) ^ next in a cached chunk", () => {
    const { heap, process } = newHeap();
    const a = heap.malloc(24);
    const b = heap.malloc(24);
    heap.free(a);
    heap.free(b);
    expect(process.memory.load64(b)).toBe((BigInt(b) >> 12n) ^ BigInt(a));
    expect(process.memory.load64(a)).toBe(BigInt(a) >> 12n);
  });

  it("links a freed large chunk to main_arena: the unsorted bin, 0x60 bytes into the struct", () => {
    const { heap, process } = newHeap();
    const a = heap.malloc(2000);
    heap.malloc(24);
    heap.free(a);
    expect(process.memory.loadWord(a)).toBe(MAIN_ARENA + 0x60);
    expect(process.memory.loadWord(a + 8)).toBe(MAIN_ARENA + 0x60);
  });

  it("maps 128 KiB and more on its own; freeing 1 MiB moves the threshold, and the next uses the break", () => {
    const { heap } = newHeap();
    const first = heap.malloc(1024 * 1024);
    expect(first % 4096).toBe(0x10);
    expect(first).toBeGreaterThan(HEAP_START + 2 ** 36);
    heap.free(first);
    expect(heap.malloc(1024 * 1024)).toBe(HEAP_START + 0x2a0);
  });
});

describe("sizes that cannot be", () => {
  it("above PTRDIFF_MAX: NULL and ENOMEM, for every function", () => {
    const { heap, process } = newHeap();
    const tooMuch = 2n ** 63n;
    for (const call of [
      () => heap.malloc(tooMuch),
      () => heap.malloc(-1),
      () => heap.calloc(tooMuch, 1),
      () => heap.calloc(2 ** 32, 2 ** 32),
      () => heap.realloc(heap.malloc(8), tooMuch),
      () => heap.memalign(64, tooMuch),
    ]) {
      process.errno.value = 0;
      expect(call()).toBe(0);
      expect(process.errno.value).toBe(Errno.ENOMEM);
    }
  });

  it("PTRDIFF_MAX itself sorts the unsorted list before it fails, one more does not", () => {
    const { heap, process } = newHeap();
    const a = heap.malloc(2000);
    heap.malloc(24);
    heap.free(a);
    heap.malloc(2n ** 63n);
    expect(process.memory.loadWord(a)).toBe(MAIN_ARENA + 0x60);
    heap.malloc(2n ** 63n - 1n);
    expect(process.memory.loadWord(a)).not.toBe(MAIN_ARENA + 0x60);
  });

  it("posix_memalign() refuses what is no power of two with EINVAL; memalign() rounds it up", () => {
    const { heap } = newHeap();
    expect(heap.posix_memalign(24, 10)).toEqual({ error: Errno.EINVAL, address: 0 });
    expect(heap.posix_memalign(4, 10)).toEqual({ error: Errno.EINVAL, address: 0 });
    expect(heap.posix_memalign(0, 10)).toEqual({ error: Errno.EINVAL, address: 0 });
    expect(heap.memalign(24, 10) % 32).toBe(0);
    expect(heap.aligned_alloc(48, 10) % 64).toBe(0);
  });
});

describe("without memory", () => {
  it("malloc() maps a whole MiB where the break cannot grow, and goes on there", () => {
    const { heap, process } = newHeap({ brkLimit: HEAP_START });
    const mem = heap.malloc(100);
    expect(mem % 2 ** 20).toBe(0x2a0);
    expect(heap.mallinfo2().arena).toBe(2 ** 20);
    expect(process.errno.value).toBe(Errno.ENOMEM);
  });

  it("malloc() answers NULL where neither break nor mmap has any, and free memory still serves", () => {
    const { heap } = newHeap({ brkLimit: HEAP_START + 0x21000, mapLimitBytes: 0 });
    const a = heap.malloc(0x10000);
    expect(heap.malloc(0x20000)).toBe(0);
    heap.free(a);
    expect(heap.malloc(0x10000)).toBe(a);
  });

  it("realloc() leaves the old block as it is", () => {
    const { heap, process } = newHeap({ brkLimit: HEAP_START + 0x21000, mapLimitBytes: 0 });
    const a = heap.malloc(100);
    process.memory.store8(a, 42);
    expect(heap.realloc(a, 2 ** 20)).toBe(0);
    expect(process.memory.load8(a)).toBe(42);
    expect(heap.malloc_usable_size(a)).toBe(104);
  });
});

describe("mallinfo2() of a heap that was overwritten", () => {
  it("counts in size_t: sums wrap around, as glibc 2.36 answered on Linux 6.18", () => {
    const { heap, process } = newHeap();
    const a = heap.malloc(2000);
    const b = heap.malloc(24);
    heap.free(a);
    process.memory.store8(b - 8, 0);
    for (const before of [8, 7, 6, 2, 1]) process.memory.store8(a - before, 0xff);
    const { arena, ordblks, uordblks, fordblks, keepcost } = heap.exactMallinfo2();
    expect({ arena, ordblks, uordblks, fordblks, keepcost }).toEqual({
      arena: 135168n,
      ordblks: 2n,
      uordblks: 281474959936152n,
      fordblks: 18446462598749750632n,
      keepcost: 132464n,
    });
  });
});

describe("settings", () => {
  it("M_MXFAST takes up to 160 bytes", () => {
    const { heap } = newHeap();
    expect(heap.mallopt(M_MXFAST, 160)).toBe(1);
    expect(heap.mallopt(M_MXFAST, 161)).toBe(0);
    expect(heap.mallopt(M_MXFAST, -1)).toBe(0);
  });

  it("a threshold that was set no longer moves", () => {
    const { heap } = newHeap();
    heap.mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    heap.free(heap.malloc(2 ** 20));
    expect(heap.malloc(2 ** 20)).toBeGreaterThan(HEAP_START + 2 ** 36);
  });

  it("a version that is not modelled is refused with those that are", () => {
    const process = flatProcess();
    const options = { ...process, mainArena: MAIN_ARENA, random: seededRandom(1), glibc: "2.42" };
    expect(() => new Ptmalloc(options)).toThrow(UsageError);
    expect(() => new Ptmalloc(options)).toThrow("2.36");
  });
});

describe("fork()", () => {
  it("gives the child the heap as it was; both go on alike", () => {
    const { heap, process } = newHeap();
    const a = heap.malloc(24);
    heap.free(a);
    const child = heap.fork(process);
    expect(child.state.top).toBe(heap.state.top);
    expect(child.malloc(24)).toBe(a);
  });
});
