import { describe, expect, it } from "vitest";
import { boot } from "../machine.js";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../abi/mman.js";
import { O_CREAT, O_RDWR } from "../abi/fcntl.js";
import { ProgramTerminated } from "../abi/signal.js";
import { MiB, PAGE_SIZE } from "../core/units.js";
import { frames } from "./inspect.js";

const HOME = 0x1000_0000_0000;

function mapped(pages: number) {
  const c = boot().spawn("a.out");
  const rights = PROT_READ | PROT_WRITE;
  const map = c.mmap(HOME, pages * PAGE_SIZE, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return { c, map };
}

describe("pages()", () => {
  it("names each state, and touches nothing", () => {
    const { c, map } = mapped(4);
    c.load(map);
    c.store(map + PAGE_SIZE, 1);
    const before = c.getrusage().ru_minflt;
    expect(c.pages(map, 5 * PAGE_SIZE).data).toMatchObject({
      runs: [
        { pages: 1, state: "zero page" },
        { pages: 1, state: "anonymous" },
        { pages: 2, state: "untouched" },
        { pages: 1, state: "unmapped" },
      ],
    });
    expect(c.getrusage().ru_minflt).toBe(before);
  });

  it("tells an anonymous frame with two users from one with one", () => {
    const { c, map } = mapped(2);
    c.touch(map, 2 * PAGE_SIZE);
    const child = c.fork();
    child.store(map, 2);
    expect(c.pages(map, 2 * PAGE_SIZE).data).toMatchObject({
      runs: [
        { pages: 1, state: "anonymous" },
        { pages: 1, state: "shared anonymous" },
      ],
    });
  });

  it("tells a file's page in our page table from one in the cache alone", () => {
    const c = boot().spawn("a.out");
    const fd = c.open("file", O_RDWR | O_CREAT);
    // Page by page: a larger write makes larger folios, which are mapped whole.
    for (let i = 0; i < 32; i++) c.write(fd, new Uint8Array(PAGE_SIZE), PAGE_SIZE);
    const map = c.mmap(HOME, 32 * PAGE_SIZE, PROT_READ, MAP_SHARED, fd, 0);
    c.load(map);
    expect(c.pages(map, 32 * PAGE_SIZE).data).toMatchObject({
      runs: [
        { pages: 16, state: "file" },
        { pages: 16, state: "cached" },
      ],
    });
  });

  it("teaches where the length is 0", () => {
    expect(() => mapped(1).c.pages(HOME, 0)).toThrow(/try: a length above 0/);
  });
});

describe("walk()", () => {
  it("ends at the frame of a touched page, and at an empty entry of an untouched one", () => {
    const { c, map } = mapped(1024);
    c.store(map, 1);
    expect(c.walk(map).steps.map((step) => step.outcome)).toEqual([
      "next table",
      "next table",
      "next table",
      "frame",
    ]);
    expect(c.walk(map).pfn).toBeGreaterThan(0);
    expect(c.walk(map + 2 * MiB).steps.at(-1)).toMatchObject({ table: "pmd", outcome: "empty" });
    expect(c.walk(map + 2 * MiB).pfn).toBeUndefined();
  });
});

describe("watchFaults()", () => {
  it("says of each fault what the kernel did", () => {
    const { c, map } = mapped(4);
    const log = c.watchFaults();
    c.load(map);
    c.store(map, 1);
    c.store(map + PAGE_SIZE, 1);
    const child = c.fork();
    c.store(map, 2);
    child._exit(0);
    c.wait();
    c.store(map + PAGE_SIZE, 2);
    expect(() => c.load(map + 64 * PAGE_SIZE)).toThrow(ProgramTerminated);
    expect(log.entries.map(({ reason }) => reason.replace(/0x[0-9a-f]+/g, "N"))).toEqual([
      "first read: the zero page",
      "write to the zero page: a new frame of zeros",
      "first write: a new frame of zeros",
      "copy-on-write: frame N copied to a new one",
      "write to a frame that is no longer shared: taken over, not copied",
      "no valid access: SIGSEGV/MAPERR at N",
    ]);
  });

  it("joins page after page into one line of its text", () => {
    const { c, map } = mapped(8);
    const log = c.watchFaults();
    for (let i = 0; i < 8; i++) c.store(map + i * PAGE_SIZE, 1);
    expect(String(log)).toBe(
      "0x100000000000  write  minor  first write: a new frame of zeros (8 pages in a row)",
    );
  });
});

describe("frames()", () => {
  it("gives parent and child the same frame until one writes", () => {
    const { c, map } = mapped(2);
    c.touch(map, 2 * PAGE_SIZE);
    const child = c.fork();
    child.store(map, 2);
    expect(String(frames({ parent: c, child }, map, 2 * PAGE_SIZE))).toMatch(
      /: 2 × \(parent page 1, child page 1\)/,
    );
  });
  it("teaches where there are too many pages to draw", () => {
    expect(() => frames({ c: mapped(1).c }, HOME, 17 * PAGE_SIZE)).toThrow(/from 1 to 16 pages/);
  });
});
