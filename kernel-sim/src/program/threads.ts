/**
 * Threads' stacks as glibc 2.36 makes them (nptl/allocatestack.c): a private map of the stack's size
 * and a guard page below it; a finished thread's map is kept for the next one.
 *
 * A thread runs from its creation to its end, before pthread_create returns: one of the orders that a
 * scheduler may choose. Not modelled: other orders, attributes but the sizes, cancellation.
 */
import { Errno } from "../abi/errno.js";
import {
  MADV_DONTNEED,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_STACK,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../abi/mman.js";
import type { Syscalls } from "../abi/syscalls.js";
import type { Address } from "../core/units.js";
import { PAGE_SIZE, pageCeil } from "../core/units.js";
import type { StackRegion } from "./stack-types.js";

/** pthread_attr_t, as far as stacks go. */
export interface ThreadAttributes {
  /** pthread_attr_setstacksize; else RLIMIT_STACK as it was at the program's start. */
  readonly stackBytes?: number;
  /** pthread_attr_setguardsize; a page where not given. */
  readonly guardBytes?: number;
}

/** A thread's stack map: [low, low + guardBytes) cannot be touched. */
export interface ThreadStack {
  readonly low: Address;
  readonly guardBytes: number;
  readonly sizeBytes: number;
}

/** struct pthread, the thread's static TLS and the frames of start_thread, at the top of the map. */
const threadDescriptorBytes = 4416;
/** PTHREAD_STACK_MIN: what a finished thread's map keeps of its used part. */
const keptBytes = 16_384;
/** glibc keeps up to 40 MiB of finished threads' stacks. */
const cacheLimitBytes = 40 * 1024 * 1024;

export class ThreadStacks {
  private cache: ThreadStack[] = [];

  constructor(private readonly syscalls: Syscalls) {}

  /** A stack for a new thread, or the negated error number (EAGAIN, as pthread_create answers). */
  take(sizeBytes: number, guardBytes: number): ThreadStack | number {
    const guard = pageCeil(guardBytes);
    const size = pageCeil(sizeBytes) + guard;
    const fitting = this.cache.findIndex(
      (one) => one.sizeBytes === size && one.guardBytes === guard,
    );
    const [known] = fitting < 0 ? [] : this.cache.splice(fitting, 1);
    if (known !== undefined) return known;
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK;
    const low = this.syscalls.mmap(0, size, PROT_NONE, flags, -1, 0);
    if (low < 0) return -Errno.EAGAIN;
    this.syscalls.mprotect(low + guard, size - guard, PROT_READ | PROT_WRITE);
    return { low, guardBytes: guard, sizeBytes: size };
  }

  /** A thread has ended: its deep pages go back to the kernel, its map is kept or unmapped. */
  give(stack: ThreadStack): void {
    const used = stack.sizeBytes - (stack.sizeBytes % PAGE_SIZE) - 2 * PAGE_SIZE;
    if (used > keptBytes) this.syscalls.madvise(stack.low, used - keptBytes, MADV_DONTNEED);
    this.cache.push(stack);
    let total = this.cache.reduce((sum, one) => sum + one.sizeBytes, 0);
    while (total > cacheLimitBytes) {
      const oldest = this.cache.shift();
      if (oldest === undefined) return;
      this.syscalls.munmap(oldest.low, oldest.sizeBytes);
      total -= oldest.sizeBytes;
    }
  }
}

/** The region of a thread's stack, for its frames. */
export function threadRegion(stack: ThreadStack): StackRegion {
  const end = stack.low + stack.sizeBytes;
  const lowest = stack.low + stack.guardBytes;
  return {
    name: "thread stack",
    end,
    lowest: () => lowest,
    pointer: end - threadDescriptorBytes,
  };
}
