/**
 * One process's malloc: its module of WebAssembly, what that asks of the process, and what glibc keeps no
 * list of, but a walk over the heap needs.
 */
import { Errno } from "../../abi/errno.js";
import type { Syscalls } from "../../abi/syscalls.js";
import type { WindowedMemory } from "../../abi/user-memory.js";
import type { Random } from "../../core/random.js";
import type { Address } from "../../core/units.js";
import type { ErrnoCell } from "../errno.js";
import type { ProgramBreak } from "../program-break.js";
import { copyVariables, instantiate } from "./allocator-module.js";
import type { AllocatorModule, ModuleHost } from "./allocator-module.js";
import { BINS, FASTBINS } from "./chunk.js";
import { mallocConstants } from "./version.js";
import type { MallocConstants } from "./version.js";

/** What an allocator needs of the process that it lives in. */
export interface MallocHost {
  readonly memory: WindowedMemory;
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

export class MallocState {
  readonly memory: WindowedMemory;
  readonly constants: MallocConstants;
  readonly mainArena: Address;
  readonly module: AllocatorModule;
  /** Where top ever began: the first chunk of each stretch of memory. */
  readonly regions: Address[] = [];
  /** Chunks that are mappings of their own. */
  readonly mappedChunks = new Set<Address>();
  readonly #options: MallocOptions;

  constructor(options: MallocOptions) {
    const constants = mallocConstants(options.glibc ?? "2.36");
    const { memory } = options;
    this.#options = options;
    this.memory = memory;
    this.constants = constants;
    this.mainArena = options.mainArena;
    const module = instantiate(memory.window.pool, this.#host(), (words) =>
      options.syscalls.abort(words),
    );
    module.mainArena.value = BigInt(options.mainArena);
    module.trimThreshold.value = BigInt(constants.trimThreshold);
    module.topPad.value = BigInt(constants.topPad);
    module.mmapThreshold.value = BigInt(constants.mmapThreshold);
    module.mmapCountMax.value = constants.mmapMax;
    module.maxFast.value = BigInt(constants.maxFast);
    module.tcacheBins.value = constants.tcacheBins;
    module.tcacheCount.value = constants.tcacheCount;
    module.begin();
    memory.window.watch({ forgetPages: (start, end) => module.forget(start, end) });
    this.module = module;
  }

  get isInitialized(): boolean {
    return this.module.initialized.value !== 0;
  }

  get top(): Address {
    return Number(this.module.top.value);
  }

  get systemMem(): number {
    return Number(this.module.systemMem.value);
  }

  /** The tcache's struct, 0 before the first call. */
  get tcache(): Address {
    return Number(this.module.tcache.value);
  }

  /** The header of bin `index`, dressed as a chunk: its fd and bk are the list's ends (bin_at). */
  binAt(index: number): Address {
    return this.mainArena + BINS + 16 * index;
  }

  /** The word that holds the first chunk of fastbin `index`. */
  fastbinAt(index: number): Address {
    return this.mainArena + FASTBINS + 8 * index;
  }

  /** Where the safe-linked pointer at `position` leads (REVEAL_PTR). */
  revealed(position: Address): Address {
    return Number(this.memory.load64(position) ^ (BigInt(position) >> 12n));
  }

  /** Ends the program with glibc's own words and SIGABRT (malloc_printerr). */
  abort(words: string): never {
    return this.#options.syscalls.abort(words);
  }

  /** The state in a child after fork(2): the same, over the child's own memory and system calls. */
  fork(host: MallocHost): MallocState {
    const child = new MallocState({ ...this.#options, ...host });
    copyVariables(this.module, child.module);
    child.regions.push(...this.regions);
    for (const chunk of this.mappedChunks) child.mappedChunks.add(chunk);
    return child;
  }

  #host(): ModuleHost {
    const { memory, syscalls, brk, errno, random } = this.#options;
    const { window } = memory;
    const { regions, mappedChunks } = this;
    return {
      pageForReading: (address) => window.pageForReading(address),
      pageForWriting: (address) => window.pageForWriting(address),
      fill: (address, byte, bytes) => memory.fill(address, byte, bytes),
      copy: (to, from, bytes) => memory.copy(to, from, bytes),
      reserve: (bytes) => window.reserve(bytes),
      release: (at, bytes) => window.release(at >>> 0, bytes),
      sbrk: (increment) => brk.sbrk(increment),
      mmap: (address, length, prot, flags) => syscalls.mmap(address, length, prot, flags, -1, 0),
      munmap: (address, length) => syscalls.munmap(address, length),
      mremap: (address, oldLength, newLength, flags) =>
        syscalls.mremap(address, oldLength, newLength, flags, 0),
      mprotect: (address, length, prot) => syscalls.mprotect(address, length, prot),
      madvise: (address, length, advice) => syscalls.madvise(address, length, advice),
      getErrno: () => errno.value,
      setErrno: (value) => {
        errno.value = value!;
      },
      outOfMemory: () => {
        errno.value = Errno.ENOMEM;
      },
      invalidArgument: () => {
        errno.value = Errno.EINVAL;
      },
      random: () => random.nextUint32(),
      regionBegan: (start) => {
        regions.push(start);
      },
      chunkMapped: (chunk) => {
        mappedChunks.add(chunk);
      },
      chunkUnmapped: (chunk) => {
        mappedChunks.delete(chunk);
      },
    };
  }
}
