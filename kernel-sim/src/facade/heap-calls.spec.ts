import { describe, expect, it } from "vitest";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_NONE } from "../abi/mman.js";
import { boot } from "../machine.js";
import { NULL } from "../process.js";
import type { Process } from "../process.js";

/** Ten blocks of 40 bytes freed, a mapped block, a hole in a large bin and one in the unsorted list. */
function someHeap(): Process {
  const c = boot().spawn("a.out");
  const small = Array.from({ length: 10 }, () => c.malloc(40));
  c.malloc(200_000);
  const first = c.malloc(2000);
  c.malloc(24);
  const second = c.malloc(3000);
  c.malloc(24);
  for (const block of small) c.free(block);
  c.free(first);
  c.malloc(5000);
  c.free(second);
  return c;
}

describe("what glibc 2.36 prints of the same heap, recorded on Debian 12", () => {
  it("malloc_info(0, stdout)", () => {
    expect(someHeap().malloc_info(0)).toBe(`<malloc version="1">
<heap nr="0">
<sizes>
  <size from="2161" to="2161" total="2161" count="1"/>
  <unsorted from="3009" to="3009" total="3009" count="1"/>
</sizes>
<total type="fast" count="0" size="0"/>
<total type="rest" count="3" size="129106"/>
<system type="current" size="135168"/>
<system type="max" size="135168"/>
<aspace type="total" size="135168"/>
<aspace type="mprotect" size="135168"/>
</heap>
<total type="fast" count="0" size="0"/>
<total type="rest" count="3" size="129106"/>
<total type="mmap" count="1" size="200704"/>
<system type="current" size="135168"/>
<system type="max" size="135168"/>
<aspace type="total" size="135168"/>
<aspace type="mprotect" size="135168"/>
</malloc>
`);
  });

  it("malloc_stats()", () => {
    expect(someHeap().malloc_stats()).toBe(`Arena 0:
system bytes     =     135168
in use bytes     =       6064
Total (incl. mmap):
system bytes     =     335872
in use bytes     =     206768
max mmap regions =          1
max mmap bytes   =     200704
`);
  });
});

/** A heap without room even for the tcache's struct: the break is blocked, and no mapping of a MiB may be written. */
function heapWithoutRoom(): Process {
  const c = boot().spawn("a.out");
  const end = Math.ceil(c.sbrk(0) / 4096) * 4096;
  c.mmap(end, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  c.task.limits.data.soft = 4096 * c.task.mm.dataPages + 200_000;
  expect(c.malloc(24)).toBe(NULL);
  return c;
}

describe("what glibc 2.36 prints where the tcache's struct is in an arena of its own, recorded on Debian 12", () => {
  it("malloc_info(0, stdout)", () => {
    expect(heapWithoutRoom().malloc_info(0)).toBe(`<malloc version="1">
<heap nr="0">
<sizes>
</sizes>
<total type="fast" count="0" size="0"/>
<total type="rest" count="1" size="0"/>
<system type="current" size="0"/>
<system type="max" size="0"/>
<aspace type="total" size="0"/>
<aspace type="mprotect" size="0"/>
</heap>
<heap nr="1">
<sizes>
</sizes>
<total type="fast" count="0" size="0"/>
<total type="rest" count="1" size="132256"/>
<system type="current" size="135168"/>
<system type="max" size="135168"/>
<aspace type="total" size="135168"/>
<aspace type="mprotect" size="135168"/>
<aspace type="subheaps" size="1"/>
</heap>
<total type="fast" count="0" size="0"/>
<total type="rest" count="2" size="132256"/>
<total type="mmap" count="0" size="0"/>
<system type="current" size="135168"/>
<system type="max" size="135168"/>
<aspace type="total" size="135168"/>
<aspace type="mprotect" size="135168"/>
</malloc>
`);
  });

  it("malloc_stats()", () => {
    expect(heapWithoutRoom().malloc_stats()).toBe(`Arena 0:
system bytes     =          0
in use bytes     =          0
Arena 1:
system bytes     =     135168
in use bytes     =       2912
Total (incl. mmap):
system bytes     =     135168
in use bytes     =       2912
max mmap regions =          0
max mmap bytes   =          0
`);
  });
});

describe("C's own ways", () => {
  it("posix_memalign() stores the address and returns the error", () => {
    const c = boot().spawn("a.out");
    const memptr = c.malloc(8);
    expect(c.posix_memalign(memptr, 64, 100)).toBe(0);
    expect(Number(c.load64(memptr)) % 64).toBe(0);
    expect(c.posix_memalign(memptr, 3, 100)).toBe(22);
  });

  it("heap() changes nothing: no fault, no byte, no bin", () => {
    const c = someHeap();
    const before = [c.getrusage().ru_minflt, c.malloc_info(0), c.smaps().toString()];
    c.heap().map();
    expect([c.getrusage().ru_minflt, c.malloc_info(0), c.smaps().toString()]).toEqual(before);
  });
});
