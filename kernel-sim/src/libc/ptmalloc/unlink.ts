/** Taking a free chunk out of its bin, with the checks that find overwritten links. */
import type { Address } from "../../core/units.js";
import { MIN_LARGE_SIZE } from "./bins.js";
import { BK, BK_NEXTSIZE, FD, FD_NEXTSIZE, SIZE, SIZE_BITS } from "./chunk.js";
import { mallocError } from "./state.js";
import type { MallocState } from "./state.js";

/**
 * Unlinks the free chunk `p` (unlink_chunk). Aborts where its size, its foot or one of its
 * neighbours' links does not agree.
 */
export function unlinkChunk(state: MallocState, p: Address): void {
  const memory = state.memory;
  const head = memory.loadWord(p + SIZE);
  const size = head - (head & SIZE_BITS);
  if (memory.loadWord(p + size) !== size) mallocError(state, "corrupted size vs. prev_size");
  const fd = memory.loadWord(p + FD);
  const bk = memory.loadWord(p + BK);
  if (memory.loadWord(fd + BK) !== p || memory.loadWord(bk + FD) !== p) {
    mallocError(state, "corrupted double-linked list");
  }
  memory.storeWord(fd + BK, bk);
  memory.storeWord(bk + FD, fd);
  if (head >= MIN_LARGE_SIZE) unlinkFromSizes(state, p, fd);
}

/** Takes a large chunk out of the list of its bin's sizes, or puts `fd`, of the same size, in its place. */
function unlinkFromSizes(state: MallocState, p: Address, fd: Address): void {
  const memory = state.memory;
  const larger = memory.loadWord(p + FD_NEXTSIZE);
  if (larger === 0) return;
  const smaller = memory.loadWord(p + BK_NEXTSIZE);
  if (memory.loadWord(larger + BK_NEXTSIZE) !== p || memory.loadWord(smaller + FD_NEXTSIZE) !== p) {
    mallocError(state, "corrupted double-linked list (not small)");
  }
  if (memory.loadWord(fd + FD_NEXTSIZE) !== 0) {
    memory.storeWord(larger + BK_NEXTSIZE, smaller);
    memory.storeWord(smaller + FD_NEXTSIZE, larger);
  } else if (larger === p) {
    memory.storeWord(fd + FD_NEXTSIZE, fd);
    memory.storeWord(fd + BK_NEXTSIZE, fd);
  } else {
    memory.storeWord(fd + FD_NEXTSIZE, larger);
    memory.storeWord(fd + BK_NEXTSIZE, smaller);
    memory.storeWord(larger + BK_NEXTSIZE, fd);
    memory.storeWord(smaller + FD_NEXTSIZE, fd);
  }
}
