/** brk(2) and sbrk(2) as the C library offers them, with its own copy of the break. */
import { Errno } from "../abi/errno.js";
import type { Syscalls } from "../abi/syscalls.js";
import type { Address } from "../core/units.js";
import type { ErrnoCell } from "./errno.js";

/**
 * The program break of one process as glibc sees it: `__curbrk` is read from the kernel once, and
 * afterwards only after a change (misc/sbrk.c, sysdeps/unix/sysv/linux/brk.c).
 */
export class ProgramBreak {
  readonly #syscalls: Syscalls;
  readonly #errno: ErrnoCell;
  #current: Address;

  constructor(syscalls: Syscalls, errno: ErrnoCell, current: Address = 0) {
    this.#syscalls = syscalls;
    this.#errno = errno;
    this.#current = current;
  }

  /** 0, or -1 with ENOMEM. */
  brk(address: Address): number {
    this.#current = this.#syscalls.brk(address);
    if (this.#current >= address) return 0;
    this.#errno.value = Errno.ENOMEM;
    return -1;
  }

  /** The break as it was before, or -1 with ENOMEM. */
  sbrk(increment: number): Address {
    if (this.#current === 0) this.brk(0);
    const old = this.#current;
    if (increment === 0) return old;
    if (old + increment < 0) {
      this.#errno.value = Errno.ENOMEM;
      return -1;
    }
    return this.brk(old + increment) < 0 ? -1 : old;
  }

  /** The same break in a child after fork, with the child's own system calls and errno. */
  fork(syscalls: Syscalls, errno: ErrnoCell): ProgramBreak {
    return new ProgramBreak(syscalls, errno, this.#current);
  }
}
