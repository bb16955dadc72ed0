/**
 * The arena that glibc makes where main_arena has not even room for the tcache's struct (state.c,
 * arena_get_retry, _int_new_arena). Of a program with one thread, nothing else ever comes to lie in it.
 */
import {
  MAP_ANONYMOUS,
  MAP_NORESERVE,
  MAP_PRIVATE,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../src/abi/mman";
import {
  CHUNK_HDR_SZ,
  MALLOC_ALIGNMENT,
  MALLOC_STATE_BYTES,
  NON_MAIN_ARENA,
  PAGE_SIZE,
  PREV_INUSE,
  SIZE,
  TCACHE_BYTES,
  alignUp,
  requestToSize,
} from "./chunk";
import { checked } from "./errors";
import * as host from "./host";
import { setWord } from "./memory";
import { sysmallocMmap } from "./mmapped";
import * as state from "./state";

/** Bytes and alignment of a heap that is not the break's (HEAP_MAX_SIZE), and the least of it that is used at first. */
export const HEAP_MAX_SIZE: u64 = 64 * 1024 * 1024;
const HEAP_MIN_SIZE: u64 = 32 * 1024;
/** sizeof (heap_info). */
const HEAP_INFO_BYTES: u64 = 0x30;

/** Memory for the tcache's struct from outside main_arena, or 0: a new arena, else a mapping of its own. */
export function tcacheElsewhere(): u64 {
  const fixed = HEAP_INFO_BYTES + MALLOC_STATE_BYTES + MALLOC_ALIGNMENT;
  const nb = requestToSize(TCACHE_BYTES);
  let heap = newHeap(TCACHE_BYTES + fixed);
  if (heap == 0) heap = newHeap(fixed);
  return heap == 0 ? sysmallocMmap(nb) : firstChunk(heap, nb);
}

/** A heap for at least `bytes`: 64 MiB of addresses on such a boundary, of which the start can be used; or 0. */
function newHeap(bytes: u64): u64 {
  const padded = bytes + state.topPad;
  let size = HEAP_MAX_SIZE;
  if (padded < HEAP_MIN_SIZE) size = HEAP_MIN_SIZE;
  else if (padded <= HEAP_MAX_SIZE) size = alignUp(padded, PAGE_SIZE);
  const heap = reserve();
  if (heap == 0) return 0;
  if (checked(host.mprotect(<f64>heap, <f64>size, PROT_READ | PROT_WRITE)) < 0) {
    unmap(heap, HEAP_MAX_SIZE);
    return 0;
  }
  state.secondHeap = heap;
  state.secondSystemMem = size;
  state.secondTopSize = 0;
  return heap;
}

/** 64 MiB without rights on a multiple of 64 MiB, cut out of twice as much; or 0. */
function reserve(): u64 {
  const hint = state.alignedHeapArea;
  state.alignedHeapArea = 0;
  if (hint != 0) {
    const found = aligned(mapNone(hint, HEAP_MAX_SIZE));
    if (found != 0) return found;
  }
  const twice = mapNone(0, 2 * HEAP_MAX_SIZE);
  if (twice == 0) return aligned(mapNone(0, HEAP_MAX_SIZE));
  const heap = alignUp(twice, HEAP_MAX_SIZE);
  const before = heap - twice;
  if (before > 0) unmap(twice, before);
  else state.alignedHeapArea = heap + HEAP_MAX_SIZE;
  unmap(heap + HEAP_MAX_SIZE, HEAP_MAX_SIZE - before);
  return heap;
}

/** A mapping that lies on such a boundary; another is given back, and the answer is 0. */
function aligned(found: u64): u64 {
  if ((found & (HEAP_MAX_SIZE - 1)) == 0) return found;
  unmap(found, HEAP_MAX_SIZE);
  return 0;
}

function unmap(address: u64, length: u64): void {
  host.munmap(<f64>address, <f64>length);
}

/** Addresses without rights, or 0 with errno. */
function mapNone(address: u64, length: u64): u64 {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  const result = checked(host.mmap(<f64>address, <f64>length, PROT_NONE, flags));
  return result < 0 ? 0 : <u64>result;
}

/** Writes the heap's own fields, and cuts its first chunk from its top. */
function firstChunk(heap: u64, nb: u64): u64 {
  const size = state.secondSystemMem;
  setWord(heap, heap + HEAP_INFO_BYTES);
  setWord(heap + 16, size);
  setWord(heap + 24, size);
  setWord(heap + 32, PAGE_SIZE);
  const chunk = heap + alignUp(HEAP_INFO_BYTES + MALLOC_STATE_BYTES, MALLOC_ALIGNMENT);
  const rest = heap + size - chunk - nb;
  setWord(chunk + SIZE, nb | PREV_INUSE | NON_MAIN_ARENA);
  setWord(chunk + nb + SIZE, rest | PREV_INUSE);
  state.secondTopSize = rest;
  return chunk + CHUNK_HDR_SZ;
}
