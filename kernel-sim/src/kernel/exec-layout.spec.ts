import { describe, expect, it } from "vitest";
import { seededRandom } from "../core/random.js";
import { KiB } from "../core/units.js";
import { execLayout, smallProgram } from "./exec-layout.js";
import type { ExecLayout, LayoutRequest, ProgramImage } from "./exec-layout.js";

/** gcc 12.2 -O0 of a program with `int g = 1; char b[40000];` and malloc(10); the paths are shortened. */
const image: ProgramImage = { ...smallProgram, path: "/tmp/m", dataBytes: 0x60, bssBytes: 40_000 };

const request: LayoutRequest = {
  abi: "x86-64",
  image,
  stackLimitBytes: 8192 * KiB,
  random: undefined,
  style: "top-down",
};

/** `cc -m32 -nostdlib -static` with `char big[5000]; int data = 3;`. */
const program32: ProgramImage = {
  kind: "fixed",
  path: "/tmp/x32",
  headerBytes: 4096,
  textBytes: 4096,
  rodataBytes: 4096,
  relroBytes: 0,
  dataBytes: 0x20,
  bssBytes: 5000,
};

function text({ mappings }: ExecLayout): string {
  const rights = (prot: number): string =>
    `${prot & 1 ? "r" : "-"}${prot & 2 ? "w" : "-"}${prot & 4 ? "x" : "-"}p`;
  const number = (value: number): string => value.toString(16).padStart(8, "0");
  return mappings
    .map((m) =>
      `${number(m.start)}-${number(m.end)} ${rights(m.prot)} ${number(m.offset)} ${m.name}`.trim(),
    )
    .join("\n");
}

const lines = (recorded: string): string =>
  recorded
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .join("\n");

describe("execLayout() gives the addresses recorded on Linux 6.18 with glibc 2.36", () => {
  it("of a small program under setarch -R", () => {
    expect(text(execLayout(request))).toBe(
      lines(`
      555555554000-555555555000 r--p 00000000 /tmp/m
      555555555000-555555556000 r-xp 00001000 /tmp/m
      555555556000-555555557000 r--p 00002000 /tmp/m
      555555557000-555555558000 r--p 00002000 /tmp/m
      555555558000-555555559000 rw-p 00003000 /tmp/m
      555555559000-555555562000 rw-p 00000000
      7ffff7dd1000-7ffff7dd4000 rw-p 00000000
      7ffff7dd4000-7ffff7dfa000 r--p 00000000 /usr/lib/x86_64-linux-gnu/libc.so.6
      7ffff7dfa000-7ffff7f50000 r-xp 00026000 /usr/lib/x86_64-linux-gnu/libc.so.6
      7ffff7f50000-7ffff7fa3000 r--p 0017c000 /usr/lib/x86_64-linux-gnu/libc.so.6
      7ffff7fa3000-7ffff7fa7000 r--p 001cf000 /usr/lib/x86_64-linux-gnu/libc.so.6
      7ffff7fa7000-7ffff7fa9000 rw-p 001d3000 /usr/lib/x86_64-linux-gnu/libc.so.6
      7ffff7fa9000-7ffff7fb6000 rw-p 00000000
      7ffff7fc0000-7ffff7fc2000 rw-p 00000000
      7ffff7fc2000-7ffff7fc6000 r--p 00000000 [vvar]
      7ffff7fc6000-7ffff7fc8000 r--p 00000000 [vvar_vclock]
      7ffff7fc8000-7ffff7fca000 r-xp 00000000 [vdso]
      7ffff7fca000-7ffff7fcb000 r--p 00000000 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
      7ffff7fcb000-7ffff7ff1000 r-xp 00001000 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
      7ffff7ff1000-7ffff7ffb000 r--p 00027000 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
      7ffff7ffb000-7ffff7ffd000 r--p 00031000 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
      7ffff7ffd000-7ffff7fff000 rw-p 00033000 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
      7ffffffde000-7ffffffff000 rw-p 00000000 [stack]`),
    );
  });

  it("under setarch -R, the heap begins where the bss ends", () => {
    expect(execLayout(request).brkStart).toBe(0x5555_5556_2000);
  });

  it("under setarch -R -L, where maps grow upwards", () => {
    const legacy = text(execLayout({ ...request, style: "legacy" }));
    const recorded = lines(`
      2aaaaaaab000-2aaaaaaac000 r--p 00000000 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
      2aaaaaaac000-2aaaaaad2000 r-xp 00001000 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
      2aaaaaad2000-2aaaaaadc000 r--p 00027000 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
      2aaaaaadc000-2aaaaaade000 r--p 00031000 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
      2aaaaaade000-2aaaaaae0000 rw-p 00033000 /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
      2aaaaaae0000-2aaaaaae4000 r--p 00000000 [vvar]
      2aaaaaae4000-2aaaaaae6000 r--p 00000000 [vvar_vclock]
      2aaaaaae6000-2aaaaaae8000 r-xp 00000000 [vdso]
      2aaaaaae8000-2aaaaaaea000 rw-p 00000000
      2aaaaaaf4000-2aaaaab1a000 r--p 00000000 /usr/lib/x86_64-linux-gnu/libc.so.6
      2aaaaab1a000-2aaaaac70000 r-xp 00026000 /usr/lib/x86_64-linux-gnu/libc.so.6
      2aaaaac70000-2aaaaacc3000 r--p 0017c000 /usr/lib/x86_64-linux-gnu/libc.so.6
      2aaaaacc3000-2aaaaacc7000 r--p 001cf000 /usr/lib/x86_64-linux-gnu/libc.so.6
      2aaaaacc7000-2aaaaacc9000 rw-p 001d3000 /usr/lib/x86_64-linux-gnu/libc.so.6`);
    expect(legacy.startsWith(recorded)).toBe(true);
  });

  it("of a 32-bit program under setarch -R", () => {
    expect(text(execLayout({ ...request, abi: "x86-32", image: program32 }))).toBe(
      lines(`
      08048000-08049000 r--p 00000000 /tmp/x32
      08049000-0804a000 r-xp 00001000 /tmp/x32
      0804a000-0804b000 r--p 00002000 /tmp/x32
      0804b000-0804c000 rw-p 00003000 /tmp/x32
      0804c000-0804d000 rw-p 00000000
      f7ff6000-f7ffa000 r--p 00000000 [vvar]
      f7ffa000-f7ffc000 r--p 00000000 [vvar_vclock]
      f7ffc000-f7ffe000 r-xp 00000000 [vdso]
      fffdd000-ffffe000 rw-p 00000000 [stack]`),
    );
  });

  it("of a 32-bit program under setarch -R --3gb, as on a 32-bit kernel", () => {
    const layout = text(execLayout({ ...request, abi: "x86-32-3gb", image: program32 }));
    expect(layout.split("\n").slice(5).join("\n")).toBe(
      lines(`
      b7ff8000-b7ffc000 r--p 00000000 [vvar]
      b7ffc000-b7ffe000 r--p 00000000 [vvar_vclock]
      b7ffe000-b8000000 r-xp 00000000 [vdso]
      bffdf000-c0000000 rw-p 00000000 [stack]`),
    );
  });

  it.each([
    ["x86-64", 65_536, 0x7fff_f7ff_f000],
    ["x86-64", 200_000, 0x7fff_f3ba_f000],
    ["x86-64", Infinity, 0x1555_5555_6000],
    ["x86-32", 8192, 0xf7ff_e000],
    ["x86-32", Infinity, 0x2aaa_b000],
  ] as const)("of the mmap area on %s with ulimit -s %s: %i", (abi, limitKiB, base) => {
    const stackLimitBytes = limitKiB * KiB;
    expect(execLayout({ ...request, abi, stackLimitBytes }).mmapBase).toBe(base);
  });

  it("of a 32-bit program's mmap area under setarch -R -L", () => {
    const layout = execLayout({ ...request, abi: "x86-32", image: program32, style: "legacy" });
    expect(layout.mmapBase).toBe(0x5555_5000);
  });
});

describe("execLayout() with randomisation", () => {
  it("keeps every start within the bits the kernel randomises", () => {
    for (let seed = 0; seed < 200; seed++) {
      const layout = execLayout({ ...request, random: seededRandom(seed) });
      const first = layout.mappings[0]?.start ?? 0;
      expect(first).toBeGreaterThanOrEqual(0x5555_5555_4000);
      expect(first).toBeLessThan(0x5555_5555_4000 + 2 ** 40);
      expect(0x7fff_ffff_f000 - layout.stackEnd).toBeLessThan(2 ** 34 + 8192);
      expect(layout.stackPointer % 16).toBe(0);
      expect(layout.mmapBase).toBeLessThan(layout.stackEnd - 8192 * KiB);
      expect(layout.brkStart % 4096).toBe(0);
    }
  });

  it("gives the same addresses for the same seed", () => {
    const once = execLayout({ ...request, random: seededRandom(7) });
    expect(execLayout({ ...request, random: seededRandom(7) })).toEqual(once);
  });
});
