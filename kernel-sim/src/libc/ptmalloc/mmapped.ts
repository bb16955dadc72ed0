/** Chunks that are mappings of their own: made by mmap, ended by munmap, resized by mremap. */
import {
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MREMAP_MAYMOVE,
  PROT_READ,
  PROT_WRITE,
} from "../../abi/mman.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { CHUNK_HDR_SZ, IS_MMAPPED, SIZE, SIZE_BITS, SIZE_SZ, alignUp } from "./chunk.js";
import type { Place } from "./heap-memory.js";
import { mallocError } from "./state.js";
import type { MallocState } from "./state.js";

/** Anonymous private memory that can be read and written, or -1 with errno. */
export function mapAnonymous(state: MallocState, length: number): Address {
  const result = state.syscalls.mmap(
    0,
    length,
    PROT_READ | PROT_WRITE,
    MAP_PRIVATE | MAP_ANONYMOUS,
    -1,
    0,
  );
  if (result >= 0) return result;
  state.errno.value = -result;
  return -1;
}

/** A chunk of `nb` bytes in a mapping of its own; its memory, or 0 with errno (sysmalloc_mmap). */
export function sysmallocMmap(state: MallocState, nb: number): Place {
  const length = alignUp(nb + SIZE_SZ, PAGE_SIZE);
  const address = mapAnonymous(state, length);
  if (address < 0) return 0;
  const mapped = state.memory.place(address);
  state.memory.storeWord(mapped, 0);
  state.memory.storeWord(mapped + SIZE, length + IS_MMAPPED);
  state.mappedChunks.add(mapped);
  state.mmapCount++;
  if (state.mmapCount > state.mmapCountPeak) state.mmapCountPeak = state.mmapCount;
  countMapped(state, length);
  return mapped + CHUNK_HDR_SZ;
}

/** Unmaps the chunk (munmap_chunk). Aborts where what it says of itself is not a whole mapping. */
export function munmapChunk(state: MallocState, p: Place): void {
  const offset = state.memory.loadWord(p);
  const head = state.memory.loadWord(p + SIZE);
  if (!isWholeMapping(state, p)) mallocError(state, "munmap_chunk(): invalid pointer");
  const total = offset + head - (head & SIZE_BITS);
  state.mappedChunks.delete(p);
  state.mmapCount--;
  state.mmappedMem -= total;
  const result = state.syscalls.munmap(state.memory.address(p) - offset, total);
  if (result < 0) state.errno.value = -result;
}

/**
 * Resizes the mapping for a chunk of `nb` bytes; the chunk, which may have moved, or 0 where the
 * kernel has no room for it (mremap_chunk).
 */
export function mremapChunk(state: MallocState, p: Place, nb: number): Place {
  const offset = state.memory.loadWord(p);
  const head = state.memory.loadWord(p + SIZE);
  if (!isWholeMapping(state, p)) mallocError(state, "mremap_chunk(): invalid pointer");
  const total = offset + head - (head & SIZE_BITS);
  const length = alignUp(nb + offset + SIZE_SZ, PAGE_SIZE);
  if (length === total) return p;
  const moved = state.syscalls.mremap(
    state.memory.address(p) - offset,
    total,
    length,
    MREMAP_MAYMOVE,
    0,
  );
  if (moved < 0) {
    state.errno.value = -moved;
    return 0;
  }
  const chunk = state.memory.place(moved + offset);
  state.memory.storeWord(chunk + SIZE, length - offset + IS_MMAPPED);
  countMapped(state, length - total);
  state.mappedChunks.delete(p);
  state.mappedChunks.add(chunk);
  return chunk;
}

function countMapped(state: MallocState, bytes: number): void {
  state.mmappedMem += bytes;
  if (state.mmappedMem > state.mmappedMemPeak) state.mmappedMemPeak = state.mmappedMem;
}

/** Whether block and length are whole pages, and the pointer lies where memalign could have put it. */
function isWholeMapping(state: MallocState, p: Place): boolean {
  const low = (word: Place): number => state.memory.load32(word) & (PAGE_SIZE - 1);
  const offset = low(p);
  const size = low(p + SIZE) & ~SIZE_BITS;
  const start = (p - offset) & (PAGE_SIZE - 1);
  const inPage = (p + CHUNK_HDR_SZ) & (PAGE_SIZE - 1);
  return (start | ((offset + size) & (PAGE_SIZE - 1))) === 0 && (inPage & (inPage - 1)) === 0;
}
