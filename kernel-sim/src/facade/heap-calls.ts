/** malloc and its family by C's names, over one process's allocator. */
import type { UserMemory } from "../abi/user-memory.js";
import { Errno } from "../abi/errno.js";
import type { Address } from "../core/units.js";
import type { ErrnoCell } from "../libc/errno.js";
import type { HeapRequests } from "../libc/heap-requests.js";
import type { Ptmalloc, SizeT } from "../libc/ptmalloc/allocator.js";
import type { Mallinfo2 } from "../libc/ptmalloc/mallinfo.js";
import { formatMallocInfo, formatMallocStats } from "../report/malloc-info.js";
import { heapReport } from "./heap.js";
import type { HeapReport } from "./heap.js";

/** The functions of malloc(3), posix_memalign(3), mallopt(3), mallinfo(3) and their kin, glibc 2.36's. */
export interface HeapCalls {
  readonly malloc: (size: SizeT) => Address;
  readonly calloc: (count: SizeT, elementSize: SizeT) => Address;
  readonly realloc: (mem: Address, size: SizeT) => Address;
  readonly reallocarray: (mem: Address, count: SizeT, elementSize: SizeT) => Address;
  readonly free: (mem: Address) => void;
  readonly memalign: (alignment: SizeT, size: SizeT) => Address;
  readonly aligned_alloc: (alignment: SizeT, size: SizeT) => Address;
  /** Stores the memory's address at `memptr`; 0, EINVAL or ENOMEM. */
  readonly posix_memalign: (memptr: Address, alignment: SizeT, size: SizeT) => number;
  readonly valloc: (size: SizeT) => Address;
  readonly pvalloc: (size: SizeT) => Address;
  readonly malloc_usable_size: (mem: Address) => number;
  readonly malloc_trim: (pad: SizeT) => number;
  readonly mallopt: (parameter: number, value: number) => number;
  readonly mallinfo2: () => Mallinfo2;
  /** The XML that C writes to a file; `options` is 0. */
  readonly malloc_info: (options?: number) => string;
  /** What C writes to standard error. */
  readonly malloc_stats: () => string;
  /** The heap as it is now: every chunk, the lists, the figures and a map. Nothing of the process changes. */
  readonly heap: () => HeapReport;
}

/**
 * The calls need no `this`. They remember what was asked for, which glibc does not, so that
 * heap() can say how much of each chunk the program wanted.
 */
export function heapCalls(
  heap: Ptmalloc,
  host: {
    readonly memory: UserMemory;
    readonly errno: ErrnoCell;
    readonly requests: HeapRequests;
  },
): HeapCalls {
  const { memory, errno, requests } = host;
  const kept = (mem: Address, size: SizeT): Address => {
    requests.add(mem, Number(size));
    return mem;
  };
  const realloc = (mem: Address, size: SizeT): Address => {
    const moved = heap.realloc(mem, size);
    if (moved !== 0 || size === 0 || size === 0n) requests.remove(mem);
    return kept(moved, size);
  };
  return {
    malloc: (size) => kept(heap.malloc(size), size),
    calloc: (count, elementSize) =>
      kept(heap.calloc(count, elementSize), Number(count) * Number(elementSize)),
    realloc,
    reallocarray(mem, count, elementSize) {
      const bytes = BigInt(count) * BigInt(elementSize);
      if (bytes < 2n ** 64n) return realloc(mem, bytes);
      errno.value = Errno.ENOMEM;
      return 0;
    },
    free(mem) {
      heap.free(mem);
      requests.remove(mem);
    },
    memalign: (alignment, size) => kept(heap.memalign(alignment, size), size),
    aligned_alloc: (alignment, size) => kept(heap.aligned_alloc(alignment, size), size),
    posix_memalign(memptr, alignment, size) {
      const { error, address } = heap.posix_memalign(alignment, size);
      if (error === 0) memory.storeWord(memptr, kept(address, size));
      return error;
    },
    valloc: (size) => kept(heap.valloc(size), size),
    pvalloc: (size) => kept(heap.pvalloc(size), size),
    malloc_usable_size: (mem) => heap.malloc_usable_size(mem),
    malloc_trim: (pad) => heap.malloc_trim(pad),
    mallopt: (parameter, value) => heap.mallopt(parameter, value),
    mallinfo2: () => heap.mallinfo2(),
    malloc_info(options = 0) {
      if (options === 0) return formatMallocInfo(heap.info());
      errno.value = Errno.EINVAL;
      return "";
    },
    malloc_stats: () => formatMallocStats(heap.stats()),
    heap: () => heapReport(heap.walk(requests)),
  };
}
