/** The system calls of one process, each a verb of its own file. */
import type { Buffer, KernelCalls } from "../abi/kernel-calls.js";
import { UsageError } from "../core/errors.js";
import * as files from "./files.js";
import { getrlimit, setrlimit } from "./limits.js";
import { brk } from "./mm/brk.js";
import { madvise } from "./mm/madvise.js";
import { mmap } from "./mm/map.js";
import { mincore } from "./mm/mincore.js";
import { mlock, mlockall, munlock, munlockall } from "./mm/mlock.js";
import { mprotect } from "./mm/protect.js";
import { mremap } from "./mm/remap.js";
import { msync } from "./mm/sync.js";
import { munmap } from "./mm/unmap.js";
import { terminate } from "./signals.js";
import type { Task } from "./model.js";

/** The calls; an argument that C could not pass throws UsageError, whatever C could pass is answered as Linux does. */
export function syscallsOf(task: Task): KernelCalls {
  const { mm } = task;
  return {
    brk: (address) => brk(mm, one("brk", "address", address)),
    mmap(address, length, prot, flags, fd, offset) {
      whole("mmap", { address, length, prot, flags, fd, offset });
      return mmap(mm, {
        address: unsigned(address),
        length: unsigned(length),
        prot,
        flags,
        fd,
        offset: unsigned(offset),
      });
    },
    munmap(address, length) {
      whole("munmap", { address, length });
      return munmap(mm, unsigned(address), unsigned(length));
    },
    mremap(address, oldLength, newLength, flags, newAddress) {
      whole("mremap", { address, oldLength, newLength, flags, newAddress });
      return mremap(
        mm,
        unsigned(address),
        unsigned(oldLength),
        unsigned(newLength),
        flags,
        unsigned(newAddress),
      );
    },
    mprotect(address, length, prot) {
      whole("mprotect", { address, length, prot });
      return mprotect(mm, unsigned(address), unsigned(length), prot);
    },
    madvise(address, length, advice) {
      whole("madvise", { address, length, advice });
      return madvise(mm, unsigned(address), unsigned(length), advice);
    },
    mlock(address, length) {
      whole("mlock", { address, length });
      return mlock(mm, unsigned(address), unsigned(length), 0);
    },
    mlock2(address, length, flags) {
      whole("mlock2", { address, length, flags });
      return mlock(mm, unsigned(address), unsigned(length), flags);
    },
    munlock(address, length) {
      whole("munlock", { address, length });
      return munlock(mm, unsigned(address), unsigned(length));
    },
    mlockall: (flags) => mlockall(mm, one("mlockall", "flags", flags)),
    munlockall: () => munlockall(mm),
    msync(address, length, flags) {
      whole("msync", { address, length, flags });
      return msync(mm, unsigned(address), unsigned(length), flags);
    },
    mincore(address, length) {
      whole("mincore", { address, length });
      return mincore(mm, unsigned(address), unsigned(length));
    },
    setrlimit: (resource, limit) => setrlimit(task, resource, limit),
    getrlimit: (resource) => getrlimit(task, resource),
    abort(message) {
      terminate(task, { signal: "SIGABRT", code: "USER", message });
    },

    open: (path, flags) => files.open(task, path, one("open", "flags", flags)),
    memfd_create: (name, flags) =>
      files.memfdCreate(task, name, one("memfd_create", "flags", flags)),
    close: (fd) => files.close(task, one("close", "fd", fd)),
    unlink: (path) => files.unlink(task, path),
    ftruncate(fd, length) {
      whole("ftruncate", { fd, length });
      return files.ftruncate(task, fd, length);
    },
    fallocate(fd, mode, offset, length) {
      whole("fallocate", { fd, mode, offset, length });
      return files.fallocate(task, fd, mode, offset, length);
    },
    fsync: (fd) => files.fsync(task, one("fsync", "fd", fd)),
    fdatasync: (fd) => files.fsync(task, one("fdatasync", "fd", fd)),
    posix_fadvise(fd, offset, length, advice) {
      whole("posix_fadvise", { fd, offset, length, advice });
      return files.fadvise(task, fd, offset, length, advice);
    },
    lseek(fd, offset, whence) {
      whole("lseek", { fd, offset, whence });
      return files.lseek(task, fd, offset, whence);
    },
    read(fd, buffer, count) {
      transfer("read", buffer, { fd, count });
      return files.read(task, fd, buffer, unsigned(count));
    },
    write(fd, buffer, count) {
      transfer("write", buffer, { fd, count });
      return files.write(task, fd, buffer, unsigned(count));
    },
    pread(fd, buffer, count, offset) {
      transfer("pread", buffer, { fd, count, offset });
      return files.pread(task, fd, buffer, unsigned(count), offset);
    },
    pwrite(fd, buffer, count, offset) {
      transfer("pwrite", buffer, { fd, count, offset });
      return files.pwrite(task, fd, buffer, unsigned(count), offset);
    },
    fileSize: (fd) => task.files.get(fd)?.inode.sizeBytes ?? -9,
    fcntl(fd, command, argument) {
      whole("fcntl", { fd, command, argument });
      return files.fcntl(task, fd, command, argument);
    },
  };
}

/** The arguments of a call that moves bytes, checked: an array must have room for them. */
function transfer(
  call: string,
  buffer: Buffer,
  named: { count: number; [name: string]: number },
): void {
  whole(call, typeof buffer === "number" ? { ...named, buffer } : named);
  if (typeof buffer === "number" || named.count <= buffer.length) return;
  throw new UsageError(
    `${call}(): ${named.count} bytes, but the array has ${buffer.length}`,
    "the array's length, or fewer bytes",
  );
}

/** A negative number as C converts it to an unsigned long; one that a double cannot hold stays off a page's boundary. */
function unsigned(value: number): number {
  return value < 0 ? Math.min(value + 2 ** 64, 2 ** 64 - 2048) : value;
}

/** Throws UsageError unless every argument is a whole number that C could pass. */
function whole(call: string, named: Readonly<Record<string, number>>): void {
  for (const name in named) if (!Number.isInteger(named[name])) refuse(call, named, name);
}

/** The argument, if it is a whole number. */
function one(call: string, name: string, value: number): number {
  if (!Number.isInteger(value)) refuse(call, { [name]: value }, name);
  return value;
}

function refuse(call: string, named: Readonly<Record<string, number>>, name: string): never {
  throw new UsageError(
    `${call}(): ${name} is ${String(named[name])}, not a whole number`,
    `${call}(${Object.keys(named).join(", ")}): pass whole numbers of bytes and addresses, as in C; an argument may have been left out`,
  );
}
