/** What the replay of a trace asks of a process: C's functions, and what only a simulator can offer. */
import type { UserMemory } from "../abi/user-memory.js";
import type { SmapsFields } from "../abi/proc-info.js";
import type { Address } from "../core/units.js";
import type { Ptmalloc } from "../libc/ptmalloc/allocator.js";

export type TracedAllocator = Pick<
  Ptmalloc,
  | "callRun"
  | "malloc"
  | "calloc"
  | "realloc"
  | "free"
  | "posix_memalign"
  | "exactUsableSize"
  | "malloc_trim"
  | "mallopt"
  | "exactMallinfo2"
>;

/** One line of /proc/PID/maps, as plain data. */
export interface TracedMapping {
  readonly start: Address;
  readonly end: Address;
  /** `rw-p` and the like. */
  readonly perms: string;
  /** In bytes. */
  readonly offset: number;
}

/** One entry of /proc/PID/smaps. */
export interface TracedMappingUse extends TracedMapping {
  /** In kB, under smaps' own words, where the kernel prints them. */
  readonly fields: Readonly<Partial<Record<keyof SmapsFields, number>>>;
  /** smaps' two-letter words, in its order. */
  readonly vmFlags: readonly string[];
}

/** Functions answer as in C: -1 (MAP_FAILED) where they fail, and `errno` says why. */
export interface TracedProcess {
  readonly errno: number;
  readonly memory: UserMemory;
  readonly allocator: TracedAllocator;
  sbrk(increment: number): Address;
  mmap(
    address: Address,
    length: number,
    prot: number,
    flags: number,
    fd: number,
    offset: number,
  ): Address;
  munmap(address: Address, length: number): number;
  mprotect(address: Address, length: number, prot: number): number;
  madvise(address: Address, length: number, advice: number): number;
  mlock(address: Address, length: number): number;
  mlock2(address: Address, length: number, flags: number): number;
  munlock(address: Address, length: number): number;
  msync(address: Address, length: number, flags: number): number;
  mremap(
    address: Address,
    oldLength: number,
    newLength: number,
    flags: number,
    newAddress: Address,
  ): Address;
  /** A byte a page, the lowest bit set where the page is resident; -1 where the call fails. */
  mincore(address: Address, length: number): Uint8Array | -1;
  /** An empty file on a disk, without a name (O_TMPFILE); its descriptor. */
  openTemporaryFile(): number;
  memfd_create(name: string, flags: number): number;
  ftruncate(fd: number, length: number): number;
  fallocate(fd: number, mode: number, offset: number, length: number): number;
  fsync(fd: number): number;
  /** The error's number itself, as posix_fadvise(3) returns it. */
  posix_fadvise(fd: number, offset: number, length: number, advice: number): number;
  pread(fd: number, buffer: Address, count: number, offset: number): number;
  pwrite(fd: number, buffer: Address, count: number, offset: number): number;
  /** Sets the soft limit. */
  setrlimit(resource: "as" | "data" | "memlock" | "stack", bytes: number): number;
  faults(): { readonly minor: number; readonly major: number };
  /** VmSize and VmData of /proc/PID/status, in bytes. */
  sizes(): { readonly virtual: number; readonly data: number };
  maps(): readonly TracedMapping[];
  /** The entry of the mapping that holds the address. */
  smaps(address: Address): TracedMappingUse | undefined;
  /** The child, or -1. */
  fork(): TracedProcess | -1;
  /** Ends the process; its memory is given back. */
  exit(): void;
}
