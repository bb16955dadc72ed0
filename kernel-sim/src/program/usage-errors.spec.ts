import { describe, expect, it } from "vitest";
import type { CFunction } from "./functions.js";
import { testProgram } from "./memory.testing.js";

describe("misuse of this interface is explained", () => {
  const { c } = testProgram();
  it.each([
    [
      "a name declared twice",
      () =>
        c.define("void f(void)", (f) => {
          f.local("int i");
          f.local("int i");
        })(),
      /declared twice/,
    ],
    [
      "a wrong number of arguments",
      () => c.define("void f(int n)", () => undefined)(),
      /takes 1 argument/,
    ],
    [
      "a deep call that is not returned",
      () => {
        const f: CFunction = c.define("int f(int n)", (_, n = 0) => {
          if (n > 0) f.deep(n - 1);
          return n;
        });
        f(2);
      },
      /f\.deep\(…\) was not returned/,
    ],
    [
      "a missing length",
      () => c.define("void f(void)", (f) => void f.vla("char v[n]", {}))(),
      /length n .* is not given/,
    ],
    [
      "a local after alloca whose text the function does not show",
      () =>
        c.define("void f(void)", (f) => {
          f.alloca(8);
          for (const name of ["i"]) f.local(`int ${name}`);
        })(),
      /declare it before/,
    ],
    [
      "a frame used after its return",
      () => {
        let kept: { local(d: string): unknown } | undefined;
        c.define("void f(void)", (f) => {
          kept = f;
        })();
        kept?.local("int i");
      },
      /has returned/,
    ],
    [
      "a variable passed where its value is meant",
      () =>
        c.define("void f(void)", (f) => {
          const x = f.local("int x", 1);
          c.define("long g(long n)", (g) => g.param("n").value)(x as unknown as number);
        })(),
      /is not a number/,
    ],
    [
      "a frame used while another function runs",
      () =>
        c.define("void f(void)", (f) => {
          c.define("void g(void)", () => void f.local("int i"))();
        })(),
      /while g\(\) runs/,
    ],
    [
      "a frame used while a function runs on another thread",
      () =>
        c.define("void f(void)", (f) => {
          c.pthread_create(
            c.define("void g(long n)", () => void f.local("int i")),
            0,
          );
        })(),
      /while g\(\) runs/,
    ],
    [
      "a caller's local read by its name",
      () =>
        c.define("void f(void)", (f) => {
          const x = f.local("int x", 1);
          c.define("int g(void)", () => x.value)();
        })(),
      /x is a local of f\(\), and used by its name while g\(\) runs/,
    ],
    [
      "a caller's array written by its name, from a deep call",
      () => {
        const g: CFunction = c.define("void g(void)", (f) => {
          const v = f.local("int v[4]");
          const h = c.define("void h(void)", () => void (v.at(1).value = 1));
          return h.deep();
        });
        g();
      },
      /v is a local of g\(\), and used by its name while h\(\) runs/,
    ],
    [
      "the address of a caller's parameter, taken by its name",
      () =>
        c.define("void f(int n)", (f) => {
          const n = f.param("n");
          c.define("int *g(void)", () => n.address)();
        })(1),
      /n is a local of f\(\)/,
    ],
    [
      "a local read by its name on another thread",
      () =>
        c.define("void f(void)", (f) => {
          const x = f.local("int x", 1);
          c.pthread_create(
            c.define("int g(long n)", () => x.value),
            0,
          );
        })(),
      /while g\(\) runs/,
    ],
    [
      "a function left twice",
      () => {
        const f = c.define("void f(void)", () => undefined);
        f.enter();
        f.leave();
        f.leave();
      },
      /left already/,
    ],
    ["an unknown member", () => c.offsetof("struct { int x; }", "y"), /no member "y"/],
  ])("%s", (_, act, message) => {
    expect(act).toThrow(message);
  });
});

describe("a local is its function's", () => {
  it("also while others are called with its address, in a block, in a jump, and after a deep call", () => {
    const { c } = testProgram();
    const add = c.define("void add(int *p)", (_, p = 0) => void (c.at("int", p).value += 1));
    const env = c.jmp_buf();
    const total: CFunction = c.define("int total(int n)", (f, n = 0) => {
      const x = f.local("int x", n);
      add(x.address);
      f.block(() => (x.value += 10));
      c.setjmp(env, (value) => {
        x.value += 100;
        if (value === 0) c.define("void g(void)", () => c.longjmp(env, 1))();
      });
      return n === 0 ? x.value : total.deep(n - 1).after((below) => below + x.value);
    });
    expect(total(1)).toBe(211 + 212);
    expect(c.notes.all).toEqual([]);
  });

  it("in a loop that enters deeper functions by hand, and for whoever looks on from outside", () => {
    const { c } = testProgram();
    const down = c.define("void down(int n)", () => undefined);
    const main = c.define("int main(void)", (f) => {
      const x = f.local("int x", 1);
      for (let i = 0; i < 3; i++) down.enter(i);
      x.value += 1;
      for (let i = 0; i < 3; i++) down.leave();
      return x.value;
    });
    expect(main()).toBe(2);
    const y = down.enter(1).local("int y", 5);
    down.enter(2);
    expect(y.value).toBe(5);
  });
});
