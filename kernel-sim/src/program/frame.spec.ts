/** The expected numbers are those of programs compiled by gcc 12.2 -O0 and executed on Linux 6.18. */
import { describe, expect, it } from "vitest";
import type { CFunction } from "./functions.js";
import { testProgram } from "./memory.testing.js";
import type { Program } from "./program.js";

/** How far the frame of a recursive function lies below its caller's. */
function recursionStep(header: string, locals: readonly string[], args: number[]): number {
  const { c } = testProgram();
  const bases: number[] = [];
  const f: CFunction = c.define(header, (f, n = 0, ...rest) => {
    for (const local of locals) f.local(local);
    bases.push(f.bp);
    if (n > 0) f_(n - 1, ...rest);
  });
  const f_ = f;
  f(...args);
  return (bases[0] ?? 0) - (bases[1] ?? 0);
}

describe("frames are as far apart as gcc's at -O0", () => {
  it.each([
    ["void a(int n)", ["long here"], [2], 48],
    ["void b(int n)", ["int x", "long here"], [2], 48],
    ["void c(int n)", ["long here", "char buf[1000]"], [2], 1040],
    ["void d(int n)", ["long here", "char buf[40]"], [2], 80],
    ["void e(int n, long q)", ["long here", "char buf[17]"], [2, 1], 64],
    [
      "void f(int n, char ch, short z, double dd)",
      ["long here", "char buf[15]", "int y"],
      [2, 97, 3, 1],
      80,
    ],
  ] as const)("%s with %j", (header, locals, args, step) => {
    expect(recursionStep(header, locals, [...args])).toBe(step);
  });

  it("places locals where gcc places them below bp", () => {
    const { c } = testProgram();
    c.types("struct s5 { char c[5]; }; struct s24 { long a, b, c; }; struct s16 { long a, b; };");
    const offsets: Record<string, number> = {};
    // In the compiled program, the first 48 bytes hold saved registers.
    const g = c.define("void g(int n, int m)", (f) => {
      f.local("char saved[48]");
      const declared =
        "char a; int b; char c; double d; char e[3]; struct s5 s; struct s24 t; struct s16 u; short w[8]; int v[4]; char k[16]; char z; char *fp";
      for (const text of declared.split("; ")) {
        const variable = f.local(text);
        offsets[variable.name] = variable.place - f.bp;
      }
      for (const name of ["n", "m"]) offsets[name] = f.param(name).place - f.bp;
    });
    g(1, 2);
    expect(offsets).toEqual({
      a: -49,
      b: -56,
      c: -57,
      d: -72,
      e: -75,
      s: -80,
      t: -112,
      u: -128,
      w: -144,
      v: -160,
      k: -176,
      z: -177,
      fp: -192,
      n: -196,
      m: -200,
    });
  });
});

describe("dynamic room", () => {
  const step = (run: (c: Program, note: (sp: number) => void) => void): number[] => {
    const { c } = testProgram();
    const noted: number[] = [];
    run(c, (sp) => noted.push(sp));
    return noted.slice(1).map((sp, i) => (noted[i] ?? 0) - sp);
  };

  it.each([
    [0, 0, 0, 16],
    [1, 16, 16, 16],
    [7, 16, 32, 16],
    [8, 16, 32, 16],
    [9, 16, 48, 32],
    [15, 16, 64, 32],
    [16, 16, 64, 32],
    [17, 32, 80, 32],
    [24, 32, 96, 32],
    [25, 32, 112, 48],
    [41, 48, 176, 64],
    [4096, 4096, 16384, 4112],
    [4097, 4112, 16400, 4112],
  ])(
    "of %i: char v[n], int v[n] and alloca(n) move sp by %i, %i and %i",
    (n, chars, ints, alloca) => {
      const moved = step((c, note) => {
        c.define("void f(int n)", (f) => {
          note(f.sp);
          f.block(() => {
            f.vla("char v[n]", { n });
            note(f.sp);
          });
          note(f.sp);
          f.block(() => {
            f.vla("int v[n]", { n });
            note(f.sp);
          });
          note(f.sp);
          f.alloca(n);
          note(f.sp);
        })(n);
      });
      expect(moved).toEqual([chars, 0 - chars, ints, 0 - ints, alloca].map((one) => one + 0));
    },
  );

  it("piles up with alloca in a loop, and not with a variable-length array", () => {
    const moved = step((c, note) => {
      c.define("void f(void)", (f) => {
        note(f.sp);
        for (let i = 0; i < 10; i++) f.block(() => f.vla("char v[n]", { n: 100 }));
        note(f.sp);
        for (let i = 0; i < 10; i++) f.block(() => f.alloca(100));
        note(f.sp);
      })();
    });
    expect(moved).toEqual([0, 1120]);
  });

  it("of alloca stays when the block of a variable-length array around it ends, and so does the array's", () => {
    const moved = step((c, note) => {
      c.define("void f(void)", (f) => {
        note(f.sp);
        f.block(() => {
          f.vla("char v[n]", { n: 16 });
          f.alloca(100);
        });
        note(f.sp);
        // An alloca() that is not called counts too: the compiler decides by the text.
        f.block(() => {
          f.vla("char v[n]", { n: 16 });
          if (f.depth > 0) f.alloca(100);
        });
        note(f.sp);
      })();
    });
    expect(moved).toEqual([128, 16]);
  });

  it("of a negative length moves the stack pointer up, as the unsigned arithmetic does", () => {
    const moved = step((c, note) => {
      c.define("void f(void)", (f) => {
        f.local("char room[200]");
        note(f.sp);
        f.vla("char v[n]", { n: -100 });
        note(f.sp);
      })();
    });
    expect(moved).toEqual([-96]);
  });
});

describe("alloca's room", () => {
  it("is alive after the block in which it was taken", () => {
    const { c } = testProgram();
    c.define("void f(void)", (f) => {
      const p = f.block(() => f.alloca(16));
      c.at("int", p).value = 5;
      expect(c.at("int", p).value).toBe(5);
      expect(c.stackInfo().frames[0]?.locals.map((one) => one.state)).toEqual(["live"]);
    })();
    expect(c.notes.all).toEqual([]);
  });

  it("is drawn once for each turn of a loop, a block's local once for all turns", () => {
    const { c } = testProgram();
    c.define("void f(void)", (f) => {
      for (let i = 0; i < 3; i++)
        f.block(() => {
          f.local("int turn", i);
          f.alloca(100);
        });
      const kinds = c.stackInfo().frames[0]?.locals.map((one) => one.kind);
      expect(kinds).toEqual(["local", "alloca", "alloca", "alloca"]);
    })();
  });
});

describe("a long loop", () => {
  it("over a block with locals and arrays keeps its frame small", () => {
    const { c } = testProgram();
    c.define("void f(void)", (f) => {
      for (let i = 0; i < 20_000; i++)
        f.block(() => {
          f.local("int turn", i);
          f.vla("char v[n]", { n: 100 });
        });
      expect(f.locals.length).toBe(1);
    })();
  });
});
