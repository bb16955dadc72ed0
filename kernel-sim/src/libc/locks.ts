/** Locking, synchronising and limits (sys/mman.h, sys/resource.h): -1 and errno where the kernel answers -errno. */
import type { KernelCalls, Rlimit } from "../abi/kernel-calls.js";
import type { ResourceLimit } from "../abi/syscalls.js";
import type { Address } from "../core/units.js";
import { syscallReturn } from "./errno.js";
import type { ErrnoCell } from "./errno.js";

/** RLIMIT_* (getrlimit(2)), by the kernel's own short names. */
export const RLIMIT_AS = "as";
export const RLIMIT_DATA = "data";
export const RLIMIT_MEMLOCK = "memlock";
export const RLIMIT_STACK = "stack";
export const RLIMIT_NPROC = "nproc";
export const RLIMIT_NOFILE = "nofile";
export const RLIM_INFINITY = Infinity;

/** Names and argument order of the manual pages, section 2. */
export interface LockCalls {
  mlock(address: Address, length: number): number;
  mlock2(address: Address, length: number, flags: number): number;
  munlock(address: Address, length: number): number;
  mlockall(flags: number): number;
  munlockall(): number;
  msync(address: Address, length: number, flags: number): number;
  /** The limit comes back as a value instead of through a pointer. */
  getrlimit(resource: ResourceLimit): Rlimit;
  setrlimit(resource: ResourceLimit, limit: Rlimit): number;
}

/** The wrappers over one process's system calls; they need no `this`. */
export function lockCalls(calls: KernelCalls, errno: ErrnoCell): LockCalls {
  const answer = (result: number): number => syscallReturn(errno, result);
  return {
    mlock: (address, length) => answer(calls.mlock(address, length)),
    mlock2: (address, length, flags) => answer(calls.mlock2(address, length, flags)),
    munlock: (address, length) => answer(calls.munlock(address, length)),
    mlockall: (flags) => answer(calls.mlockall(flags)),
    munlockall: () => answer(calls.munlockall()),
    msync: (address, length, flags) => answer(calls.msync(address, length, flags)),
    getrlimit: (resource) => calls.getrlimit(resource),
    setrlimit: (resource, limit) => answer(calls.setrlimit(resource, limit)),
  };
}
