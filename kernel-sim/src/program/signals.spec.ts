/** What Linux 6.18 does to a program whose stack is full. */
import { describe, expect, it } from "vitest";
import { ProgramTerminated, SIGSEGV } from "../abi/signal.js";
import type { CFunction } from "./functions.js";
import { testProgram } from "./memory.testing.js";
import type { Program } from "./program.js";
import { SA_ONSTACK, SS_AUTODISARM, SS_ONSTACK } from "./signals.js";

describe("an overflow", () => {
  const overflow = (c: Program): CFunction => {
    const down: CFunction = c.define("void down(void)", (f) => {
      f.local("char block[65536]");
      return down.deep();
    });
    return down;
  };

  it("ends in SIGSEGV below the limit", () => {
    const { c } = testProgram(1024 * 1024);
    expect(() => overflow(c)()).toThrow(ProgramTerminated);
  });

  it("cannot be handled on the stack that is full", () => {
    const { c } = testProgram(1024 * 1024);
    let ran = 0;
    c.sigaction(SIGSEGV, () => void ran++);
    expect(() => overflow(c)()).toThrow(ProgramTerminated);
    expect(ran).toBe(0);
  });

  it("is handled on an alternate stack, from where longjmp leaves", () => {
    const { c, memory } = testProgram(1024 * 1024);
    const ss_sp = 0x10_0000;
    memory.map(ss_sp, ss_sp + 16_384);
    c.sigaltstack({ ss_sp, ss_size: 16_384, ss_flags: 0 });
    const env = c.jmp_buf();
    let flags = -1;
    const handler = (): void => {
      const now = c.sigaltstack(undefined);
      flags = typeof now === "number" ? now : now.ss_flags;
      c.longjmp(env, 1);
    };
    c.sigaction(SIGSEGV, handler, SA_ONSTACK);
    const main = c.define("int main(void)", () =>
      c.setjmp(env, (value) => {
        if (value === 0) overflow(c)();
        return value;
      }),
    );
    expect(main()).toBe(1);
    expect(flags).toBe(SS_ONSTACK);
  });

  it("with SS_AUTODISARM finds the alternate stack disarmed inside the handler", () => {
    const { c, memory } = testProgram(1024 * 1024);
    const ss_sp = 0x10_0000;
    memory.map(ss_sp, ss_sp + 16_384);
    c.sigaltstack({ ss_sp, ss_size: 16_384, ss_flags: SS_AUTODISARM });
    const env = c.jmp_buf();
    let size = -1;
    c.sigaction(
      SIGSEGV,
      () => {
        const now = c.sigaltstack(undefined);
        size = typeof now === "number" ? now : now.ss_size;
        c.longjmp(env, 1);
      },
      SA_ONSTACK,
    );
    c.define("int main(void)", () => c.setjmp(env, (v) => (v === 0 ? overflow(c)() : v)))();
    expect(size).toBe(0);
  });
});
