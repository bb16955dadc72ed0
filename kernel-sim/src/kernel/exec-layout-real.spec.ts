/** Random programs, started on the real system under random limits: each map where execLayout() puts it. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { release } from "node:os";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../core/random.js";
import type { Random } from "../core/random.js";
import { KiB, PAGE_SIZE, pageCeil, pageFloor } from "../core/units.js";
import { compiler, withCompiled } from "../program/compiled.testing.js";
import { execLayout } from "./exec-layout.js";
import type { ExecLayout, LayoutRequest, ProgramImage } from "./exec-layout.js";

/** The layout depends on the kernel's vdso and the C library's segments: on others the addresses differ. */
const isModelled =
  release().startsWith("6.18.") &&
  ["/usr/bin/setarch", "/etc/ld.so.cache"].every((path) => existsSync(path));

/** Copies /proc/self/maps to its output by system calls alone, so that nothing is mapped meanwhile. */
const program = (data: number, bss: number, rodata: number, text: number): string => `
#include <fcntl.h>
#include <unistd.h>
${data > 0 ? `char data[${data}] = { 1 };` : ""}
${bss > 0 ? `char bss[${bss}];` : ""}
${rodata > 0 ? `const char rodata[${rodata}] = { 1 };` : ""}
__attribute__((used)) static void text(void) { __asm__(".skip ${text}, 0x90"); }
int main(void) {
  char buffer[4096];
  int fd = open("/proc/self/maps", O_RDONLY);
  long n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0) write(1, buffer, n);
  return 0;
}
`;

interface Segment {
  readonly type: number;
  readonly address: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
}

/** The program headers of an ELF file of 64 bits (elf(5)). */
function segments(file: Buffer): Segment[] {
  const start = Number(file.readBigUInt64LE(32));
  return Array.from({ length: file.readUInt16LE(56) }, (_, i) => {
    const at = start + i * file.readUInt16LE(54);
    const word = (offset: number): number => Number(file.readBigUInt64LE(at + offset));
    return {
      type: file.readUInt32LE(at),
      address: word(16),
      fileBytes: word(32),
      memoryBytes: word(40),
    };
  });
}

const PT_LOAD = 1;
const PT_GNU_RELRO = 0x6474_e552;

function imageOf(path: string): ProgramImage {
  const all = segments(readFileSync(path));
  const [headers, text, rodata, data] = all.filter((one) => one.type === PT_LOAD);
  const relro = all.find((one) => one.type === PT_GNU_RELRO);
  if (!headers || !text || !rodata || !data || !relro) throw new Error("an unusual program");
  const relroEnd = pageFloor(relro.address + relro.memoryBytes);
  const fileEnd = data.address + data.fileBytes;
  return {
    kind: "pie",
    path: "/program",
    headerBytes: pageCeil(headers.fileBytes),
    textBytes: pageCeil(text.fileBytes),
    rodataBytes: pageCeil(rodata.fileBytes),
    relroBytes: relroEnd - pageFloor(data.address),
    dataBytes: fileEnd - relroEnd,
    bssBytes: data.memoryBytes - data.fileBytes,
  };
}

function text({ mappings }: ExecLayout): string[] {
  const rights = (prot: number): string =>
    `${prot & 1 ? "r" : "-"}${prot & 2 ? "w" : "-"}${prot & 4 ? "x" : "-"}p`;
  return mappings.map(({ start, end, prot, name }) =>
    `${start.toString(16)}-${end.toString(16)} ${rights(prot)} ${name}`.trim(),
  );
}

/** Without offsets and inodes; `[heap]` is not there before the first malloc, and the vsyscall page is not modelled. */
function real(maps: string, path: string): string[] {
  return maps
    .trim()
    .split("\n")
    .filter((line) => !line.endsWith("[vsyscall]"))
    .map((line) => {
      const [range = "", rights = "", , , , name = ""] = line.split(/\s+/);
      return `${range} ${rights} ${name === path ? "/program" : name}`.trim();
    });
}

function randomRequest(random: Random): {
  readonly sizes: readonly [number, number, number, number];
  readonly limitKiB: number;
  readonly style: LayoutRequest["style"];
} {
  const size = (): number => random.pick([0, 1, 100, 4096, 40_000, 1_000_000, 5_000_000]);
  return {
    sizes: [size(), size(), size(), random.pick([0, 5000, 100_000])],
    limitKiB: random.pick([132, 1024, 8192, 131_072, 140_000, 1_048_576, 2 ** 30, Infinity]),
    style: random.pick(["top-down", "top-down", "legacy"]),
  };
}

describe("execLayout()", () => {
  // Skipped where there is no compiler, no setarch, or another kernel than the one modelled.
  it.skipIf(compiler === undefined || !isModelled)(
    "puts random programs where the kernel puts them under setarch -R, also with -L and other stack limits",
    () => {
      const seed = Number(process.env["MEMORY_COURSE_SEED"] ?? Date.now() % 1e9);
      const random = seededRandom(seed);
      for (let i = 0; i < 12; i++) {
        const { sizes, limitKiB, style } = randomRequest(random);
        withCompiled({ text: program(...sizes) }, (_, path) => {
          const limit = limitKiB === Infinity ? "unlimited" : String(limitKiB);
          const layout = style === "legacy" ? "-L" : "";
          const command = `ulimit -S -s ${limit} && exec setarch -R ${layout} ${path}`;
          const maps = execFileSync("/bin/sh", ["-c", command], { encoding: "utf8" });
          const stackLimitBytes = limitKiB * KiB;
          const image = imageOf(path);
          const abi = "x86-64";
          const loaderCachePages = pageCeil(statSync("/etc/ld.so.cache").size) / PAGE_SIZE;
          const limits = { stackLimitBytes, style, loaderCachePages };
          const ours = execLayout({ abi, image, random: undefined, ...limits });
          const what = `MEMORY_COURSE_SEED=${seed}: ${limit} kB, ${style}, ${sizes.join(" ")}`;
          expect(text(ours), what).toEqual(real(maps, path));
        });
      }
    },
  );
});
