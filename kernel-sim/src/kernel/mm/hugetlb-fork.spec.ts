/** Huge pages of the pool and fork(2), as Linux 6.18 answers. */
import { expect, test } from "vitest";
import {
  MAP_ANONYMOUS,
  MAP_HUGETLB,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
} from "../../abi/mman.js";
import { MiB, PAGE_SIZE } from "../../core/units.js";
import { boot } from "../../machine.js";

const HUGE = MAP_ANONYMOUS | MAP_HUGETLB;
const SIZE = 2 * MiB;
/** A GiB with a table of its own: nothing else of the program lies in it. */
const ALONE = 0x1000_0000_0000;

/** Whether a child finds the parent's shared huge page in core, without having touched it. */
function foundByChild({ copied }: { readonly copied: boolean }): boolean {
  const machine = boot({ hugePages: 8 });
  const c = machine.spawn("program");
  const shared = c.mmap(ALONE, 4 * SIZE, 3, MAP_SHARED | HUGE, -1, 0);
  c.load(shared + SIZE);
  if (copied) {
    const own = c.mmap(ALONE + 4 * SIZE, 2 * SIZE, 1, MAP_PRIVATE | HUGE | MAP_NORESERVE, -1, 0);
    c.load(own + SIZE);
    c.munmap(own + SIZE, SIZE);
  }
  const vec = new Uint8Array((2 * SIZE) / PAGE_SIZE);
  c.fork().mincore(shared, 2 * SIZE, vec);
  machine.checkInvariants();
  return vec.includes(1);
}

test("mincore(2) tells a child of its parent's shared huge page as long as it has no table there", () => {
  expect(foundByChild({ copied: false })).toBe(true);
});

test("a private mapping whose pages are gone still gives the child a table, and mincore(2) looks into that", () => {
  expect(foundByChild({ copied: true })).toBe(false);
});
