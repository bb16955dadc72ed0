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
