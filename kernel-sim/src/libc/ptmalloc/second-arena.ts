/**
 * The arena that glibc makes where main_arena has not even room for the tcache's struct (arena.c,
 * arena_get_retry, _int_new_arena). Of a program with one thread, nothing else ever comes to lie in it.
 */
import {
  MAP_ANONYMOUS,
  MAP_NORESERVE,
  MAP_PRIVATE,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../../abi/mman.js";
import { MiB, PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { MALLOC_STATE_BYTES } from "./bins.js";
import {
  CHUNK_HDR_SZ,
  MALLOC_ALIGNMENT,
  NON_MAIN_ARENA,
  PREV_INUSE,
  SIZE,
  alignUp,
  requestToSize,
} from "./chunk.js";
import type { Place } from "./heap-memory.js";
import { sysmallocMmap } from "./mmapped.js";
import type { MallocState } from "./state.js";
import { TCACHE_BYTES } from "./tcache.js";

/** Bytes and alignment of a heap that is not the break's (HEAP_MAX_SIZE), and the least of it that is used at first. */
const HEAP_MAX_SIZE = 64 * MiB;
const HEAP_MIN_SIZE = 32 * 1024;
/** sizeof (heap_info). */
const HEAP_INFO_BYTES = 0x30;

/** Memory for the tcache's struct from outside main_arena, or 0: a new arena, else a mapping of its own. */
export function tcacheElsewhere(state: MallocState): Place {
  const fixed = HEAP_INFO_BYTES + MALLOC_STATE_BYTES + MALLOC_ALIGNMENT;
  const heap = newHeap(state, TCACHE_BYTES + fixed) || newHeap(state, fixed);
  return heap === 0
    ? sysmallocMmap(state, requestToSize(TCACHE_BYTES))
    : firstChunk(state, heap, requestToSize(TCACHE_BYTES));
}

/** A heap for at least `bytes`: 64 MiB of addresses on such a boundary, of which the start can be used; or 0. */
function newHeap(state: MallocState, bytes: number): Address {
  const padded = bytes + state.topPad;
  let size = HEAP_MAX_SIZE;
  if (padded >= 0 && padded < HEAP_MIN_SIZE) size = HEAP_MIN_SIZE;
  else if (padded >= 0 && padded <= HEAP_MAX_SIZE) size = alignUp(padded, PAGE_SIZE);
  const heap = reserve(state);
  if (heap === 0) return 0;
  const { syscalls } = state;
  const result = syscalls.mprotect(heap, size, PROT_READ | PROT_WRITE);
  if (result < 0) {
    state.errno.value = -result;
    syscalls.munmap(heap, HEAP_MAX_SIZE);
    return 0;
  }
  state.secondArena = { heap, systemBytes: size, topBytes: 0 };
  return heap;
}

/** 64 MiB without rights on a multiple of 64 MiB, cut out of twice as much; or 0. */
function reserve(state: MallocState): Address {
  const hint = state.alignedHeapArea;
  state.alignedHeapArea = 0;
  if (hint !== 0) {
    const found = mapNone(state, hint, HEAP_MAX_SIZE);
    if (found >= 0 && found % HEAP_MAX_SIZE === 0) return found;
    if (found >= 0) state.syscalls.munmap(found, HEAP_MAX_SIZE);
  }
  const twice = mapNone(state, 0, 2 * HEAP_MAX_SIZE);
  if (twice >= 0) {
    const heap = alignUp(twice, HEAP_MAX_SIZE);
    const before = heap - twice;
    if (before > 0) state.syscalls.munmap(twice, before);
    else state.alignedHeapArea = heap + HEAP_MAX_SIZE;
    state.syscalls.munmap(heap + HEAP_MAX_SIZE, HEAP_MAX_SIZE - before);
    return heap;
  }
  const once = mapNone(state, 0, HEAP_MAX_SIZE);
  if (once >= 0 && once % HEAP_MAX_SIZE === 0) return once;
  if (once >= 0) state.syscalls.munmap(once, HEAP_MAX_SIZE);
  return 0;
}

function mapNone(state: MallocState, address: Address, length: number): Address {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  const result = state.syscalls.mmap(address, length, PROT_NONE, flags, -1, 0);
  if (result < 0) state.errno.value = -result;
  return result;
}

/** Writes the heap's own fields, and cuts its first chunk from its top. */
function firstChunk(state: MallocState, heap: Address, nb: number): Place {
  const { memory } = state;
  const size = state.secondArena?.systemBytes ?? 0;
  const start = memory.place(heap);
  memory.storeLink(start, start + HEAP_INFO_BYTES);
  memory.storeWord(start + 16, size);
  memory.storeWord(start + 24, size);
  memory.storeWord(start + 32, PAGE_SIZE);
  const chunk = start + alignUp(HEAP_INFO_BYTES + MALLOC_STATE_BYTES, MALLOC_ALIGNMENT);
  const rest = start + size - chunk - nb;
  memory.storeWord(chunk + SIZE, nb + PREV_INUSE + NON_MAIN_ARENA);
  memory.storeWord(chunk + nb + SIZE, rest + PREV_INUSE);
  state.secondArena = { heap, systemBytes: size, topBytes: rest };
  return chunk + CHUNK_HDR_SZ;
}
