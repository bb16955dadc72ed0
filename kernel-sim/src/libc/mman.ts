/** The memory calls of sys/mman.h: -1 and errno where the kernel answers -errno. */
import type { Syscalls } from "../abi/syscalls.js";
import type { Address } from "../core/units.js";
import { syscallReturn } from "./errno.js";
import type { ErrnoCell } from "./errno.js";

/** Names and argument order of the manual pages, section 2; MAP_FAILED is -1. */
export interface MemoryCalls {
  readonly mmap: (
    address: Address,
    length: number,
    prot: number,
    flags: number,
    fd: number,
    offset: number,
  ) => Address;
  readonly munmap: (address: Address, length: number) => number;
  /** `newAddress` counts only with MREMAP_FIXED or MREMAP_DONTUNMAP, as in C's variable argument list. */
  readonly mremap: (
    oldAddress: Address,
    oldSize: number,
    newSize: number,
    flags: number,
    newAddress?: Address,
  ) => Address;
  readonly mprotect: (address: Address, length: number, prot: number) => number;
  readonly madvise: (address: Address, length: number, advice: number) => number;
}

/** The wrappers over one process's system calls; they need no `this`. */
export function memoryCalls(syscalls: Syscalls, errno: ErrnoCell): MemoryCalls {
  return {
    mmap: (address, length, prot, flags, fd, offset) =>
      syscallReturn(errno, syscalls.mmap(address, length, prot, flags, fd, offset)),
    munmap: (address, length) => syscallReturn(errno, syscalls.munmap(address, length)),
    mremap: (oldAddress, oldSize, newSize, flags, newAddress = 0) =>
      syscallReturn(errno, syscalls.mremap(oldAddress, oldSize, newSize, flags, newAddress)),
    mprotect: (address, length, prot) =>
      syscallReturn(errno, syscalls.mprotect(address, length, prot)),
    madvise: (address, length, advice) =>
      syscallReturn(errno, syscalls.madvise(address, length, advice)),
  };
}
