/**
 * Obstacks as glibc 2.36 has them (malloc/obstack.c, obstack.h): chunks from malloc, objects packed in
 * them one after another, the last one growing; freeing an object frees everything after it.
 *
 * `struct obstack` and `struct _obstack_chunk` lie in simulated memory with glibc's own members, so a
 * dump of them shows what gdb would show. Not modelled: chunk functions with an extra argument.
 */
import type { UserMemory } from "../abi/user-memory.js";
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import { hex } from "../core/units.js";

/** The declarations of <obstack.h>, as C text. */
export const obstackTypes = `
struct _obstack_chunk { char *limit; struct _obstack_chunk *prev; char contents[4]; };
struct obstack {
  long chunk_size; struct _obstack_chunk *chunk; char *object_base; char *next_free;
  char *chunk_limit; union { long tempint; void *tempptr; } temp; int alignment_mask;
  void *chunkfun; void *freefun; void *extra_arg;
  unsigned use_extra_arg : 1; unsigned maybe_empty_object : 1; unsigned alloc_failed : 1;
};`;

/** obstack_chunk_alloc and obstack_chunk_free. */
export interface ChunkFunctions {
  /** The address of a new chunk, 0 where there is none. */
  allocate(sizeBytes: number): Address;
  free(chunk: Address): void;
}

/** `struct obstack` has its members at these offsets. */
const at = {
  chunkSize: 0,
  chunk: 8,
  objectBase: 16,
  nextFree: 24,
  chunkLimit: 32,
  alignmentMask: 48,
  chunkFunction: 56,
  freeFunction: 64,
  flags: 80,
} as const;

/** `struct _obstack_chunk`: limit, prev, then the objects. */
const chunkAt = { limit: 0, previous: 8, contents: 16 } as const;

const maybeEmpty = 2;
const defaultAlignment = 16;
/** A page less what malloc may need around it: 4096 - (((12 + 15) & ~15) + 4 + 15 & ~15). */
const defaultChunkSize = 4064;

/** The macros and functions of <obstack.h>; `h` is the address of a `struct obstack`. */
export interface ObstackCalls {
  obstack_init(h: Address): void;
  obstack_begin(h: Address, chunkSize: number): void;
  obstack_specify_allocation(
    h: Address,
    chunkSize: number,
    alignment: number,
    functions: ChunkFunctions,
  ): void;
  obstack_alloc(h: Address, size: number): Address;
  /** `data` is an address, or text as a string literal. */
  obstack_copy(h: Address, data: Address | string, size: number): Address;
  obstack_copy0(h: Address, data: Address | string, size: number): Address;
  obstack_grow(h: Address, data: Address | string, size: number): void;
  obstack_grow0(h: Address, data: Address | string, size: number): void;
  obstack_1grow(h: Address, byte: number): void;
  obstack_int_grow(h: Address, value: number): void;
  obstack_ptr_grow(h: Address, pointer: Address): void;
  /** A negative size makes the growing object smaller. */
  obstack_blank(h: Address, size: number): void;
  obstack_blank_fast(h: Address, size: number): void;
  obstack_make_room(h: Address, size: number): void;
  /** The growing forms that do not check: the caller has asked for room. */
  obstack_1grow_fast(h: Address, byte: number): void;
  obstack_int_grow_fast(h: Address, value: number): void;
  obstack_ptr_grow_fast(h: Address, pointer: Address): void;
  obstack_finish(h: Address): Address;
  /** Frees the object and all allocated after it; of 0, everything. */
  obstack_free(h: Address, object: Address): void;
  obstack_base(h: Address): Address;
  obstack_next_free(h: Address): Address;
  obstack_object_size(h: Address): number;
  obstack_room(h: Address): number;
  obstack_chunk_size(h: Address): number;
  /** The least size of chunks that are taken after this: `obstack_chunk_size(h) = size`. */
  obstack_set_chunk_size(h: Address, size: number): void;
  obstack_alignment_mask(h: Address): number;
  /** Sets the mask for the objects that begin after this: `obstack_alignment_mask(h) = mask`. */
  obstack_set_alignment_mask(h: Address, mask: number): void;
  /** 1 where nothing is allocated. */
  obstack_empty_p(h: Address): number;
  obstack_memory_used(h: Address): number;
}

/** Of one process. `abort` ends the process. */
export function obstackCalls(
  memory: UserMemory,
  standard: ChunkFunctions,
  abort: (message: string) => never,
): ObstackCalls {
  const known: ChunkFunctions[] = [standard];
  const get = (h: Address, offset: number): number => memory.loadWord(h + offset);
  const set = (h: Address, offset: number, value: number): void =>
    memory.storeWord(h + offset, value);
  const mask = (h: Address): number => memory.load32(h + at.alignmentMask);
  const alignUp = (address: Address, alignmentMask: number): Address => {
    const step = alignmentMask + 1;
    return Math.ceil(address / step) * step;
  };
  const chunksOf = (h: Address): ChunkFunctions => {
    const chosen = known[get(h, at.chunkFunction)];
    if (chosen === undefined)
      throw new UsageError(
        `${hex(h)} holds no obstack`,
        "call obstack_init(h) first, with the address of a struct obstack",
      );
    return chosen;
  };
  const firstObject = (chunk: Address, alignmentMask: number): Address =>
    alignUp(chunk + chunkAt.contents, alignmentMask);

  const newChunk = (h: Address, sizeBytes: number): Address => {
    const chunk = chunksOf(h).allocate(sizeBytes);
    if (chunk === 0) abort("memory exhausted");
    memory.storeWord(chunk + chunkAt.limit, chunk + sizeBytes);
    set(h, at.chunk, chunk);
    set(h, at.chunkLimit, chunk + sizeBytes);
    return chunk;
  };

  const begin = (h: Address, size: number, alignment: number, chosen: ChunkFunctions): void => {
    const chunkSize = size === 0 ? defaultChunkSize : size;
    const step = alignment === 0 ? defaultAlignment : alignment;
    let index = known.indexOf(chosen);
    if (index < 0) index = known.push(chosen) - 1;
    set(h, at.chunkFunction, index);
    set(h, at.freeFunction, index);
    set(h, at.chunkSize, chunkSize);
    memory.store32(h + at.alignmentMask, step - 1);
    const chunk = newChunk(h, chunkSize);
    memory.storeWord(chunk + chunkAt.previous, 0);
    const first = firstObject(chunk, step - 1);
    set(h, at.objectBase, first);
    set(h, at.nextFree, first);
    memory.store32(h + at.flags, 0);
  };

  /** _obstack_newchunk: the growing object moves to a chunk with room for `length` more. */
  const moveToNewChunk = (h: Address, length: number): void => {
    const old = get(h, at.chunk);
    const base = get(h, at.objectBase);
    const objectSize = get(h, at.nextFree) - base;
    const alignmentMask = mask(h);
    const wanted = objectSize + length + Math.floor(objectSize / 8) + alignmentMask + 100;
    const chunk = newChunk(h, Math.max(wanted, get(h, at.chunkSize)));
    memory.storeWord(chunk + chunkAt.previous, old);
    const moved = firstObject(chunk, alignmentMask);
    if (objectSize > 0) memory.copy(moved, base, objectSize);
    const flags = memory.load32(h + at.flags);
    const alone = base === firstObject(old, alignmentMask);
    if ((flags & maybeEmpty) === 0 && alone) {
      memory.storeWord(chunk + chunkAt.previous, memory.loadWord(old + chunkAt.previous));
      chunksOf(h).free(old);
    }
    set(h, at.objectBase, moved);
    set(h, at.nextFree, moved + objectSize);
    memory.store32(h + at.flags, flags & ~maybeEmpty);
  };

  const makeRoom = (h: Address, size: number): void => {
    chunksOf(h);
    if (get(h, at.chunkLimit) - get(h, at.nextFree) < size) moveToNewChunk(h, size);
  };
  const advance = (h: Address, size: number): Address => {
    const from = get(h, at.nextFree);
    set(h, at.nextFree, from + size);
    return from;
  };
  const blank = (h: Address, size: number): void => {
    makeRoom(h, size);
    advance(h, size);
  };
  const append = (h: Address, data: Address | string, size: number): void => {
    const to = advance(h, size);
    if (typeof data === "number") memory.copy(to, data, size);
    else {
      const bytes = new Uint8Array(size);
      for (let i = 0; i < Math.min(size, data.length); i++) bytes[i] = data.charCodeAt(i);
      memory.write(to, bytes);
    }
  };
  const grow = (h: Address, data: Address | string, size: number): void => {
    makeRoom(h, size);
    append(h, data, size);
  };
  const grow0 = (h: Address, data: Address | string, size: number): void => {
    makeRoom(h, size + 1);
    append(h, data, size);
    memory.store8(advance(h, 1), 0);
  };
  const putByte = (h: Address, byte: number): void => memory.store8(advance(h, 1), byte & 0xff);
  const putInt = (h: Address, value: number): void => memory.store32(advance(h, 4), value >>> 0);
  const putPointer = (h: Address, pointer: Address): void =>
    memory.storeWord(advance(h, 8), pointer);
  const finish = (h: Address): Address => {
    const object = get(h, at.objectBase);
    const end = get(h, at.nextFree);
    if (end === object) memory.store32(h + at.flags, memory.load32(h + at.flags) | maybeEmpty);
    const next = Math.min(alignUp(end, mask(h)), get(h, at.chunkLimit));
    set(h, at.nextFree, next);
    set(h, at.objectBase, next);
    return object;
  };

  const free = (h: Address, object: Address): void => {
    let chunk = get(h, at.chunk);
    if (object > chunk && object < get(h, at.chunkLimit)) {
      set(h, at.objectBase, object);
      set(h, at.nextFree, object);
      return;
    }
    const functions = chunksOf(h);
    while (chunk !== 0 && (chunk >= object || memory.loadWord(chunk + chunkAt.limit) < object)) {
      const previous = memory.loadWord(chunk + chunkAt.previous);
      functions.free(chunk);
      chunk = previous;
      memory.store32(h + at.flags, memory.load32(h + at.flags) | maybeEmpty);
    }
    if (chunk !== 0) {
      set(h, at.objectBase, object);
      set(h, at.nextFree, object);
      set(h, at.chunkLimit, memory.loadWord(chunk + chunkAt.limit));
      set(h, at.chunk, chunk);
    } else if (object !== 0) abort("obstack_free: the object is in none of the chunks");
  };

  return {
    obstack_init: (h) => begin(h, 0, 0, standard),
    obstack_begin: (h, chunkSize) => begin(h, chunkSize, 0, standard),
    obstack_specify_allocation: begin,
    obstack_alloc(h, size) {
      blank(h, size);
      return finish(h);
    },
    obstack_copy(h, data, size) {
      grow(h, data, size);
      return finish(h);
    },
    obstack_copy0(h, data, size) {
      grow0(h, data, size);
      return finish(h);
    },
    obstack_grow: grow,
    obstack_grow0: grow0,
    obstack_1grow(h, byte) {
      makeRoom(h, 1);
      putByte(h, byte);
    },
    obstack_int_grow(h, value) {
      makeRoom(h, 4);
      putInt(h, value);
    },
    obstack_ptr_grow(h, pointer) {
      makeRoom(h, 8);
      putPointer(h, pointer);
    },
    obstack_1grow_fast: putByte,
    obstack_int_grow_fast: putInt,
    obstack_ptr_grow_fast: putPointer,
    obstack_blank: blank,
    obstack_blank_fast: (h, size) => void advance(h, size),
    obstack_make_room: makeRoom,
    obstack_finish: finish,
    obstack_free: free,
    obstack_base: (h) => get(h, at.objectBase),
    obstack_next_free: (h) => get(h, at.nextFree),
    obstack_object_size: (h) => get(h, at.nextFree) - get(h, at.objectBase),
    obstack_room: (h) => get(h, at.chunkLimit) - get(h, at.nextFree),
    obstack_chunk_size: (h) => get(h, at.chunkSize),
    obstack_set_chunk_size: (h, size) => set(h, at.chunkSize, size),
    obstack_alignment_mask: mask,
    obstack_set_alignment_mask: (h, value) => memory.store32(h + at.alignmentMask, value),
    obstack_empty_p: (h) =>
      memory.loadWord(get(h, at.chunk) + chunkAt.previous) === 0 &&
      get(h, at.nextFree) === firstObject(get(h, at.chunk), mask(h))
        ? 1
        : 0,
    obstack_memory_used(h) {
      let used = 0;
      for (let chunk = get(h, at.chunk); chunk !== 0;) {
        used += memory.loadWord(chunk + chunkAt.limit) - chunk;
        chunk = memory.loadWord(chunk + chunkAt.previous);
      }
      return used;
    },
  };
}
