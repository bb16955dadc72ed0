import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { PAGE_SIZE } from "../core/units.js";
import { bench } from "./address-space.testing.js";

const P = PAGE_SIZE;
const PAGES = 200;

test("the tree finds the same vmas and the same gaps as a look at every page", () => {
  const { c, at } = bench();
  const { vmas } = c.task.mm;
  const random = seededRandom(7);
  const mapped = new Array<boolean>(PAGES).fill(false);
  for (let step = 0; step < 400; step++) {
    const first = random.between(0, PAGES - 1);
    const pages = Math.min(random.between(1, 9), PAGES - first);
    if (random.between(0, 2) > 0) {
      c.mmap(at + first * P, pages * P, random.between(0, 3), 0x32, -1, 0);
      mapped.fill(true, first, first + pages);
    } else {
      c.munmap(at + first * P, pages * P);
      mapped.fill(false, first, first + pages);
    }
    vmas.check();
    const wanted = random.between(1, 12);
    const runs: number[] = [];
    for (let i = 0, start = 0; i <= PAGES; i++) {
      if (i < PAGES && mapped[i] === false) continue;
      if (i - start >= wanted) runs.push(start, i);
      start = i + 1;
    }
    const end = at + PAGES * P;
    const high = vmas.highestGap(at, end, wanted * P);
    const low = vmas.lowestGap(at, end, wanted * P);
    expect(high === null ? undefined : (high.end - at) / P).toBe(runs.at(-1));
    expect(low === null ? undefined : (low.start - at) / P).toBe(runs[0]);
    const page = random.between(0, PAGES - 1);
    expect(vmas.at(at + page * P) !== null).toBe(mapped[page]);
  }
});
