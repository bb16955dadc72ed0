/**
 * The allocator of one process, as the C library exports it (malloc.c, "Public wrappers").
 *
 * It is glibc's for one thread: every chunk header and link lies in the process's memory, and the
 * kernel is reached through system calls alone. Not modelled: threads and their arenas,
 * GLIBC_TUNABLES.
 */
import { Errno } from "../../abi/errno.js";
import type { HeapInfo, MallocInfo, MallocStats } from "../../abi/heap-info.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import {
  CHUNK_HDR_SZ,
  INEXACT,
  IS_MMAPPED,
  MALLOC_ALIGNMENT,
  MALLOC_ALIGN_MASK,
  MINSIZE,
  NON_MAIN_ARENA,
  PREV_INUSE,
  SIZE,
  SIZE_BITS,
  SIZE_SZ,
  TWO_63,
  TWO_64,
  checkedRequestToSize,
  toSizeT,
} from "./chunk.js";
import { UNLOCKED, intFree } from "./int-free.js";
import type { Place } from "./heap-memory.js";
import { intMalloc } from "./int-malloc.js";
import { intMemalign } from "./int-memalign.js";
import { intRealloc } from "./int-realloc.js";
import { heapInfo } from "./heap-walk.js";
import { mallocInfo, mallocStats } from "./malloc-info.js";
import { mallinfo2 } from "./mallinfo.js";
import type { Mallinfo2 } from "./mallinfo.js";
import { setOption } from "./mallopt.js";
import { mremapChunk, munmapChunk } from "./mmapped.js";
import { tcacheElsewhere } from "./second-arena.js";
import { MallocState, mallocError, outOfMemory } from "./state.js";
import type { MallocHost, MallocOptions } from "./state.js";
import { TCACHE_BYTES, countIn, countsAt, tcacheGetCounted, tcacheIndex } from "./tcache.js";
import { mallocTrim } from "./trim.js";

/** The highest mmap threshold that freeing can set (DEFAULT_MMAP_THRESHOLD_MAX). */
const MMAP_THRESHOLD_MAX = 32 * 1024 * 1024;
/** Arenas but the first lie in heaps on multiples of this (HEAP_MAX_SIZE, twice 32 MiB). */
const HEAP_MAX_SIZE = 64 * 1024 * 1024;

/** A size as C code passes it: negative numbers wrap to a size_t, a bigint is exact up to 2^64. */
export type SizeT = number | bigint;

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

  /** `bytes` of memory, or NULL with ENOMEM. malloc(0) is memory, too: 24 bytes of it. */
  malloc(size: SizeT): Address {
    const state = this.state;
    const bytes = exactSize(size);
    const memory = state.memory;
    memory.enter();
    if (state.initialized === 0) state.initialize();
    const nb = checkedRequestToSize(bytes);
    if (nb === 0) return outOfMemory(state);
    if (state.tcache === 0) initTcache(state);
    const cache = tcacheIndex(nb);
    if (cache < state.tcacheBins && state.tcache !== 0) {
      const counts = memory.load32(countsAt(state.tcache, cache));
      if (countIn(counts, cache) > 0) {
        return memory.address(tcacheGetCounted(state, cache, counts));
      }
    }
    return memory.address(intMalloc(state, bytes));
  }

  /** Gives memory back; errno stays as it is. Aborts where `mem` is not what malloc gave out. */
  free(mem: Address): void {
    if (mem === 0) return;
    const state = this.state;
    const errno = state.errno.value;
    state.memory.enter();
    const p = state.memory.place(mem) - CHUNK_HDR_SZ;
    const head = state.memory.loadWord(p + SIZE);
    const plain = head < INEXACT && (head & (IS_MMAPPED | NON_MAIN_ARENA)) === 0;
    if (plain && state.tcache !== 0) intFree(state, p, head, UNLOCKED);
    else freeUnusual(state, p, head);
    state.errno.value = errno;
  }

  /** Memory of `count` times `elementSize` bytes, cleared; NULL with ENOMEM, also where the product overflows. */
  calloc(count: SizeT, elementSize: SizeT): Address {
    const state = this.state;
    const bytes = product(exactSize(count), exactSize(elementSize));
    if (bytes >= TWO_63) return outOfMemory(state);
    const memory = state.memory;
    memory.enter();
    if (state.initialized === 0) state.initialize();
    if (state.tcache === 0) initTcache(state);
    const oldTop = state.top;
    const topHead = memory.loadWord(oldTop + SIZE);
    let dirty = topHead - (topHead & SIZE_BITS);
    const everTop = state.sbrkBase + state.maxSystemMem - oldTop;
    const everTopUnsigned = everTop < 0 ? everTop + TWO_64 : everTop;
    if (dirty < everTopUnsigned) dirty = everTopUnsigned;
    const mem = intMalloc(state, bytes);
    if (mem === 0) return 0;
    const p = mem - CHUNK_HDR_SZ;
    const head = memory.loadWord(p + SIZE);
    if ((head & IS_MMAPPED) !== 0) {
      if (state.perturbByte !== 0 && bytes > 0) memory.fill(mem, 0, bytes);
      return memory.address(mem);
    }
    let size = head - (head & SIZE_BITS);
    // What comes from top beyond all that top ever held is fresh from the kernel, and zero already.
    if (state.perturbByte === 0 && p === oldTop && size > dirty) size = dirty;
    memory.fill(mem, 0, size - SIZE_SZ);
    return memory.address(mem);
  }

  /** Memory of another size with the old contents; NULL with ENOMEM, the old one then being untouched. */
  realloc(oldMem: Address, size: SizeT): Address {
    const state = this.state;
    const bytes = exactSize(size);
    state.memory.enter();
    if (state.initialized === 0) state.initialize();
    if (bytes === 0 && oldMem !== 0) {
      this.free(oldMem);
      return 0;
    }
    if (oldMem === 0) return this.malloc(bytes);
    const memory = state.memory;
    const oldp = memory.place(oldMem) - CHUNK_HDR_SZ;
    const low = memory.load32(oldp + SIZE);
    const mapped = (low & IS_MMAPPED) !== 0;
    if (!mapped) {
      if (state.tcache === 0) initTcache(state);
      if ((low & NON_MAIN_ARENA) !== 0) readForeignArena(state, oldp);
    }
    const oldHead = memory.loadWord(oldp + SIZE);
    const oldSize = oldHead - (oldHead & SIZE_BITS);
    if ((oldp & MALLOC_ALIGN_MASK) !== 0 || wrapsAround(state, oldp, oldSize)) {
      mallocError(state, "realloc(): invalid pointer");
    }
    const nb = checkedRequestToSize(bytes);
    if (nb === 0) return outOfMemory(state);
    if (!mapped) {
      return memory.address(intRealloc(state, oldp, passesPtrdiffMax(size, 0) ? 2 * TWO_63 : nb));
    }
    const newp = mremapChunk(state, oldp, nb);
    if (newp !== 0) return memory.address(newp) + CHUNK_HDR_SZ;
    if (oldSize - SIZE_SZ >= nb) return oldMem;
    const mem = this.malloc(bytes);
    if (mem === 0) return 0;
    memory.copy(memory.place(mem), oldp + CHUNK_HDR_SZ, oldSize - CHUNK_HDR_SZ);
    munmapChunk(state, oldp);
    return mem;
  }

  /** Memory on a multiple of `alignment`, which is rounded up to a power of two; NULL with ENOMEM or EINVAL. */
  memalign(alignment: SizeT, size: SizeT): Address {
    const state = this.state;
    const align = exactSize(alignment);
    const bytes = exactSize(size);
    if (state.initialized === 0) state.initialize();
    if (align <= MALLOC_ALIGNMENT) return this.malloc(bytes);
    if (align > TWO_63) {
      state.errno.value = Errno.EINVAL;
      return 0;
    }
    let power = MINSIZE;
    while (power < align) power *= 2;
    if (bytes < TWO_63 && passesPtrdiffMax(size, power + MINSIZE)) return outOfMemory(state);
    state.memory.enter();
    return state.memory.address(intMemalign(state, power, bytes));
  }

  /** In glibc 2.36 the same function as memalign. */
  aligned_alloc(alignment: SizeT, size: SizeT): Address {
    return this.memalign(alignment, size);
  }

  /** The error is returned, EINVAL or ENOMEM. EINVAL: not a power of two, or no multiple of 8. */
  posix_memalign(alignment: SizeT, size: SizeT): AlignedMemory {
    const align = exactSize(alignment);
    if (!isPowerOfTwo(align) || align < SIZE_SZ) return { error: Errno.EINVAL, address: 0 };
    const address = this.memalign(align, size);
    return { error: address === 0 ? Errno.ENOMEM : 0, address };
  }

  /** On a page boundary. */
  valloc(size: SizeT): Address {
    return this.memalign(PAGE_SIZE, size);
  }

  /** Bytes that the program may use, at least as many as it asked for; 0 of NULL and of free memory. */
  malloc_usable_size(mem: Address): number {
    if (mem === 0) return 0;
    const memory = this.state.memory;
    memory.enter();
    const p = memory.place(mem) - CHUNK_HDR_SZ;
    const head = memory.loadWord(p + SIZE);
    const size = head - (head & SIZE_BITS);
    if ((head & IS_MMAPPED) !== 0) return size - CHUNK_HDR_SZ;
    return (memory.load32(p + size + SIZE) & PREV_INUSE) === 0 ? 0 : size - SIZE_SZ;
  }

  /** 1 where memory went back to the kernel, else 0; `pad` bytes of top are kept. */
  malloc_trim(pad: SizeT): number {
    this.state.memory.enter();
    this.state.initialize();
    return mallocTrim(this.state, exactSize(pad));
  }

  /** 1, or 0 where the value is out of range. */
  mallopt(parameter: number, value: number): number {
    this.state.memory.enter();
    this.state.initialize();
    return setOption(this.state, parameter, value);
  }

  mallinfo2(): Mallinfo2 {
    this.state.memory.enter();
    this.state.initialize();
    return mallinfo2(this.state);
  }

  /** The figures of malloc_info(3). */
  info(): MallocInfo {
    this.state.memory.enter();
    this.state.initialize();
    return mallocInfo(this.state);
  }

  /** The figures of malloc_stats(3). */
  stats(): MallocStats {
    this.state.memory.enter();
    this.state.initialize();
    return mallocStats(this.state);
  }

  /** Every chunk and list; `requests` holds what was asked for, by the program's pointer. */
  walk(requests?: ReadonlyMap<Address, number>): HeapInfo {
    this.state.memory.enter();
    return heapInfo(this.state, requests);
  }
}

/** Almost always the number itself. */
function exactSize(size: SizeT): number {
  return typeof size === "number" && size >= 0 && size < INEXACT && Math.floor(size) === size
    ? size
    : toSizeT(size);
}

/**
 * Whether the chunk for a request just below PTRDIFF_MAX, and `more` bytes, pass it: realloc and
 * memalign hand such a sum to _int_malloc, which then refuses before it moves anything.
 */
function passesPtrdiffMax(size: SizeT, more: number): boolean {
  if (size < INEXACT) return false;
  const chunk = (BigInt.asUintN(64, BigInt(size)) + 23n) & ~15n;
  return chunk - (more === 0 ? 15n : 0n) + BigInt(more) > 0x7fff_ffff_ffff_ffffn;
}

/** The product as a size_t; anything from 2^63 up is an overflow. */
function product(count: number, elementSize: number): number {
  const bytes = count * elementSize;
  if (bytes < INEXACT) return bytes;
  if (bytes >= 2 * TWO_63) return TWO_64;
  return toSizeT(BigInt(count) * BigInt(elementSize));
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}

/** free() of a mapped chunk, of one that says that it is another arena's, and before the first malloc. */
function freeUnusual(state: MallocState, p: Place, head: number): void {
  const low = state.memory.load32(p + SIZE);
  if ((low & IS_MMAPPED) !== 0) {
    adaptThresholds(state, p);
    munmapChunk(state, p);
    return;
  }
  if (state.tcache === 0) initTcache(state);
  if ((low & NON_MAIN_ARENA) !== 0) readForeignArena(state, p);
  intFree(state, p, head, UNLOCKED);
}

/** The tcache's struct is the process's first chunk; without memory for it, the next call tries again. */
function initTcache(state: MallocState): void {
  state.initialize();
  const tcache = intMalloc(state, TCACHE_BYTES) || tcacheElsewhere(state);
  if (tcache === 0) return;
  state.memory.fill(tcache, 0, TCACHE_BYTES);
  state.tcache = tcache;
}

/** Freeing a mapped chunk above the mmap threshold raises it, and with it the trim threshold. */
function adaptThresholds(state: MallocState, p: Place): void {
  if (state.noDynamicThreshold !== 0) return;
  const head = state.memory.loadWord(p + SIZE);
  if (head <= state.mmapThreshold || head > MMAP_THRESHOLD_MAX) return;
  state.mmapThreshold = head - (head & SIZE_BITS);
  state.trimThreshold = 2 * state.mmapThreshold;
}

/** arena_for_chunk where the A bit is set: the arena's address is read from the start of the heap. */
function readForeignArena(state: MallocState, p: Place): void {
  const address = state.memory.address(p);
  state.memory.memory.loadWord(address - (address % HEAP_MAX_SIZE));
}

/** `p > -size` in size_t: beyond the end of the address space, which holds of a size of 0 as well. */
function wrapsAround(state: MallocState, p: Place, size: number): boolean {
  if (size < INEXACT) return size === 0;
  const exact = state.memory.load64(p + SIZE) & ~7n;
  return BigInt(state.memory.address(p)) + exact > 0x1_0000_0000_0000_0000n;
}
