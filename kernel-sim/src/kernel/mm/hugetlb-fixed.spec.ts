/** Huge pages of a mapping that another takes the place of; as Linux 6.18 answers with pools of one page and of two. */
import { expect, test } from "vitest";
import { errnoName } from "../../abi/errno.js";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_HUGETLB, MAP_PRIVATE, MAP_SHARED } from "../../abi/mman.js";
import { MiB } from "../../core/units.js";
import { boot } from "../../machine.js";

const HUGE = MAP_ANONYMOUS | MAP_HUGETLB;
const SIZE = 2 * MiB;

function replaced(hugePages: number, sharing: number): string {
  const machine = boot({ hugePages });
  const c = machine.spawn("program");
  const at = c.mmap(0, SIZE, 3, sharing | HUGE, -1, 0);
  const result = c.mmap(at, SIZE, 3, MAP_PRIVATE | HUGE | MAP_FIXED, -1, 0);
  machine.checkInvariants();
  return result === -1 ? errnoName(c.errno) : "ok";
}

test("what a shared mapping was promised is free only once the new one has its own", () => {
  expect(replaced(1, MAP_SHARED)).toBe("ENOMEM");
  expect(replaced(2, MAP_SHARED)).toBe("ok");
});

test("what a private mapping was promised is free before", () => {
  expect(replaced(1, MAP_PRIVATE)).toBe("ok");
});
