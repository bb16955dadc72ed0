import { describe, expect, it } from "vitest";
import type { CFunction } from "./functions.js";
import { testProgram } from "./memory.testing.js";

describe("setjmp and longjmp", () => {
  it("end the frames between them", () => {
    const { c } = testProgram();
    const env = c.jmp_buf();
    const deep: CFunction = c.define("void deep(int n)", (_, n = 0) => {
      if (n === 0) c.longjmp(env, 7);
      deep(n - 1);
    });
    const top = c.define("int top(void)", (f) => {
      const before = f.sp;
      return c.setjmp(env, (value) => {
        if (value === 0) deep(100);
        expect(f.sp).toBe(before);
        return value;
      });
    });
    expect(top()).toBe(7);
    expect(() => c.longjmp(env, 1)).toThrow(/whose block has ended/);
  });
});
