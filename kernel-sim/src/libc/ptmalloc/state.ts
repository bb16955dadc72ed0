/**
 * The state of one process's malloc: `main_arena` and `mp_` of malloc.c, and the thread's tcache.
 *
 * Bins and fastbins are in simulated memory, at main_arena's address, since chunks are linked with
 * them. What no link points at (top, the binmap, counters) is kept here. One thread, one arena.
 */
import { Errno } from "../../abi/errno.js";
import type { Syscalls } from "../../abi/syscalls.js";
import type { UserMemory } from "../../abi/user-memory.js";
import type { Random } from "../../core/random.js";
import type { Address } from "../../core/units.js";
import type { ErrnoCell } from "../errno.js";
import type { ProgramBreak } from "../program-break.js";
import { NBINS, binAt } from "./bins.js";
import { HeapMemory } from "./heap-memory.js";
import type { Place } from "./heap-memory.js";
import { BK, FD } from "./chunk.js";
import { mallocConstants } from "./version.js";
import type { MallocConstants } from "./version.js";

/** What an allocator needs of the process that it lives in. */
export interface MallocHost {
  readonly memory: UserMemory;
  readonly syscalls: Syscalls;
  readonly brk: ProgramBreak;
  readonly errno: ErrnoCell;
}

export interface MallocOptions extends MallocHost {
  /** Where main_arena lies: 0x898 zero bytes of the C library's data, on a 16-byte boundary. */
  readonly mainArena: Address;
  /** Where the tcache's key comes from: getrandom(2) in glibc. */
  readonly random: Random;
  readonly glibc?: string;
}

/** What mallinfo2 counts of another arena: its heap has one chunk and top. */
export interface SecondArena {
  readonly heap: Address;
  readonly systemBytes: number;
  readonly topBytes: number;
}

export class MallocState {
  readonly memory: HeapMemory;
  readonly syscalls: Syscalls;
  readonly brk: ProgramBreak;
  readonly errno: ErrnoCell;
  readonly constants: MallocConstants;
  readonly mainArena: Place;
  /** The unsorted bin, which is also the initial top. */
  readonly unsorted: Place;

  initialized = 0;
  contiguous = 1;
  haveFastchunks = 0;
  top: Place = 0;
  lastRemainder: Place = 0;
  readonly binmap: Int32Array = new Int32Array(NBINS / 32);
  systemMem = 0;
  maxSystemMem = 0;

  trimThreshold: number;
  topPad: number;
  mmapThreshold: number;
  mmapCountMax: number;
  mmapCount = 0;
  mmapCountPeak = 0;
  mmappedMem = 0;
  mmappedMemPeak = 0;
  noDynamicThreshold = 0;
  sbrkBase: Place = 0;
  maxFast: number;
  perturbByte = 0;
  /** Whether the request at hand was served from the tcache after all (M_PERTURB does not touch that). */
  servedFromTcache = 0;

  /** Where top ever began: the first chunk of each stretch of memory, for a walk over all of them. */
  readonly regions: Place[] = [];
  /** Chunks that are mappings of their own; glibc keeps no list of these, a walk needs one. */
  readonly mappedChunks = new Set<Place>();

  /** The arena that only the tcache's struct is in, where main_arena had no room for it. */
  secondArena: SecondArena | undefined = undefined;
  /** Where the next heap of such an arena may be tried (aligned_heap_area). */
  alignedHeapArea: Address = 0;

  /** The tcache's struct, 0 before the first call. */
  tcache: Place = 0;
  tcacheBins: number;
  tcacheCount: number;
  /** What marks a chunk in the tcache: 64 random bits, in signed halves. */
  tcacheKeyLow = 0;
  tcacheKeyHigh = 0;
  readonly #random: Random;

  constructor(options: MallocOptions) {
    this.memory = new HeapMemory(options.memory, options.mainArena);
    this.syscalls = options.syscalls;
    this.brk = options.brk;
    this.errno = options.errno;
    this.mainArena = this.memory.place(options.mainArena);
    this.unsorted = binAt(this.mainArena, 1);
    this.#random = options.random;
    this.constants = mallocConstants(options.glibc ?? "2.36");
    this.trimThreshold = this.constants.trimThreshold;
    this.topPad = this.constants.topPad;
    this.mmapThreshold = this.constants.mmapThreshold;
    this.mmapCountMax = this.constants.mmapMax;
    this.maxFast = this.constants.maxFast;
    this.tcacheBins = this.constants.tcacheBins;
    this.tcacheCount = this.constants.tcacheCount;
  }

  /** Links every empty bin to itself (ptmalloc_init, malloc_init_state). */
  initialize(): void {
    if (this.initialized !== 0) return;
    this.initialized = 1;
    this.memory.setHeap(this.brk.sbrk(0));
    this.tcacheKeyLow = this.#random.nextUint32() | 0;
    this.tcacheKeyHigh = this.#random.nextUint32() | 0;
    for (let index = 1; index < NBINS; index++) {
      const bin = binAt(this.mainArena, index);
      this.memory.storeLink(bin + FD, bin);
      this.memory.storeLink(bin + BK, bin);
    }
    this.top = this.unsorted;
  }

  /** The state in a child after fork(2): the same, over the child's own memory and system calls. */
  fork(host: MallocHost): MallocState {
    const child = new MallocState({
      ...host,
      mainArena: this.memory.address(this.mainArena),
      random: this.#random,
      glibc: this.constants.glibc,
    });
    child.memory.setHeap(this.memory.heapStart);
    child.initialized = this.initialized;
    child.contiguous = this.contiguous;
    child.haveFastchunks = this.haveFastchunks;
    child.top = this.top;
    child.lastRemainder = this.lastRemainder;
    child.binmap.set(this.binmap);
    child.systemMem = this.systemMem;
    child.maxSystemMem = this.maxSystemMem;
    child.trimThreshold = this.trimThreshold;
    child.topPad = this.topPad;
    child.mmapThreshold = this.mmapThreshold;
    child.mmapCountMax = this.mmapCountMax;
    child.mmapCount = this.mmapCount;
    child.mmapCountPeak = this.mmapCountPeak;
    child.mmappedMem = this.mmappedMem;
    child.mmappedMemPeak = this.mmappedMemPeak;
    child.noDynamicThreshold = this.noDynamicThreshold;
    child.sbrkBase = this.sbrkBase;
    child.maxFast = this.maxFast;
    child.perturbByte = this.perturbByte;
    child.regions.push(...this.regions);
    for (const chunk of this.mappedChunks) child.mappedChunks.add(chunk);
    child.secondArena = this.secondArena;
    child.alignedHeapArea = this.alignedHeapArea;
    child.tcache = this.tcache;
    child.tcacheKeyLow = this.tcacheKeyLow;
    child.tcacheKeyHigh = this.tcacheKeyHigh;
    return child;
  }
}

/** Answers a failed request: NULL, and ENOMEM in errno. */
export function outOfMemory(state: MallocState): Place {
  state.errno.value = Errno.ENOMEM;
  return 0;
}

/** Ends the program with glibc's own words and SIGABRT (malloc_printerr). */
export function mallocError(state: MallocState, message: string): never {
  return state.syscalls.abort(message);
}

/** Ends the program as a failed assert of malloc.c does (__malloc_assert). */
export function mallocAssert(state: MallocState, place: string, assertion: string): never {
  return state.syscalls.abort(
    `Fatal glibc error: malloc assertion failure in ${place}: ${assertion}`,
  );
}
