import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { boot } from "../../machine.js";
import { tracedProcess } from "../../traced-process.js";
import { replayText } from "../index.js";
import { TraceSyntaxError } from "../syntax-error.js";
import { importers } from "./index.js";

function sample(name: string): string {
  return readFileSync(new URL(`samples/${name}`, import.meta.url), "latin1");
}

function imported(format: string, text: string): string[] {
  return importers.get(format)?.(text, "x.log") ?? [];
}

/** Each command that is not a comment with the simulator's answer to it. */
function replayed(format: string, text: string): { command: string; answer: string }[] {
  const trace = imported(format, text);
  const answers = replayText(trace.join("\n"), tracedProcess(boot().spawn("a.out")));
  const commands = trace.filter((command) => !command.startsWith("#"));
  expect(answers).toHaveLength(commands.length);
  return commands.map((command, at) => ({ command, answer: answers[at] ?? "" }));
}

function complaint(format: string, text: string): string {
  try {
    imported(format, text);
  } catch (error) {
    if (error instanceof TraceSyntaxError) return error.message;
    throw error;
  }
  return "none";
}

/** How far below the first address the others lie, in the log and in the replay: `0x…` to number. */
function distances(addresses: readonly string[]): number[] {
  const numbers = addresses.map((text) => Number(/0x[0-9a-f]+/.exec(text)?.[0]));
  return numbers.map((address) => Math.abs(address - (numbers[0] ?? 0)));
}

describe("mtrace", () => {
  it("becomes malloc, realloc and free, by name", () => {
    expect(imported("mtrace", sample("mtrace.log"))).toEqual([
      "malloc a1 24",
      "malloc a2 1000",
      "realloc a3 a1 2000",
      "malloc a4 300",
      "malloc a5 1048576",
      "free a2",
      "malloc a6 6",
      "free a3",
      "realloc a7 a5 2097152",
      "free a7",
      "free a4",
      "malloc a8 10",
      "free a8",
      "free a6",
    ]);
  });

  it("reuses in the replay the blocks that were reused in the log", () => {
    const inLog = [...sample("mtrace.log").matchAll(/ [+>] (0x[0-9a-f]+) /g)].map(([, at]) => at);
    const inReplay = replayed("mtrace", sample("mtrace.log"))
      .map(({ answer }) => answer)
      .filter((answer) => answer.startsWith("="));
    expect(inReplay).toHaveLength(inLog.length);
    const sameAs = (of: readonly (string | undefined)[]) =>
      of.map((address) => of.indexOf(address));
    expect(sameAs(inReplay)).toEqual(sameAs(inLog));
  });

  it("takes a block from before the log as a comment, and a failed realloc as a realloc", () => {
    const log = "@ a:[0x1] - 0x10\n@ a b:[0x1] + 0x20 0x8\n@ a:[0x1] ! 0x20 0x7fffffffffffffff\n";
    expect(imported("mtrace", log)).toEqual([
      "# 0x10 was freed, and allocated before the log began",
      "malloc a1 8",
      "realloc a2 a1 9223372036854775807",
    ]);
  });

  it("says where a line is not mtrace's", () => {
    expect(complaint("mtrace", "= Start\n@ a:[0x1] + 0x20 24\n")).toBe(
      'x.log:2:18: expected a size in hexadecimal, found "24"',
    );
    expect(complaint("mtrace", "hello")).toMatch(/^x\.log:1:1: expected @, = Start or = End/);
  });
});

describe("rep", () => {
  const lab = "20000\n3\n6\n1\na 0 2040\na 1 48\nr 0 4072\nf 1\nf -1\nf 0\n";

  it("becomes malloc, realloc and free", () => {
    expect(imported("rep", lab)).toEqual([
      "malloc b0 2040",
      "malloc b1 48",
      "realloc b0 b0 4072",
      "free b1",
      "# free(NULL)",
      "free b0",
    ]);
  });

  it("is replayed: realloc of the block below another moves it", () => {
    expect(replayed("rep", lab).map(({ answer }) => answer)).toEqual([
      "= heap+0x2a0",
      "= heap+0xaa0",
      "= heap+0xae0",
      "ok",
      "ok",
    ]);
  });

  it("says where a line is not the lab's", () => {
    expect(complaint("rep", "20000\n3\n1\n1\na 3 8\n")).toBe(
      'x.log:5:3: expected the number of a block, below 3, found "3"',
    );
    expect(complaint("rep", "20000\n3\n2\n1\na 0 8\n")).toMatch(/:5:6: expected 2 commands/);
    expect(complaint("rep", "20000\nx\n")).toMatch(/:2:1: expected a number/);
    expect(complaint("rep", "")).toMatch(/:1:1: expected four lines/);
  });
});

describe("lackey", () => {
  it("maps the pages that were touched, and touches them in order", () => {
    expect(imported("lackey", sample("lackey.log"))).toEqual([
      "mmap m1 12288 rw private|anon",
      "mmap m2 4096 rw private|anon",
      "mmap m3 4096 rw private|anon",
      "write m1+0x64 1",
      "write m1+0x1064 1",
      "write m1+0x2064 1",
      "read m2+0x0 1",
      "write m3+0x69f 1",
    ]);
  });

  it("faults once a page", () => {
    const touches = replayed("lackey", sample("lackey.log")).slice(3);
    expect(new Set(touches.map(({ answer }) => answer))).toEqual(new Set(["ok minflt=1 majflt=0"]));
  });

  it("touches both pages of an access that crosses their border, and joins repetitions", () => {
    const log = " L 1ffc,8\n L 2004,4\n S 2004,4\n M 2008,4\n";
    expect(imported("lackey", log)).toEqual([
      "mmap m1 8192 rw private|anon",
      "read m1+0xffc 8",
      "write m1+0x1004 4",
    ]);
    expect(replayed("lackey", log)[1]?.answer).toBe("ok minflt=2 majflt=0");
  });

  it("says where a line is neither an access nor Valgrind's own", () => {
    expect(complaint("lackey", "==1== x\n L 1ffc\n")).toMatch(/^x\.log:2:1: expected I, L, S or M/);
  });
});

describe("strace", () => {
  it("is replayed at the distances of the log", () => {
    const mapped = [...sample("strace.log").matchAll(/^m(?:re)?map\(.* = (0x[0-9a-f]+)$/gm)];
    const answers = replayed("strace", sample("strace.log"))
      .filter(({ command }) => /^m(re)?map /.test(command))
      .map(({ answer }) => answer);
    expect(mapped.length).toBe(12);
    expect(distances(answers)).toEqual(distances(mapped.map(([, address]) => address ?? "")));
  });

  it("puts interrupted calls together", () => {
    const answers = replayed("strace", sample("strace-threads.log"));
    expect(answers.filter(({ command }) => command.startsWith("munmap"))).toHaveLength(5);
    expect(answers.at(-1)).toEqual({
      command: "mmap m14 4611686018427387904 r private|anon",
      answer: "ENOMEM",
    });
  });

  it("makes a comment of a call on what the log did not map", () => {
    expect(imported("strace", "mprotect(0x5000, 4096, PROT_READ) = 0\n")).toEqual([
      "# mprotect(0x5000, 4096, PROT_READ): what is mapped there, the log does not show",
    ]);
  });

  it("keeps a file until its descriptor means another", () => {
    const log = [
      'openat(AT_FDCWD, "a", O_RDONLY) = 3',
      "mmap(NULL, 8192, PROT_READ, MAP_SHARED, 3, 0) = 0x7000",
      "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0x2000) = 0x6000",
      "close(3) = 0",
      'openat(AT_FDCWD, "b", O_RDONLY) = 3',
      "12:00:00.5 mmap(NULL, 100, PROT_NONE, MAP_SHARED|MAP_POPULATE, 3, 0) = 0x5000",
      "munmap(0x7000, 8192) = 0",
      "+++ exited with 0 +++",
    ];
    expect(imported("strace", log.join("\n"))).toEqual([
      "file f1 12288",
      "mmap m1 8192 r shared f1",
      "mmap m2 4096 r private f1 off=0x2000",
      "file f2 100",
      "mmap m3 100 none shared|populate f2",
      "munmap m1 8192",
    ]);
  });

  it("says where a line or a constant is not known", () => {
    expect(complaint("strace", "what is this\n")).toMatch(/^x\.log:1:1: expected a call as strace/);
    expect(
      complaint("strace", "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_32BIT, -1, 0) = 0x7000"),
    ).toBe(
      'x.log:1:41: expected a constant that the trace language has a word for, found "MAP_32BIT"',
    );
    expect(complaint("strace", "munmap(0x7000, 4k) = 0")).toMatch(
      /:1:16: expected a number, an address or NULL, found "4k"/,
    );
  });
});
