/** The expected numbers are those of programs compiled by gcc 12.2 -O0 and executed on Linux 6.18. */
import { describe, expect, it } from "vitest";
import { ProgramTerminated, SIGSEGV } from "../abi/signal.js";
import type { Frame } from "./frame.js";
import type { CFunction } from "./functions.js";
import { testProgram } from "./memory.testing.js";
import type { Program } from "./program.js";
import { SA_ONSTACK, SS_AUTODISARM, SS_ONSTACK } from "./signals.js";

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
