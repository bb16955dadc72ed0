/** The system calls of one process, each a verb of its own file. */
import { ProgramTerminated } from "../abi/signal.js";
import type { Syscalls } from "../abi/syscalls.js";
import { brk } from "./mm/brk.js";
import { mmap } from "./mm/map.js";
import { mprotect } from "./mm/protect.js";
import { munmap } from "./mm/unmap.js";
import type { Task } from "./task.js";
import { UsageError } from "../core/errors.js";

export function syscallsOf(task: Task): Syscalls {
  const { mm } = task;
  return {
    brk: (address) => brk(mm, whole("brk", "address", address)),
    mmap: (address, length, prot, flags, fd, offset) =>
      mmap(mm, {
        address: whole("mmap", "address", address),
        length: whole("mmap", "length", length),
        prot: whole("mmap", "prot", prot),
        flags: whole("mmap", "flags", flags),
        fd: whole("mmap", "fd", fd),
        offset: whole("mmap", "offset", offset),
      }),
    munmap: (address, length) =>
      munmap(mm, whole("munmap", "address", address), whole("munmap", "length", length)),
    mremap: () => -38,
    mprotect: (address, length, prot) =>
      mprotect(
        mm,
        whole("mprotect", "address", address),
        whole("mprotect", "length", length),
        whole("mprotect", "prot", prot),
      ),
    madvise: () => -38,
    abort: (message) => {
      throw new ProgramTerminated({ signal: "SIGABRT", code: "USER", message });
    },
  };
}

/** The argument if it is a whole number that C could pass; else an error that says what it is. */
export function whole(call: string, name: string, value: number): number {
  if (Number.isInteger(value)) return value;
  throw new UsageError(
    `${call}(): ${name} is ${String(value)}, not a whole number`,
    `pass a whole number of bytes or an address, as in C; an argument may have been left out`,
  );
}
