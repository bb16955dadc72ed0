import { describe, expect, it } from "vitest";
import type { CFunction } from "./functions.js";
import { testProgram } from "./memory.testing.js";
import type { Program } from "./program.js";

describe("split stacks", () => {
  const frameBytes = 1024;
  const recursion = (c: Program): CFunction => {
    const deep: CFunction = c.define(
      "int deep(int n)",
      (_, n = 0) => (n === 0 ? 0 : deep.deep(n - 1).after((below) => below + 1)),
      { frameBytes },
    );
    return deep;
  };

  it("recurse far beyond the stack's limit", () => {
    const { c } = testProgram(64 * 1024);
    const split = c.splitStack({ stackletBytes: 65_536, onReturn: "free" });
    expect(recursion(c)(10_000)).toBe(10_000);
    expect(split.cost.live).toBe(0);
    expect(split.cost.freed).toBe(split.cost.allocated);
    // 1,040 bytes a call: 59 fit in a stacklet, of which 3,640 bytes are not for frames.
    expect(split.cost.allocated).toBe(Math.ceil((10_001 - 15) / 59));
  });

  // Calls that share a stacklet, by the step of their frames: gcc 12.2 -fsplit-stack, Linux 6.18. A stacklet is
  // sysconf(_SC_SIGSTKSZ) long, rounded up to pages: 49,152 bytes on a processor with AMX, 16,384 on one with AVX-512.
  it.each([
    [112, 407, 114],
    [144, 317, 89],
    [240, 190, 54],
    [544, 83, 23],
    [1040, 43, 12],
    [2048, 22, 6],
    [3040, 14, 4],
    [5040, 9, 2],
    [20048, 2, undefined],
  ])("hold as many frames of %i bytes as libgcc's: %i, or %i", (step, large, small) => {
    for (const [stackletBytes, calls] of [
      [49_152, large],
      [16_384, small],
    ] as const) {
      if (calls === undefined) continue;
      const { c } = testProgram(64 * 1024);
      c.splitStack({ stackletBytes, onReturn: "keep" });
      const f = c.define("void f(void)", () => undefined, { frameBytes: step - 16 });
      const bases: number[] = [];
      for (let n = 0; n < 3000; n++) bases.push(f.enter().bp);
      const jumps = bases.flatMap((bp, n) =>
        n > 0 && (bases[n - 1] ?? 0) - bp !== step ? [n] : [],
      );
      expect((jumps[1] ?? 0) - (jumps[0] ?? 0)).toBe(calls);
    }
  });

  it("pay for every call where a loop stands at a stacklet's end", () => {
    const { c } = testProgram(64 * 1024);
    const split = c.splitStack({ stackletBytes: 65_536, onReturn: "free" });
    const leaf = c.define("void leaf(void)", () => undefined, { frameBytes });
    const loop = c.define(
      "void loop(void)",
      () => {
        for (let i = 0; i < 100; i++) leaf();
      },
      { frameBytes: 15_968 },
    );
    loop();
    expect(split.cost).toEqual({ switches: 100, allocated: 100, freed: 100, live: 0 });
  });
});
