/** The words of the memory-trace language: its commands, their operands, and the constants they name. */
import * as mman from "../abi/mman.js";
import * as calls from "../libc/ptmalloc/calls.js";
import * as mallopt from "../libc/ptmalloc/mallopt.js";

/** Commands, by the number that stands for them in a parsed trace. */
export const Op = {
  malloc: calls.CALL_MALLOC,
  calloc: calls.CALL_CALLOC,
  realloc: calls.CALL_REALLOC,
  memalign: 3,
  free: calls.CALL_FREE,
  usable: 5,
  trim: 6,
  mallopt: 7,
  mallinfo: 8,
  sbrk: 9,
  mmap: 10,
  munmap: 11,
  mprotect: 12,
  madvise: 13,
  mlock: 14,
  mlock_onfault: 15,
  munlock: 16,
  msync: 17,
  mincore: 18,
  mremap: 19,
  read: 20,
  write: 21,
  store: 22,
  load: 23,
  smaps: 24,
  maps: 25,
  file: 26,
  memfd: 27,
  ftruncate: 28,
  punch: 29,
  fsync: 30,
  dropcache: 31,
  pwrite: 32,
  pread: 33,
  rlimit: 34,
  fork: 35,
  exit: 36,
} as const;

export type OpName = keyof typeof Op;

/**
 * The operands of each command, a letter each:
 * `N` a name; `E` an address (a base and a distance); `n` a number, `s` a signed one; `p` rights;
 * `v` an advice; `y` msync's flag; `o` a parameter of mallopt; `l` a limit;
 * `f` and `m` the flags of mmap and mremap, with the FILE, `off=` and `at=` that may follow them.
 */
export const operandsOf: Readonly<Record<OpName, string>> = {
  malloc: "Nn",
  calloc: "Nnn",
  realloc: "NNn",
  memalign: "Nnn",
  free: "E",
  usable: "E",
  trim: "n",
  mallopt: "os",
  mallinfo: "",
  sbrk: "s",
  mmap: "Nnpf",
  munmap: "En",
  mprotect: "Enp",
  madvise: "Env",
  mlock: "En",
  mlock_onfault: "En",
  munlock: "En",
  msync: "Eny",
  mincore: "En",
  mremap: "NEnnm",
  read: "En",
  write: "En",
  store: "En",
  load: "E",
  smaps: "E",
  maps: "",
  file: "Nn",
  memfd: "Nn",
  ftruncate: "Nn",
  punch: "Nnn",
  fsync: "N",
  dropcache: "N",
  pwrite: "Nnn",
  pread: "Nnn",
  rlimit: "ln",
  fork: "N",
  exit: "",
};

export const mapFlags: ReadonlyMap<string, number> = new Map([
  ["private", mman.MAP_PRIVATE],
  ["shared", mman.MAP_SHARED],
  ["anon", mman.MAP_ANONYMOUS],
  ["fixed", mman.MAP_FIXED],
  ["fixed_noreplace", mman.MAP_FIXED_NOREPLACE],
  ["noreserve", mman.MAP_NORESERVE],
  ["populate", mman.MAP_POPULATE],
  ["locked", mman.MAP_LOCKED],
  ["growsdown", mman.MAP_GROWSDOWN],
  ["hugetlb", mman.MAP_HUGETLB],
  ["stack", mman.MAP_STACK],
]);

export const remapFlags: ReadonlyMap<string, number> = new Map([
  ["none", 0],
  ["maymove", mman.MREMAP_MAYMOVE],
  ["fixed", mman.MREMAP_FIXED],
  ["dontunmap", mman.MREMAP_DONTUNMAP],
]);

/** Every MADV_ constant in lower case. */
export const advices: ReadonlyMap<string, number> = new Map(
  Object.entries(mman)
    .filter(([name]) => name.startsWith("MADV_"))
    .map(([name, value]) => [name.slice("MADV_".length).toLowerCase(), value as number]),
);

export const syncFlags: ReadonlyMap<string, number> = new Map([
  ["sync", mman.MS_SYNC],
  ["async", mman.MS_ASYNC],
]);

export const malloptParameters: ReadonlyMap<string, number> = new Map([
  ["mmap_threshold", mallopt.M_MMAP_THRESHOLD],
  ["trim_threshold", mallopt.M_TRIM_THRESHOLD],
  ["top_pad", mallopt.M_TOP_PAD],
  ["mmap_max", mallopt.M_MMAP_MAX],
  ["mxfast", mallopt.M_MXFAST],
]);

/** The limits, in the order of the numbers that stand for them. */
export const limitNames = ["as", "data", "memlock", "stack"] as const;

export const limits: ReadonlyMap<string, number> = new Map(
  limitNames.map((name, index) => [name, index]),
);

const wordsOfOperand: Readonly<Record<string, number>> = { E: 2, f: 5, m: 5 };

/** How many words of a CommandList the operands of each command take, by its number. */
export const operandWords: readonly number[] = (Object.keys(Op) as OpName[]).map((name) =>
  [...operandsOf[name]].reduce((sum, operand) => sum + (wordsOfOperand[operand] ?? 1), 0),
);
