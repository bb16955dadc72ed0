/** All system calls of one process that memory knows of, with the kernel's convention: a result, or -errno. */
import type { Address } from "../core/units.js";
import type { ResourceLimit, SyscallResult, Syscalls } from "./syscalls.js";

/** rlim_cur and rlim_max; `Infinity` is RLIM_INFINITY. */
export interface Rlimit {
  readonly rlim_cur: number;
  readonly rlim_max: number;
}

/**
 * Where a file call finds or puts its bytes: an address of the process, or an array of the host, which stands for
 * an array of the C program that is kept outside the simulated memory.
 */
export type Buffer = Address | Uint8Array;

/** Arguments are in the order of the manual pages (section 2), sizes in bytes. */
export interface KernelCalls extends Syscalls {
  mlock(address: Address, length: number): SyscallResult;
  mlock2(address: Address, length: number, flags: number): SyscallResult;
  munlock(address: Address, length: number): SyscallResult;
  mlockall(flags: number): SyscallResult;
  munlockall(): SyscallResult;
  msync(address: Address, length: number, flags: number): SyscallResult;
  /** One byte a page, or -errno. */
  mincore(address: Address, length: number): Uint8Array | number;
  setrlimit(resource: ResourceLimit, limit: Rlimit): SyscallResult;
  getrlimit(resource: ResourceLimit): Rlimit;

  open(path: string, flags: number): SyscallResult;
  memfd_create(name: string, flags: number): SyscallResult;
  close(fd: number): SyscallResult;
  unlink(path: string): SyscallResult;
  ftruncate(fd: number, length: number): SyscallResult;
  fallocate(fd: number, mode: number, offset: number, length: number): SyscallResult;
  fsync(fd: number): SyscallResult;
  fdatasync(fd: number): SyscallResult;
  posix_fadvise(fd: number, offset: number, length: number, advice: number): SyscallResult;
  lseek(fd: number, offset: number, whence: number): SyscallResult;
  read(fd: number, buffer: Buffer, count: number): SyscallResult;
  write(fd: number, buffer: Buffer, count: number): SyscallResult;
  pread(fd: number, buffer: Buffer, count: number, offset: number): SyscallResult;
  pwrite(fd: number, buffer: Buffer, count: number, offset: number): SyscallResult;
  /** st_size of fstat(2). */
  fileSize(fd: number): SyscallResult;
  fcntl(fd: number, command: number, argument: number): SyscallResult;
}
