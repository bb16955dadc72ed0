/** Pictures of stacks, layouts and programs' own allocators show nothing that their text does not say. */
import { describe, expect, it } from "vitest";
import { boot } from "../machine.js";
import type { CFunction } from "../program/functions.js";
import type { Picture } from "./picture.js";
import { sizeWords } from "./layout.js";

/** The words drawn in an SVG, with XML's characters restored. */
function drawnWords({ svg }: Picture): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) =>
    (match[1] ?? "")
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">")
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&amp;/g, "&"),
  );
}

function pictures(): [string, Picture][] {
  const c = boot().spawn("a.out");
  let stack: Picture | undefined;
  let deep: Picture | undefined;
  const down: CFunction = c.define("int down(int n)", (f, n) => {
    f.local("char text[8]", "abc");
    if (n === 0) deep = c.stack("Deep");
    return n === 0 ? 0 : down(n - 1);
  });
  c.define("int main(void)", (f) => {
    f.block(() => f.local("int dead", 1));
    f.alloca(100);
    f.vla("char v[n]", { n: 20 });
    stack = c.stack();
    down(40);
  })();
  const cache = c.slab_create(600, { colouring: "lines" });
  for (let i = 0; i < 10; i++) cache.alloc();
  const pool = c.pool_create(1024);
  for (let i = 0; i < 10; i++) pool.alloc(300);
  const walk = c.locality([0, 4096, 8192], 24);
  if (stack === undefined || deep === undefined) throw new Error("no picture was taken");
  return [
    ["stack", stack],
    ["deep stack", deep],
    ["layout", c.drawLayout()],
    ["slabs", cache.picture()],
    ["chunks", pool.picture()],
    ["walks", c.compareWalks([{ name: "one", locality: walk }])],
  ];
}

describe("pictures of a program", () => {
  it.each(pictures())("of its %s draw only words that their text has", (_, picture) => {
    const words = drawnWords(picture).flatMap((one) => one.split("; "));
    expect(words.length).toBeGreaterThan(0);
    for (const word of words) expect(picture.text).toContain(word);
    expect(picture.svg).toContain('role="img"');
    expect(picture.svg).not.toMatch(/ id="/);
  });

  it("of a deep stack count the frames between", () => {
    const [, picture] = pictures()[1] ?? [];
    expect(picture?.text).toMatch(/34 more frames, 1632 bytes/);
  });

  it("name sizes in their largest unit", () => {
    expect([100, 4096, 132 * 1024, 128 * 1024 ** 2, 1.5 * 1024 ** 4].map(sizeWords)).toEqual([
      "100 bytes",
      "4 KiB",
      "132 KiB",
      "128 MiB",
      "1.5 TiB",
    ]);
  });
});
