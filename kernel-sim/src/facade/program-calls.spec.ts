/** A C program on the whole machine: the kernel's stack, its limit, its guard gap, its maps. */
import { describe, expect, it } from "vitest";
import {
  MAP_ANONYMOUS,
  MAP_FIXED_NOREPLACE,
  MAP_PRIVATE,
  PROT_READ,
  PROT_WRITE,
} from "../abi/mman.js";
import { ProgramTerminated, SIGSEGV } from "../abi/signal.js";
import { KiB, MiB } from "../core/units.js";
import { boot } from "../machine.js";
import type { Process } from "../process.js";
import type { CFunction } from "../program/functions.js";
import { SA_ONSTACK } from "../program/signals.js";

const stackLine = (c: Process): string =>
  c
    .maps()
    .toString()
    .split("\n")
    .find((line) => line.includes("[stack]")) ?? "";
const stackKiB = (c: Process): number => {
  const [start = "0", end = "0"] = stackLine(c).split(" ")[0]?.split("-") ?? [];
  return (parseInt(end, 16) - parseInt(start, 16)) / KiB;
};

const recursion = (c: Process): CFunction => {
  const down: CFunction = c.define("int down(int n)", (f, n = 0) => {
    const block = f.local("char block[16384]");
    block.at(0).value = n;
    return n === 0 ? 0 : down.deep(n - 1).after((below) => below + 1);
  });
  return down;
};

describe("a C program on the machine", () => {
  it("begins with a stack of 132 kB, which grows by faults", () => {
    const c = boot().spawn("a.out");
    expect(stackKiB(c)).toBe(132);
    expect(recursion(c)(100)).toBe(100);
    expect(stackKiB(c)).toBeGreaterThan(1600);
    expect(stackKiB(c)).toBeLessThan(1700);
  });

  it("overflows at RLIMIT_STACK with SIGSEGV", () => {
    const c = boot().spawn("a.out");
    expect(() => recursion(c)(100_000)).toThrow(ProgramTerminated);
    expect(stackKiB(c)).toBeGreaterThan(8192 - 20);
    expect(stackKiB(c)).toBeLessThanOrEqual(8192);
  });

  it("survives an overflow with a handler on an alternate stack", () => {
    const c = boot().spawn("a.out");
    const ss_sp = c.malloc(64 * KiB);
    c.sigaltstack({ ss_sp, ss_size: 64 * KiB, ss_flags: 0 });
    const env = c.jmp_buf();
    c.sigaction(SIGSEGV, { sa_handler: () => c.longjmp(env, 1), sa_flags: SA_ONSTACK });
    const main = c.define("int main(void)", () =>
      c.setjmp(env, (value) => (value === 0 ? recursion(c)(100_000) : value)),
    );
    expect(main()).toBe(1);
  });

  it("faults at the first touch of an array far larger than the stack", () => {
    const c = boot().spawn("a.out");
    let reached = "";
    const huge = c.define("void huge(long n)", (f, n) => {
      const v = f.vla("char v[n]", { n });
      reached = "declared";
      v.at(0).value = 1;
      reached = "stored";
    });
    expect(() => huge(1024 * MiB)).toThrow(/SIGSEGV\/MAPERR/);
    expect(reached).toBe("declared");
  });

  it("gives a thread a stack of 8 MiB with a guard page below it", () => {
    const c = boot().spawn("a.out");
    let below = "";
    let own = "";
    const worker = c.define("void *worker(void *arg)", (f) => {
      const x = f.local("char x");
      const entries = [...c.maps()];
      const index = entries.findIndex((one) => x.address >= one.start && x.address < one.end);
      const at = (i: number): string =>
        `${((entries[i]?.end ?? 0) - (entries[i]?.start ?? 0)) / KiB} kB ${entries[i]?.perms}`;
      own = at(index);
      below = at(index - 1);
    });
    c.pthread_create(worker, 0);
    expect([own, below]).toEqual(["8192 kB rw-p", "4 kB ---p"]);
  });

  it("lets a large variable-length array jump over the guard gap into another mapping", () => {
    const c = boot().spawn("a.out");
    const rw = PROT_READ | PROT_WRITE;
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    const low = c.layout.stackEnd - 64 * MiB;
    const other = c.mmap(low, 4 * MiB, rw, flags, -1, 0);
    expect(other).toBe(low);
    const jump = c.define("void jump(long n)", (f, n = 0) => {
      const v = f.vla("char v[n]", { n });
      v.at(0).value = 42;
    });
    jump(62 * MiB);
    const bytes = c.memory.read(other, 4 * MiB);
    expect(bytes.filter((byte) => byte === 42).length).toBe(1);
  });

  it("has obstacks, slabs and pools from its own heap", () => {
    const c = boot().spawn("a.out");
    const o = c.malloc(c.sizeof("struct obstack"));
    expect(c.sizeof("struct obstack")).toBe(88);
    c.obstack_init(o);
    const chunk = c.at("struct obstack", o).field("chunk").value;
    expect(c.obstack_alloc(o, 1) - chunk).toBe(16);
    const slab = c.slab_create(48);
    const item = slab.alloc();
    expect(item % 4096).toBe(24);
    expect(slab.toString()).toContain("1 of 84 used");
    const pool = c.pool_create(4096);
    expect(pool.chunk).toBe(0);
    expect(pool.alloc(100) - pool.chunk).toBe(16);
    expect(pool.freeAll()).toBe(1);
  });

  it("gives a child the types and the stack of its parent, copied on write", () => {
    const c = boot().spawn("a.out");
    c.types("struct point { int x, y; };");
    c.define("int main(void)", (f) => {
      const p = f.local("struct point p");
      p.field("x").value = 1;
      const child = c.fork();
      expect(child.sp()).toBe(f.sp);
      const theirs = child.at("struct point", p.address);
      expect(theirs.field("x").value).toBe(1);
      theirs.field("x").value = 2;
      expect(p.field("x").value).toBe(1);
    })();
  });

  it("refuses an access to a local of a process that has ended, and says why", () => {
    const c = boot().spawn("a.out");
    c.define("int main(void)", (f) => {
      f.local("int x", 1);
      const child = c.fork();
      const theirs = child.define("int main(void)", (g) => {
        const y = g.local("int y", 2);
        child._exit(0);
        return y.value;
      });
      expect(() => theirs()).toThrow(/has ended, and its memory with it/);
    })();
  });

  it("has its locals to itself: another program that uses one is told so", () => {
    const machine = boot();
    const c = machine.spawn("parent");
    c.define("void f(void)", (f) => {
      const x = f.local("int x", 7);
      const child = c.fork();
      const reads = child.define("int reads(void)", () => x.value);
      expect(() => reads()).toThrow(
        /the local x is used in reads\(\) of process \d+, and it is of process \d+/,
      );
      const declares = child.define("void declares(void)", () => void f.local("int y"));
      expect(() => declares()).toThrow(/f\.local\("int y"\) of f\(\) is used in declares\(\)/);
      // The child has its copy, at the same address.
      const { place } = x;
      const own = child.define("int own(void)", () => child.at("int", place).value);
      expect(own()).toBe(7);
      expect(x.value).toBe(7);
    })();
  });

  it("is told what a tool would report of the heap, and reads what is there", () => {
    const c = boot().spawn("a.out");
    c.types("struct pair { int a, b; };");
    const p = c.malloc(8);
    const pair = c.at("struct pair", p);
    pair.field("a").value = 1;
    pair.field("b").value = 2;
    expect(c.notes.all).toEqual([]);
    expect(c.at("int [2]", p).at(1).value).toBe(2);
    // malloc(8) has 24 usable bytes: the third int is the program's own memory, and beyond what it asked for.
    expect(c.at("int [2]", p).at(2).value).toBe(0);
    c.free(p);
    expect(pair.field("b").value).not.toBe(2);
    expect(c.notes.all.map((note) => note.kind)).toEqual([
      "heap-buffer-overflow",
      "heap-use-after-free",
    ]);
    const again = c.malloc(8);
    expect(again).toBe(p);
    pair.field("a").value = 3;
    expect(c.notes.all.length).toBe(2);
    const child = c.fork();
    child.free(p);
    void child.at("int", p).value;
    expect(child.notes.all.map((note) => note.kind)).toEqual(["heap-use-after-free"]);
    void pair.field("a").value;
    expect(c.notes.all.length).toBe(2);
  });

  it("lets an array of a negative or absurd length end the program where the machine would", () => {
    const take = (length: number): (() => number) => {
      const c = boot().spawn("a.out");
      const f = c.define("void f(long n)", (f, n) => {
        f.vla("char v[n]", { n }).at(0).value = 1;
      });
      return () => f(length);
    };
    expect(take(2 ** 40)).toThrow(/SIGSEGV/);
    // 2^47 bytes below the stack is no address that the processor takes at all.
    expect(take(2 ** 47)).toThrow(/SIGSEGV/);
    expect(take(-(2 ** 40))).toThrow(/SIGSEGV/);
  });

  it("draws what it can also say", () => {
    const c = boot().spawn("a.out");
    const main = c.define("int main(void)", (f) => {
      f.local("int answer", 42);
      const picture = c.stack();
      expect(picture.toString()).toContain("int answer = 42");
      expect(picture.svg).toContain("int answer = 42");
    });
    main();
    expect(c.drawLayout().toString()).toContain("mmap_base");
    expect(c.drawLayout().toString()).not.toContain("heap, ");
    c.malloc(10);
    // The first heap is 0x21000 bytes long.
    expect(c.drawLayout().toString()).toContain("heap, 132 KiB");
  });
});
