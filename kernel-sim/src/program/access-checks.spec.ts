import { describe, expect, it } from "vitest";
import type { Frame } from "./frame.js";
import { testProgram } from "./memory.testing.js";
import type { Program } from "./program.js";

describe("dead objects", () => {
  it("of a returned function keep their bytes until another call writes over them", () => {
    const { c } = testProgram();
    const give = c.define("int *give(void)", (f) => f.local("int secret", 42).address);
    const other = c.define("void other(void)", (f) => void f.local("int x", 7));
    const p = give();
    expect(c.at("int", p).value).toBe(42);
    other();
    expect(c.at("int", p).value).toBe(7);
    expect(c.notes.all.map((note) => note.kind)).toEqual([
      "stack-use-after-return",
      "stack-use-after-return",
    ]);
  });

  it("of a block are read as they are, with a note", () => {
    const { c } = testProgram();
    const run = c.define("int run(void)", (f) => {
      const p = f.block(() => f.local("int inner", 5).address);
      return c.at("int", p).value;
    });
    expect(run()).toBe(5);
    expect(c.notes.all.map((note) => note.kind)).toEqual(["stack-use-after-scope"]);
  });

  it("that were never written hold what an earlier call left", () => {
    const { c } = testProgram();
    const first = c.define("void first(void)", (f) => void f.local("int a", 1234));
    const second = c.define("int second(void)", (f) => f.local("int b").value);
    first();
    expect(second()).toBe(1234);
    expect(c.notes.all.map((note) => note.kind)).toEqual(["uninitialised-read"]);
  });
});

/** The kinds are the names that gcc 12's AddressSanitizer gave to the same accesses, and memcheck's for unset bytes. */
describe("an access beyond an object", () => {
  const kinds = (body: (c: Program, f: Frame) => void): string[] => {
    const { c } = testProgram();
    c.define("void f(void)", (f) => body(c, f))();
    return c.notes.all.map((note) => note.kind);
  };

  it("through a pointer to a local is noted, before it and after it", () => {
    const found = kinds((c, f) => {
      const v = f.local("int v[4]");
      f.local("long between", 0);
      const p = f.local("int *p", v.value);
      for (let i = 0; i < 4; i++) p.at(i).value = i;
      p.at(4).value = 4;
      p.at(-1).value = 5;
      expect(p.at(4).value).toBe(4);
    });
    expect(found).toEqual(Array<string>(3).fill("stack-buffer-overflow"));
  });

  // The third and fourth leave the object too; the sanitizer, which looks at the first eight bytes, does not see it.
  it.each([
    ["int v[3]", 8, "long", ["stack-buffer-overflow"]],
    ["char v[10]", 8, "int", ["stack-buffer-overflow"]],
    ["int v[4]", 12, "long", []],
    ["char v[10]", 6, "int", []],
  ])("by its end alone: %s, at %i a %s", (declaration, offset, type, expected) => {
    const found = kinds((c, f) => {
      const v = f.local(declaration);
      f.local("long between", 0);
      c.at(type, v.address + offset).value = 1;
    });
    expect(found).toEqual(expected);
  });

  it("through a pointer to a caller's local is noted", () => {
    const { c } = testProgram();
    const callee = c.define("void callee(char *s)", (f) => {
      f.param("s").at(8).value = 1;
    });
    c.define("void caller(void)", (f) => void callee(f.local("char buf[8]").value))();
    expect(c.notes.toString()).toMatch(/write of s\[8\] outside buf, .* stack-buffer-overflow/);
  });

  it("of static storage is noted, by its name and through a pointer", () => {
    const found = kinds((c, f) => {
      const table = c.global("int table[3]");
      table.at(2).value = 1;
      const p = f.local("int *p", table.value);
      p.at(2).value = 1;
      p.at(3).value = 1;
      table.at(3).value = 1;
    });
    expect(found).toEqual(Array<string>(2).fill("global-buffer-overflow"));
  });

  it("of the heap is noted against what was asked for", () => {
    const { c, memory, heap } = testProgram();
    memory.map(0x10_0000, 0x10_1000);
    heap.add(0x10_0010, 10);
    const p = c.at("char [10]", 0x10_0010);
    p.at(9).value = 1;
    expect(c.notes.all).toEqual([]);
    p.at(10).value = 1;
    heap.remove(0x10_0010);
    expect(p.at(9).value).toBe(1);
    expect(c.notes.all.map((note) => note.kind)).toEqual([
      "heap-buffer-overflow",
      "heap-use-after-free",
    ]);
    // A larger object lies there now.
    heap.add(0x10_0000, 64);
    expect(p.at(9).value).toBe(1);
    expect(c.notes.all.length).toBe(2);
  });
});

describe("an object that was set in parts", () => {
  it("has unset bytes in its other parts", () => {
    const { c } = testProgram();
    c.types("struct two { int a; char b; };");
    c.define("void f(void)", (f) => {
      const v = f.local("int v[3]");
      v.at(0).value = 1;
      v.at(2).value = 3;
      expect(v.at(0).value + v.at(2).value).toBe(4);
      expect(c.notes.all).toEqual([]);
      void v.at(1).value;
      const s = f.local("struct two s");
      s.field("b").value = 1;
      void s.field("b").value;
      void s.field("a").value;
      // Once its address is known, others may have set it.
      void v.address;
      void v.at(1).value;
    })();
    expect(c.notes.all.map((note) => note.text.split(" at ")[0])).toEqual([
      "read of v[1], never written,",
      "read of s.a, never written,",
    ]);
  });
});
