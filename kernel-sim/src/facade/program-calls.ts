/** The C program's own side of a process: functions and frames, obstacks, slabs, pools, and their pictures. */
import { PROT_EXEC, PROT_WRITE } from "../abi/mman.js";
import type { Locality, SlabCacheInfo } from "../abi/slab-info.js";
import type { Syscalls } from "../abi/syscalls.js";
import type { UserMemory } from "../abi/user-memory.js";
import { display } from "../core/display.js";
import type { Displayable } from "../core/display.js";
import type { Address } from "../core/units.js";
import type { ExecLayout } from "../kernel/exec-layout.js";
import { syscallReturn } from "../libc/errno.js";
import type { ErrnoCell } from "../libc/errno.js";
import type { HeapObject } from "../libc/heap-requests.js";
import { obstackCalls, obstackTypes } from "../libc/obstack.js";
import type { ObstackCalls } from "../libc/obstack.js";
import { locality } from "../program/locality.js";
import { Pool } from "../program/pool.js";
import { createProgram } from "../program/program.js";
import type { Program } from "../program/program.js";
import type { RunningProgram } from "../program/running-program.js";
import { SIG_DFL } from "../program/signals.js";
import type { SigactionT, StackT } from "../program/signals.js";
import { SlabCache } from "../program/slab.js";
import type { SlabOptions } from "../program/slab.js";
import { drawLayout } from "./layout-parts.js";
import type { Picture } from "../view/picture.js";
import { chunksPicture, localityPicture, slabPicture } from "../view/slab.js";
import { stackPicture } from "../view/stack.js";

/** The allocator that chunks and slabs come from. */
export interface HeapFunctions {
  readonly malloc: (size: number) => Address;
  readonly free: (mem: Address) => void;
  readonly aligned_alloc: (alignment: number, size: number) => Address;
}

/** What the program's side needs of its process. */
export interface ProgramHost {
  readonly memory: UserMemory;
  readonly syscalls: Syscalls;
  readonly layout: ExecLayout;
  /** RLIMIT_STACK as it is now. */
  stackLimitBytes(): number;
  readonly heap: HeapFunctions;
  readonly name: string;
  readonly running: RunningProgram;
  /** What malloc gave at that very address. */
  heapObjectAt(address: Address): HeapObject | undefined;
  /** The program that forked; undefined for a new one. The child has its types and its stack pointer. */
  readonly parent: Pick<Program, "declaredTypes" | "sp"> | undefined;
  readonly errno: ErrnoCell;
  readonly setSignalDelivery: (deliver: Program["deliverSignal"]) => void;
}

/** A cache of slabs with its picture. */
export interface SlabHandle extends Displayable {
  readonly itemBytes: number;
  readonly slabBytes: number;
  readonly itemsPerSlab: number;
  alloc(): Address;
  free(item: Address): void;
  slabOf(item: Address): Address;
  shrink(): number;
  info(): SlabCacheInfo;
  picture(title?: string): Picture;
}

/** A pool with its picture. */
export interface PoolHandle extends Displayable {
  alloc(sizeBytes: number): Address;
  /** `pool->chunk`, the newest; 0 where there is none. */
  readonly chunk: Address;
  freeAll(): number;
  picture(title?: string): Picture;
}

type Replaced = "deliverSignal" | "stackInfo" | "sigaction" | "sigaltstack";

export interface ProgramCalls extends Omit<Program, Replaced>, ObstackCalls {
  /** 0, or -1 and errno. A handler is given its frame and siginfo_t; `SIG_DFL` takes it away. */
  sigaction(signal: number, action: SigactionT): number;
  /** 0, or -1 and errno. `null` only asks; `old` is filled with what was set before. */
  sigaltstack(next: StackT | null, old?: { -readonly [key in keyof StackT]: number }): number;
  /** The running thread's frames and locals, drawn and as text. */
  stack(title?: string): Picture;
  /** Where exec put the parts of this process, and the heap as it is now, drawn and as text. */
  drawLayout(title?: string): Picture;
  /** Chunks of an obstack, the newest first. */
  obstack(h: Address, title?: string): Picture;
  /** A slab allocator over aligned_alloc, as a program would write it. */
  slab_create(itemBytes: number, options?: SlabOptions): SlabHandle;
  /** A pool over malloc. */
  pool_create(chunkBytes: number): PoolHandle;
  /** What accesses of `sizeBytes` at those addresses touch, in their order. */
  locality(addresses: Iterable<Address>, sizeBytes: number, tlbEntries?: number): Locality;
  /** Several walks beside each other. */
  compareWalks(
    walks: readonly { readonly name: string; readonly locality: Locality }[],
    title?: string,
  ): Picture;
}

/** `_start`, `__libc_start_main` and `__libc_start_call_main` take so much before main's frame (glibc 2.36). */
const beforeMainBytes = 256;

/** The calls need no `this`. */
export function programCalls(host: ProgramHost): ProgramCalls {
  const { memory, syscalls, layout, heap, errno } = host;
  const text = layout.mappings.find((one) => one.role === "text" && (one.prot & PROT_EXEC) !== 0);
  const data = layout.mappings.find((one) => one.role === "data" && (one.prot & PROT_WRITE) !== 0);
  const { deliverSignal, stackInfo, ...program }: Program = createProgram({
    memory,
    syscalls,
    textStart: text?.start ?? 0,
    data: { start: data?.start ?? 0, end: data?.end ?? 0 },
    stackLimitBytes: host.stackLimitBytes(),
    name: host.name,
    running: host.running,
    heapObjectAt: (address) => host.heapObjectAt(address),
    stack: {
      name: "[stack]",
      end: layout.stackEnd,
      lowest: () => layout.stackEnd - host.stackLimitBytes(),
      pointer: host.parent?.sp() ?? layout.stackPointer - beforeMainBytes,
    },
  });
  for (const types of host.parent?.declaredTypes ?? [obstackTypes]) program.types(types);
  host.setSignalDelivery(deliverSignal);
  const chunks = {
    allocate: (size: number): Address => heap.malloc(size),
    free: (chunk: Address): void => heap.free(chunk),
  };
  const slabs = {
    allocate: (size: number): Address => heap.aligned_alloc(size, size),
    free: (slab: Address): void => heap.free(slab),
  };
  const obstacks = obstackCalls(memory, chunks, (message) => syscalls.abort(message));
  return {
    ...program,
    ...obstacks,
    sigaction(signal, { sa_handler, sa_flags = 0 }) {
      const handler = sa_handler === SIG_DFL ? undefined : sa_handler;
      return syscallReturn(errno, program.sigaction(signal, handler, sa_flags));
    },
    sigaltstack(next, old) {
      const result = program.sigaltstack(next ?? undefined);
      if (typeof result === "number") return syscallReturn(errno, result);
      if (old !== undefined) Object.assign(old, result);
      return 0;
    },
    stack: (title) => stackPicture(stackInfo(), title),
    drawLayout: (title = "The layout of the process") => drawLayout(layout, title, syscalls.brk(0)),
    obstack(h, title = "An obstack's chunks") {
      const newest = memory.loadWord(h + 8);
      const list = [];
      for (let chunk = newest; chunk !== 0; chunk = memory.loadWord(chunk + 8)) {
        const end = memory.loadWord(chunk);
        list.push({
          address: chunk,
          sizeBytes: end - chunk,
          headerBytes: 16,
          usedBytes: chunk === newest ? memory.loadWord(h + 24) - chunk - 16 : undefined,
        });
      }
      return chunksPicture(list, title);
    },
    slab_create: (itemBytes, options) =>
      slabHandle(new SlabCache(memory, slabs, itemBytes, options)),
    pool_create: (chunkBytes) => poolHandle(new Pool(memory, chunks, chunkBytes)),
    locality,
    compareWalks: localityPicture,
  };
}

function slabHandle(cache: SlabCache): SlabHandle {
  const picture = (title?: string): Picture => slabPicture(cache.info(), title);
  return {
    itemBytes: cache.itemBytes,
    slabBytes: cache.slabBytes,
    itemsPerSlab: cache.itemsPerSlab,
    alloc: () => cache.alloc(),
    free: (item) => cache.free(item),
    slabOf: (item) => cache.slabOf(item),
    shrink: () => cache.shrink(),
    info: () => cache.info(),
    picture,
    toString: () => picture().toString(),
    [display]: () => picture()[display](),
  };
}

function poolHandle(pool: Pool): PoolHandle {
  const picture = (title = "A pool's chunks"): Picture => chunksPicture(pool.chunks(), title);
  return {
    alloc: (sizeBytes) => pool.alloc(sizeBytes),
    get chunk() {
      return pool.chunk;
    },
    freeAll: () => pool.freeAll(),
    picture,
    toString: () => picture().toString(),
    [display]: () => picture()[display](),
  };
}
