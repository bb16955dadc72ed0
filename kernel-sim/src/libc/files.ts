/** The file calls of fcntl.h, unistd.h and sys/mman.h that memory meets: -1 and errno where the kernel answers -errno. */
import { O_CREAT, O_EXCL, O_RDWR } from "../abi/fcntl.js";
import type { KernelCalls } from "../abi/kernel-calls.js";
import type { Address } from "../core/units.js";
import { syscallReturn } from "./errno.js";
import type { ErrnoCell } from "./errno.js";
import { bytesOf } from "./string.js";

/** What is read into: an address, or an array of the host that stands for a C array. */
export type Destination = Address | Uint8Array;
/** What is written from: the same, or a string, as a string literal in C. */
export type Source = Destination | string;

/** Names and argument order of the manual pages, sections 2 and 3. */
export interface FileCalls {
  open(path: string, flags: number): number;
  /** A new file on the disk that has no name any more: mkstemp(3) and unlink(2) in one. */
  tmpfile(): number;
  memfd_create(name: string, flags: number): number;
  close(fd: number): number;
  unlink(path: string): number;
  ftruncate(fd: number, length: number): number;
  fallocate(fd: number, mode: number, offset: number, length: number): number;
  fsync(fd: number): number;
  fdatasync(fd: number): number;
  /** Returns the error number itself, and leaves errno alone, as in C. */
  posix_fadvise(fd: number, offset: number, length: number, advice: number): number;
  lseek(fd: number, offset: number, whence: number): number;
  read(fd: number, buffer: Destination, count: number): number;
  write(fd: number, buffer: Source, count: number): number;
  pread(fd: number, buffer: Destination, count: number, offset: number): number;
  pwrite(fd: number, buffer: Source, count: number, offset: number): number;
}

/** The wrappers over one process's system calls; they need no `this`. */
export function fileCalls(calls: KernelCalls, errno: ErrnoCell): FileCalls {
  const answer = (result: number): number => syscallReturn(errno, result);
  const source = (buffer: Source): Destination =>
    typeof buffer === "string" ? bytesOf(buffer) : buffer;
  let temporary = 0;
  return {
    open: (path, flags) => answer(calls.open(path, flags)),
    tmpfile() {
      let fd: number;
      let path: string;
      do {
        path = `/tmp/tmpf${(temporary++).toString(36).padStart(6, "0")}`;
        fd = calls.open(path, O_RDWR | O_CREAT | O_EXCL);
      } while (fd < 0);
      calls.unlink(path);
      return fd;
    },
    memfd_create: (name, flags) => answer(calls.memfd_create(name, flags)),
    close: (fd) => answer(calls.close(fd)),
    unlink: (path) => answer(calls.unlink(path)),
    ftruncate: (fd, length) => answer(calls.ftruncate(fd, length)),
    fallocate: (fd, mode, offset, length) => answer(calls.fallocate(fd, mode, offset, length)),
    fsync: (fd) => answer(calls.fsync(fd)),
    fdatasync: (fd) => answer(calls.fdatasync(fd)),
    posix_fadvise: (fd, offset, length, advice) =>
      -Math.min(0, calls.posix_fadvise(fd, offset, length, advice)),
    lseek: (fd, offset, whence) => answer(calls.lseek(fd, offset, whence)),
    read: (fd, buffer, count) => answer(calls.read(fd, buffer, count)),
    write: (fd, buffer, count) => answer(calls.write(fd, source(buffer), count)),
    pread: (fd, buffer, count, offset) => answer(calls.pread(fd, buffer, count, offset)),
    pwrite: (fd, buffer, count, offset) => answer(calls.pwrite(fd, source(buffer), count, offset)),
  };
}
