import { describe, expect, it } from "vitest";
import { ProgramTerminated } from "../abi/signal.js";
import type { Frame } from "./frame.js";
import type { CFunction } from "./functions.js";
import { testProgram } from "./memory.testing.js";
import type { Variable } from "./variable.js";

describe("calls", () => {
  it("return as C does, and give the stack back, also when an exception passes", () => {
    const { c } = testProgram();
    const fact: CFunction = c.define("long fact(int n)", (_, n = 0) =>
      n < 2 ? 1 : n * fact(n - 1),
    );
    expect(fact(10)).toBe(3628800);
    const before = c.sp();
    const fails = c.define("void fails(void)", (f) => {
      f.alloca(1000);
      throw new Error("from within");
    });
    expect(() => fails()).toThrow("from within");
    expect(c.sp()).toBe(before);
  });

  it("go a million deep by enter() and leave()", () => {
    const { c } = testProgram(128 * 1024 * 1024);
    const depth = c.define("int depth(int n)", () => undefined);
    const before = c.sp();
    for (let n = 0; n < 1_000_000; n++) depth.enter(n);
    // 16 for the return address and bp, 16 for n.
    expect(before - c.sp()).toBe(32_000_000);
    for (let n = 0; n < 1_000_000; n++) depth.leave();
    expect(c.sp()).toBe(before);
    expect(() => depth.leave()).toThrow(/left already/);
  });

  it("go deeper than JavaScript's stack where a body returns the call", () => {
    const { c } = testProgram(128 * 1024 * 1024);
    const depth: CFunction = c.define("int depth(int n)", (_, n = 0) =>
      n === 0 ? 0 : depth.deep(n - 1).after((below) => below + 1),
    );
    const before = c.sp();
    expect(depth(200_000)).toBe(200_000);
    expect(c.sp()).toBe(before);
  });

  it("keep each its own local while thousands wait, also when the same recursion happens again", () => {
    const { c } = testProgram();
    let kept: Variable | undefined;
    const sum: CFunction = c.define("int sum(int n)", (f, n = 0) => {
      const x = f.local("int x", n);
      kept ??= n === 1 ? x : undefined;
      return n <= 1 ? x.value : sum.deep(n - 1).after((below) => below + x.value);
    });
    expect([sum(5000), sum(5000)]).toEqual([12_502_500, 12_502_500]);
    expect(c.notes.all).toEqual([]);
    expect(kept?.value).toBe(1);
    expect(c.notes.all.map((note) => note.kind)).toEqual(["stack-use-after-return"]);
  });

  it("give the frame whose turn it is again to a rest that is written once", () => {
    const { c } = testProgram();
    const add = (below: number, f: Frame): number =>
      below + f.named("x").value + f.named("n").value;
    const sum: CFunction = c.define("long sum(int n)", (f, n = 0) => {
      f.local("int x", 10 * n);
      return n === 0 ? 0 : sum.deep(n - 1).after(add);
    });
    expect(sum(100)).toBe((11 * 100 * 101) / 2);
  });

  it("find a name in the innermost block that declares it", () => {
    const { c } = testProgram();
    c.define("void f(int n)", (f) => {
      f.local("int x", 1);
      f.block(() => {
        expect(f.named("x").value).toBe(1);
        f.local("int x", 2);
        expect(f.named("x").value).toBe(2);
      });
      expect(f.named("x").value).toBe(1);
      expect(f.named("n").value).toBe(5);
      expect(() => f.named("y")).toThrow(/no local or parameter "y"/);
    })(5);
  });

  it("teach how to recurse deeper than the engine's stack", () => {
    const { c } = testProgram(1024 * 1024 * 1024);
    const deep: CFunction = c.define("int deep(int n)", (_, n = 0) => (n === 0 ? 0 : deep(n - 1)));
    expect(() => deep(1_000_000)).toThrow(/return deep\.deep/);
  });

  it("that a body asks for happen in C's order, also through several functions", () => {
    const { c } = testProgram();
    // A Fibonacci tree: two deep calls a body, the second asked for by the rest of the first.
    const fib: CFunction = c.define("long fib(int n)", (_, n = 0) =>
      n < 2 ? n : fib.deep(n - 1).after((a) => fib.deep(n - 2).after((b) => a + b)),
    );
    expect(fib(20)).toBe(6765);
    const even: CFunction = c.define("int even(int n)", (_, n = 0) =>
      n === 0 ? 1 : odd.deep(n - 1),
    );
    const odd: CFunction = c.define("int odd(int n)", (_, n = 0) =>
      n === 0 ? 0 : even.deep(n - 1),
    );
    expect(even(100_001)).toBe(0);
  });

  it("whose return address is overwritten jump to what overwrote it", () => {
    const { c } = testProgram();
    const copy = c.define("void copy(void)", (f) => {
      const buf = f.local("char buf[8]");
      buf.set("A".repeat(24));
    });
    expect(() => copy()).toThrow(ProgramTerminated);
    expect(c.notes.all.map((note) => note.kind)).toContain("stack-smashed");
  });
});
