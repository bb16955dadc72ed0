/**
 * Where execve(2) and the dynamic loader put a new process: text, data, bss, heap, the mmap area, vdso
 * and stack, on x86-64 (47 bits) and x86-32 (a 32-bit program on a 64-bit kernel, with its 4 GiB or limited to 3).
 *
 * Sources: Linux 6.18 fs/binfmt_elf.c (load_elf_binary), arch/x86/mm/mmap.c (mmap_base,
 * arch_pick_mmap_layout), mm/util.c (randomize_stack_top), arch/x86/kernel/process.c
 * (arch_align_stack, arch_randomize_brk); the libraries' sizes are those of Debian 12's glibc 2.36.
 * Not modelled: 5-level page tables, static position-independent programs, the vsyscall page.
 */
import { PROT_EXEC, PROT_READ, PROT_WRITE } from "../abi/mman.js";
import type { Random } from "../core/random.js";
import type { Address } from "../core/units.js";
import { GiB, KiB, MiB, PAGE_SIZE, pageCeil } from "../core/units.js";

/**
 * Which instruction set the program was built for: `cc` or `cc -m32`; `x86-32-3gb` is the latter under
 * `setarch --3gb` (ADDR_LIMIT_3GB), with the 3 GiB that a 32-bit kernel gives.
 */
export type ProgramAbi = "x86-64" | "x86-32" | "x86-32-3gb";

/** `fixed`: linked at an address of its own (`cc -no-pie -static`, no libraries); `pie`: Debian's default. */
export type ImageKind = "pie" | "fixed";

/** The sizes of a program's segments, as `size` and `readelf -l` tell them. */
export interface ProgramImage {
  readonly kind: ImageKind;
  readonly path: string;
  readonly headerBytes: number;
  readonly textBytes: number;
  readonly rodataBytes: number;
  /** Read-only after relocation; 0 where there is none. */
  readonly relroBytes: number;
  readonly dataBytes: number;
  /** Zeroed data behind `dataBytes`: it fills the data's last page, then pages of its own. */
  readonly bssBytes: number;
}

/** A small C program as gcc 12 links it on Debian 12: a page for each segment. */
export const smallProgram: ProgramImage = {
  kind: "pie",
  path: "a.out",
  headerBytes: PAGE_SIZE,
  textBytes: PAGE_SIZE,
  rodataBytes: PAGE_SIZE,
  relroBytes: PAGE_SIZE,
  dataBytes: 16,
  bssBytes: 8,
};

export interface LayoutRequest {
  readonly abi: ProgramAbi;
  readonly image: ProgramImage;
  /** RLIMIT_STACK at execve; `Infinity` for unlimited. */
  readonly stackLimitBytes: number;
  /** `undefined` is `setarch -R` (ADDR_NO_RANDOMIZE): every start at its base. */
  readonly random: Random | undefined;
  /** `legacy` is `setarch -L` (ADDR_COMPAT_LAYOUT): maps grow upwards. */
  readonly style: "top-down" | "legacy";
  /** Pages of /etc/ld.so.cache, which grows with the libraries of a system; ten where not given. */
  readonly loaderCachePages?: number;
}

export interface LayoutMapping {
  readonly start: Address;
  readonly end: Address;
  readonly prot: number;
  readonly offset: number;
  /** A path, `[vdso]`, `[stack]` …, or the empty string for anonymous memory. */
  readonly name: string;
  /** What it is for, in a word a drawing can use. */
  readonly role: "text" | "data" | "bss" | "library" | "kernel" | "stack" | "anonymous";
}

export interface ExecLayout {
  readonly taskSize: Address;
  /** Where the first mmap goes: below it (top-down) or from it upwards (legacy). */
  readonly mmapBase: Address;
  readonly mmapDirection: "down" | "up";
  /** The start of the heap, where brk begins. */
  readonly brkStart: Address;
  /** The end of the stack's mapping. */
  readonly stackEnd: Address;
  /** The stack pointer at `_start`: it points to argc. */
  readonly stackPointer: Address;
  /** Lowest address first. */
  readonly mappings: readonly LayoutMapping[];
}

const stackGuardGap = 256 * PAGE_SIZE;
/** The kernel grows a new stack by 128 KiB beyond the pages it wrote (setup_arg_pages). */
const initialStackBytes = 132 * KiB;

const area32 = {
  taskSize: 0xffff_e000,
  stackRandomPages: 0x7ff,
  mmapRandomPages: 2 ** 8 - 1,
  brkRandomBytes: 32 * MiB,
  pieBase: 0x5655_5000,
  fixedBase: 0x0804_8000,
} as const;

const areas = {
  "x86-64": {
    taskSize: 0x7fff_ffff_f000,
    stackRandomPages: 0x3f_ffff,
    mmapRandomPages: 2 ** 28 - 1,
    brkRandomBytes: GiB,
    pieBase: 0x5555_5555_4000,
    fixedBase: 0x40_0000,
  },
  "x86-32": area32,
  "x86-32-3gb": { ...area32, taskSize: 0xc000_0000 },
} as const;

const R = PROT_READ;
const RX = PROT_READ | PROT_EXEC;
const RW = PROT_READ | PROT_WRITE;

type Part = readonly [pages: number, prot: number, offsetPages: number, kind: "file" | "anonymous"];

const loader: readonly Part[] = [
  [0x1, R, 0x0, "file"],
  [0x26, RX, 0x1, "file"],
  [0xa, R, 0x27, "file"],
  [0x2, R, 0x31, "file"],
  [0x2, RW, 0x33, "file"],
];
const libc: readonly Part[] = [
  [0x26, R, 0x0, "file"],
  [0x156, RX, 0x26, "file"],
  [0x53, R, 0x17c, "file"],
  [0x4, R, 0x1cf, "file"],
  [0x2, RW, 0x1d3, "file"],
  [0xd, RW, 0x0, "anonymous"],
];
/** vvar, vvar_vclock and vdso are mapped as one block. */
const vdsoPages = { vvar: 4, clock: 2, vdso: 2 } as const;
const loaderScratchPages = 2;
/** ld.so maps /etc/ld.so.cache while it looks for libraries, and unmaps it: a hole of ten pages stays. */
const usualLoaderCachePages = 10;
const threadAreaPages = 3;

/**
 * The layout of a process at the entry of main(). The same request with the same seed gives the same
 * addresses. Never fails.
 */
export function execLayout(request: LayoutRequest): ExecLayout {
  const { abi, image, random } = request;
  const area = areas[abi];
  const pick = (most: number): number => (random === undefined ? 0 : random.between(0, most));

  const stackSlack = pick(area.stackRandomPages) * PAGE_SIZE;
  const stackEnd = pageCeil(area.taskSize - stackSlack - pick(511) * 16);
  const mmapSlack = pick(area.mmapRandomPages) * PAGE_SIZE;
  const mmapBase = mmapBaseOf(request, mmapSlack);
  const imageBase =
    image.kind === "fixed" ? area.fixedBase : area.pieBase + pick(area.mmapRandomPages) * PAGE_SIZE;

  const segments = imageMappings(image, imageBase);
  const imageEnd = segments.at(-1)?.end ?? imageBase;
  const brkStart = imageEnd + pick(area.brkRandomBytes / PAGE_SIZE) * PAGE_SIZE;

  const direction = request.style === "legacy" ? "up" : "down";
  const mapped = mapLoader(request, mmapBase, direction);
  const stack: LayoutMapping = {
    start: stackEnd - initialStackBytes,
    end: stackEnd,
    prot: RW,
    offset: 0,
    name: "[stack]",
    role: "stack",
  };
  // Argument strings, environment, auxiliary vector and argv lie above the first stack pointer.
  const stackPointer = stackEnd - 0x900 - pick(255) * 16;
  return {
    taskSize: area.taskSize,
    mmapBase,
    mmapDirection: direction,
    brkStart,
    stackEnd,
    stackPointer,
    mappings: [...segments, ...mapped, stack].sort((a, b) => a.start - b.start),
  };
}

/** arch/x86/mm/mmap.c: the gap below the stack is its limit, at least 128 MiB, at most 5/6 of the space. */
function mmapBaseOf(request: LayoutRequest, slack: number): Address {
  const { taskSize, stackRandomPages } = areas[request.abi];
  if (request.style === "legacy") return pageCeil(Math.floor(taskSize / 3)) + slack;
  const pad =
    stackGuardGap + (request.random === undefined ? 0 : (stackRandomPages + 1) * PAGE_SIZE - 1);
  const gap = request.stackLimitBytes === Infinity ? Infinity : request.stackLimitBytes + pad;
  const most = Math.floor(taskSize / 6) * 5;
  return pageCeil(taskSize - Math.min(Math.max(gap, 128 * MiB), most) - slack);
}

function imageMappings(image: ProgramImage, base: Address): LayoutMapping[] {
  const mappings: LayoutMapping[] = [];
  let at = base;
  let offset = 0;
  const add = (bytes: number, prot: number, role: LayoutMapping["role"]): void => {
    if (bytes === 0) return;
    const end = pageCeil(at + bytes);
    mappings.push({ start: at, end, prot, offset, name: image.path, role });
    offset += end - at;
    at = end;
  };
  add(image.headerBytes, R, "text");
  add(image.textBytes, RX, "text");
  add(image.rodataBytes, R, "text");
  if (image.relroBytes > 0) {
    // The linker puts relro and data on one file page, mapped twice.
    offset -= PAGE_SIZE;
    add(image.relroBytes, R, "data");
  }
  add(image.dataBytes, RW, "data");
  const bssEnd = pageCeil(at - PAGE_SIZE + (image.dataBytes % PAGE_SIZE) + image.bssBytes);
  if (bssEnd > at)
    mappings.push({ start: at, end: bssEnd, prot: RW, offset: 0, name: "", role: "bss" });
  return mappings;
}

/** What the kernel and ld.so map before main, in their order. */
function mapLoader(
  { image, loaderCachePages = usualLoaderCachePages }: LayoutRequest,
  mmapBase: Address,
  direction: "up" | "down",
): LayoutMapping[] {
  const mappings: LayoutMapping[] = [];
  let cursor = mmapBase;
  const take = (pages: number): Address => {
    const bytes = pages * PAGE_SIZE;
    if (direction === "down") return (cursor -= bytes);
    cursor += bytes;
    return cursor - bytes;
  };
  const place = (parts: readonly Part[], name: string, role: LayoutMapping["role"]): void => {
    let start = take(parts.reduce((sum, [pages]) => sum + pages, 0));
    for (const [pages, prot, offsetPages, kind] of parts) {
      const end = start + pages * PAGE_SIZE;
      const file = kind === "file" ? name : "";
      const before = mappings.at(-1);
      // Anonymous neighbours are one vma.
      if (file === "" && before?.name === "" && before.end === start && before.prot === prot)
        mappings.splice(-1, 1, { ...before, end });
      else mappings.push({ start, end, prot, offset: offsetPages * PAGE_SIZE, name: file, role });
      start = end;
    }
  };
  const dynamic = image.kind === "pie";
  if (dynamic) place(loader, "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "library");
  let vdso = take(vdsoPages.vvar + vdsoPages.clock + vdsoPages.vdso);
  for (const [name, pages, prot] of [
    ["[vvar]", vdsoPages.vvar, R],
    ["[vvar_vclock]", vdsoPages.clock, R],
    ["[vdso]", vdsoPages.vdso, RX],
  ] as const) {
    const end = vdso + pages * PAGE_SIZE;
    mappings.push({ start: vdso, end, prot, offset: 0, name, role: "kernel" });
    vdso = end;
  }
  if (!dynamic) return mappings;
  place([[loaderScratchPages, RW, 0, "anonymous"]], "", "anonymous");
  take(loaderCachePages);
  place(libc, "/usr/lib/x86_64-linux-gnu/libc.so.6", "library");
  place([[threadAreaPages, RW, 0, "anonymous"]], "", "anonymous");
  return mappings;
}
