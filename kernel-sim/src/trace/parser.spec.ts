import { describe, expect, it } from "vitest";
import { BASE_HEAP, BASE_TOP, CommandList, HAS_CHILD, NONE } from "./command-list.js";
import { Op } from "./language.js";
import { TraceParser } from "./parser.js";
import { TraceSyntaxError } from "./syntax-error.js";

function parse(text: string): CommandList {
  const list = new CommandList();
  new TraceParser("t.trace").parse(new TextEncoder().encode(text), list, "last");
  return list;
}

function wordsOf(text: string): number[] {
  const { words } = parse(text);
  return [...words.values.subarray(0, words.length)];
}

function complaint(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof TraceSyntaxError) return error.message;
    throw error;
  }
  return "none";
}

describe("TraceParser", () => {
  it("numbers names in the order in which they come", () => {
    expect(wordsOf("malloc a 5\nmalloc b 6\nrealloc c a 7")).toEqual(
      [
        [Op.malloc, 0, 5],
        [Op.malloc, 1, 6],
        [Op.realloc, 2, 0, 7],
      ].flat(),
    );
  });

  it("leaves out comments and empty lines", () => {
    const list = parse("# all of it\n\n  \nmaps # the rest\r\n\tmaps\n");
    expect(list.count).toBe(2);
  });

  it("reads sizes in decimal, in hex and with suffixes, exactly up to 2^64", () => {
    const sizes = ["0x1f", "2K", "3G", "18446744073709551615", "0x8000000000000000", "128T"];
    expect(sizes.map((size) => parse(`malloc a ${size}`).exactAt(2))).toEqual([
      31,
      2048,
      3 * 2 ** 30,
      18446744073709551615n,
      0x8000000000000000n,
      128 * 2 ** 40,
    ]);
  });

  it("reads addresses from a name, the heap and top", () => {
    expect(wordsOf("load a+16\nload heap+1\nload top-4096\nload a")).toEqual(
      [
        [Op.load, 0, 16],
        [Op.load, BASE_HEAP, 1],
        [Op.load, BASE_TOP, -1],
        [Op.load, 0, 0],
      ].flat(),
    );
    expect(parse("load top-4096").numberAt(2)).toBe(-4096);
  });

  it("takes the file, the offset and the address of mmap in any order", () => {
    const orders = ["f off=8192 at=top-4096", "at=top-4096 off=8192 f", "off=8192 f at=top-4096"];
    const tails = orders.map((tail) => {
      const words = wordsOf(`mmap m 4096 rw private ${tail}`);
      return [...words.slice(0, 5), ...words.slice(6)];
    });
    expect(tails[1]).toEqual(tails[0]);
    expect(tails[2]).toEqual(tails[0]);
  });

  it("marks the commands of a child", () => {
    expect(wordsOf("@c exit")).toEqual([Op.exit | HAS_CHILD, 0]);
    expect(wordsOf("mmap m 1 none anon")[5]).toBe(NONE);
  });

  it("says file, line, column and what was expected", () => {
    expect(complaint("maps\nmalloc a many")).toBe('t.trace:2:10: expected a number, found "many"');
    expect(complaint("malloc a")).toBe("t.trace:1:9: expected a number, the line ends");
    expect(complaint("maloc a 5")).toMatch(/^t\.trace:1:1: expected a command .* found "maloc"$/);
    expect(complaint("maps now")).toBe('t.trace:1:6: expected the end of the line, found "now"');
    expect(complaint("mmap m 4096 rw privat|anon")).toMatch(
      /^t\.trace:1:16: expected flags joined/,
    );
    expect(complaint("malloc a_name_of_seventeen 1")).toMatch(/:8: expected a name, of 1 to 15/);
    expect(complaint("malloc a 0x10000000000000000")).toMatch(/:10: expected a number below 2\^64/);
    expect(complaint("@c")).toMatch(/:3: expected a command for the child, the line ends/);
  });

  it("keeps what came before the wrong line", () => {
    const list = new CommandList();
    const bytes = new TextEncoder().encode("maps\nmmap m 4096 rw anon oops=1 off=x\n");
    expect(() => new TraceParser("t").parse(bytes, list, "last")).toThrow(TraceSyntaxError);
    expect([list.count, list.words.length]).toEqual([1, 1]);
  });

  it("leaves a last line without its newline until the rest has come", () => {
    const parser = new TraceParser("t");
    const list = new CommandList();
    const bytes = new TextEncoder().encode("maps\nmalloc a 12");
    expect(parser.parse(bytes, list, "more follows")).toBe(5);
    expect(list.count).toBe(1);
  });

  it("tells thousands of names apart", () => {
    const count = 20_000;
    const lines = Array.from({ length: count }, (_, i) => `free n${i}`);
    const list = parse([...lines, ...lines].join("\n"));
    const names = Array.from({ length: 2 * count }, (_, i) => list.words.at(3 * i + 1));
    expect(names).toEqual(Array.from({ length: 2 * count }, (_, i) => i % count));
  });
});
