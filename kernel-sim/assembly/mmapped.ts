/** Chunks that are mappings of their own: made by mmap, ended by munmap, resized by mremap. */
import { MAP_ANONYMOUS, MAP_PRIVATE, MREMAP_MAYMOVE, PROT_READ, PROT_WRITE } from "../src/abi/mman";
import * as aborts from "./aborts";
import { CHUNK_HDR_SZ, IS_MMAPPED, PAGE_SIZE, SIZE, SIZE_SZ, alignUp, sizeOf } from "./chunk";
import { checked } from "./errors";
import * as host from "./host";
import { setWord, word } from "./memory";
import * as state from "./state";

/** Anonymous private memory that can be read and written, or 0 with errno. */
export function mapAnonymous(length: u64): u64 {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS;
  const result = checked(host.mmap(0, <f64>length, PROT_READ | PROT_WRITE, flags));
  return result < 0 ? 0 : <u64>result;
}

/** A chunk of `nb` bytes in a mapping of its own; its memory, or 0 with errno (sysmalloc_mmap). */
export function sysmallocMmap(nb: u64): u64 {
  const length = alignUp(nb + SIZE_SZ, PAGE_SIZE);
  // The size wrapped around.
  if (length <= nb) return 0;
  const chunk = mapAnonymous(length);
  if (chunk == 0) return 0;
  setWord(chunk, 0);
  setWord(chunk + SIZE, length | IS_MMAPPED);
  host.chunkMapped(<f64>chunk);
  state.mmapCount++;
  state.mmapCountPeak = max(state.mmapCountPeak, state.mmapCount);
  countMapped(length);
  return chunk + CHUNK_HDR_SZ;
}

/** Unmaps the chunk (munmap_chunk). Aborts where what it says of itself is not a whole mapping. */
export function munmapChunk(p: u64): void {
  const offset = word(p);
  const total = offset + sizeOf(p);
  if (!isWholeMapping(p, offset, total)) aborts.munmapInvalidPointer();
  host.chunkUnmapped(<f64>p);
  state.mmapCount--;
  state.mmappedMem -= total;
  checked(host.munmap(<f64>(p - offset), <f64>total));
}

/**
 * Resizes the mapping for a chunk of `nb` bytes; the chunk, which may have moved, or 0 where the
 * kernel has no room for it (mremap_chunk).
 */
export function mremapChunk(p: u64, nb: u64): u64 {
  const offset = word(p);
  const total = offset + sizeOf(p);
  if (!isWholeMapping(p, offset, total)) aborts.mremapInvalidPointer();
  const length = alignUp(nb + offset + SIZE_SZ, PAGE_SIZE);
  if (length == total) return p;
  const moved = checked(
    host.mremap(<f64>(p - offset), <f64>total, <f64>length, MREMAP_MAYMOVE),
  );
  if (moved < 0) return 0;
  const chunk = <u64>moved + offset;
  setWord(chunk + SIZE, (length - offset) | IS_MMAPPED);
  countMapped(length - total);
  host.chunkUnmapped(<f64>p);
  host.chunkMapped(<f64>chunk);
  return chunk;
}

function countMapped(bytes: u64): void {
  state.mmappedMem += bytes;
  state.mmappedMemPeak = max(state.mmappedMemPeak, state.mmappedMem);
}

/** Whether block and length are whole pages, and the pointer lies where memalign could have put it. */
function isWholeMapping(p: u64, offset: u64, total: u64): bool {
  const inPage = (p + CHUNK_HDR_SZ) & (PAGE_SIZE - 1);
  return (((p - offset) | total) & (PAGE_SIZE - 1)) == 0 && (inPage & (inPage - 1)) == 0;
}
