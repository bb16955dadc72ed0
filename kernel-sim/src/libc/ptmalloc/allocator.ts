/**
 * The allocator of one process, as the C library exports it (malloc.c, "Public wrappers").
 *
 * It is glibc's for one thread: every chunk header and link lies in the process's memory, and the
 * kernel is reached through system calls alone. Its rules are in kernel-sim/assembly, a module of
 * WebAssembly. Not modelled: threads and their arenas, GLIBC_TUNABLES.
 */
import { Errno } from "../../abi/errno.js";
import type { HeapInfo, MallocInfo, MallocStats } from "../../abi/heap-info.js";
import { UsageError } from "../../core/errors.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { CallRun } from "./call-run.js";
import { heapInfo } from "./heap-walk.js";
import type { RequestedBytes } from "./heap-walk.js";
import { mallocInfo, mallocStats } from "./malloc-info.js";
import { exactMallinfo2, mallinfo2 } from "./mallinfo.js";
import type { ExactMallinfo2, Mallinfo2 } from "./mallinfo.js";
import { MallocState } from "./state.js";
import type { MallocHost, MallocOptions } from "./state.js";

/** A size as C code passes it: negative numbers wrap to a size_t, a bigint is exact up to 2^64. */
export type SizeT = number | bigint;

/** The largest request that malloc considers, and the largest size_t: beyond what a number holds exactly. */
export const PTRDIFF_MAX = 0x7fff_ffff_ffff_ffffn;
export const SIZE_MAX = 0xffff_ffff_ffff_ffffn;

/** posix_memalign's answer: an error number, or 0 and where the memory is. */
export interface AlignedMemory {
  readonly error: number;
  readonly address: Address;
}

export class Ptmalloc {
  readonly state: MallocState;

  constructor(from: MallocOptions | MallocState) {
    this.state = from instanceof MallocState ? from : new MallocState(from);
  }

  /** The allocator of a child after fork(2), as it was at that moment. */
  fork(host: MallocHost): Ptmalloc {
    return new Ptmalloc(this.state.fork(host));
  }

  /** Gives the host's memory back that served the process, which has ended. */
  end(): void {
    this.state.module.end();
  }

  /** `bytes` of memory, or NULL with ENOMEM. malloc(0) is memory, too: 24 bytes of it. */
  malloc(size: SizeT): Address {
    const { module } = this.state;
    return isPlain(size) ? module.malloc(size) : module.malloc64(toSizeT(size));
  }

  /** Gives memory back; errno stays as it is. Aborts where `mem` is not what malloc gave out. */
  free(mem: Address): void {
    this.state.module.free(mem);
  }

  /** Memory of `count` times `elementSize` bytes, cleared; NULL with ENOMEM, also where the product overflows. */
  calloc(count: SizeT, elementSize: SizeT): Address {
    const { module } = this.state;
    return isPlain(count) && isPlain(elementSize)
      ? module.calloc(count, elementSize)
      : module.calloc64(toSizeT(count), toSizeT(elementSize));
  }

  /** Memory of another size with the old contents; NULL with ENOMEM, the old one then being untouched. */
  realloc(oldMem: Address, size: SizeT): Address {
    const { module } = this.state;
    return isPlain(size) ? module.realloc(oldMem, size) : module.realloc64(oldMem, toSizeT(size));
  }

  /** Memory on a multiple of `alignment`, which is rounded up to a power of two; NULL with ENOMEM or EINVAL. */
  memalign(alignment: SizeT, size: SizeT): Address {
    return this.state.module.memalign64(toSizeT(alignment), toSizeT(size));
  }

  /** In glibc 2.36 the same function as memalign. */
  aligned_alloc(alignment: SizeT, size: SizeT): Address {
    return this.memalign(alignment, size);
  }

  /** The error is returned, EINVAL or ENOMEM. EINVAL: not a power of two, or no multiple of 8. */
  posix_memalign(alignment: SizeT, size: SizeT): AlignedMemory {
    const align = toSizeT(alignment);
    if (align < 8n || (align & (align - 1n)) !== 0n) return { error: Errno.EINVAL, address: 0 };
    const address = this.memalign(align, size);
    return { error: address === 0 ? Errno.ENOMEM : 0, address };
  }

  /** On a page boundary. */
  valloc(size: SizeT): Address {
    return this.memalign(PAGE_SIZE, size);
  }

  /** Whole pages, on a page boundary; of a size that no whole pages hold, NULL with ENOMEM. */
  pvalloc(size: SizeT): Address {
    const bytes = toSizeT(size);
    const page = BigInt(PAGE_SIZE);
    const whole = ((bytes + page - 1n) / page) * page;
    return this.memalign(page, whole > SIZE_MAX ? SIZE_MAX : whole);
  }

  /** Bytes that the program may use, at least as many as it asked for; 0 of NULL and of free memory. */
  malloc_usable_size(mem: Address): number {
    return this.state.module.usableSize(mem);
  }

  /** The same with all 64 bits, which a header that was overwritten may have. */
  exactUsableSize(mem: Address): bigint {
    return BigInt.asUintN(64, this.state.module.usableSize64(mem));
  }

  /** 1 where memory went back to the kernel, else 0; `pad` bytes of top are kept. */
  malloc_trim(pad: SizeT): number {
    return this.state.module.trim64(toSizeT(pad));
  }

  /** 1, or 0 where the value is out of range. */
  mallopt(parameter: number, value: number): number {
    return this.state.module.mallopt(parameter, value);
  }

  mallinfo2(): Mallinfo2 {
    this.state.module.initialize();
    return mallinfo2(this.state);
  }

  /** The same, each field a size_t with all its bits. */
  exactMallinfo2(): ExactMallinfo2 {
    this.state.module.initialize();
    return exactMallinfo2(this.state);
  }

  /** The figures of malloc_info(3). */
  info(): MallocInfo {
    this.state.module.initialize();
    return mallocInfo(this.state);
  }

  /** The figures of malloc_stats(3). */
  stats(): MallocStats {
    this.state.module.initialize();
    return mallocStats(this.state);
  }

  /** Every chunk and list; `requests` holds what was asked for, by the program's pointer. */
  walk(requests?: RequestedBytes): HeapInfo {
    return heapInfo(this.state, requests);
  }

  /** For calls by the million, on memory that has names; `expectedNames` is how many there may be. */
  callRun(expectedNames?: number): CallRun {
    return new CallRun(this.state, expectedNames);
  }
}

/** Whether a number holds the size as it is: almost always. */
function isPlain(size: SizeT): size is number {
  return typeof size === "number" && size >= 0 && size <= Number.MAX_SAFE_INTEGER;
}

/** A count of bytes as size_t holds it: negative numbers wrap, as `(size_t) -1` does in C. */
function toSizeT(size: SizeT): bigint {
  if (typeof size === "bigint") return BigInt.asUintN(64, size);
  if (size >= 2 ** 64) return SIZE_MAX;
  if (!Number.isFinite(size)) {
    throw new UsageError(
      `${size} is no size`,
      "a whole number of bytes, or a bigint up to 2n ** 64n",
    );
  }
  return BigInt.asUintN(64, BigInt(Math.trunc(size)));
}
