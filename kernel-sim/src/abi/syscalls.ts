/** The system calls of one process, with the kernel's own convention: a result, or -errno. */
import type { Address } from "../core/units.js";

/** A result from 0 up, or the negated error number (`-Errno.ENOMEM`), as in the register rax. */
export type SyscallResult = number;

/** RLIMIT_* that memory knows of (getrlimit(2)); values are in bytes, `Infinity` is RLIM_INFINITY. */
export type ResourceLimit = "as" | "data" | "memlock" | "stack" | "nproc" | "nofile";

/** Arguments are in the order of the manual pages (section 2), sizes in bytes. */
export interface Syscalls {
  /** Sets the break; returns the break as it is afterwards, unchanged where it failed (brk(2), "C library/kernel differences"). */
  brk(address: Address): Address;
  mmap(
    address: Address,
    length: number,
    prot: number,
    flags: number,
    fd: number,
    offset: number,
  ): SyscallResult;
  munmap(address: Address, length: number): SyscallResult;
  mremap(
    address: Address,
    oldLength: number,
    newLength: number,
    flags: number,
    newAddress: Address,
  ): SyscallResult;
  mprotect(address: Address, length: number, prot: number): SyscallResult;
  madvise(address: Address, length: number, advice: number): SyscallResult;
  /** Ends the process with a signal that it raised itself; never returns where the default action holds. */
  abort(message: string): never;
}
