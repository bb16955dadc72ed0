/** Taking a free chunk out of its bin, with the checks that find overwritten links. */
import type { Place } from "./heap-memory.js";
import { MIN_LARGE_SIZE } from "./bins.js";
import { BK, BK_NEXTSIZE, FD, FD_NEXTSIZE, SIZE, SIZE_BITS } from "./chunk.js";
import { mallocError } from "./state.js";
import type { MallocState } from "./state.js";

/**
 * Unlinks the free chunk `p` (unlink_chunk). Aborts where its size, its foot or one of its
 * neighbours' links does not agree.
 */
export function unlinkChunk(state: MallocState, p: Place): void {
  const memory = state.memory;
  const head = memory.loadWord(p + SIZE);
  const size = head - (head & SIZE_BITS);
  if (memory.loadWord(p + size) !== size) mallocError(state, "corrupted size vs. prev_size");
  const fd = memory.loadLink(p + FD);
  const bk = memory.loadLink(p + BK);
  if (memory.loadLink(fd + BK) !== p || memory.loadLink(bk + FD) !== p) {
    mallocError(state, "corrupted double-linked list");
  }
  memory.storeLink(fd + BK, bk);
  memory.storeLink(bk + FD, fd);
  if (head >= MIN_LARGE_SIZE) unlinkFromSizes(state, p, fd);
}

/** Takes a large chunk out of the list of its bin's sizes, or puts `fd`, of the same size, in its place. */
function unlinkFromSizes(state: MallocState, p: Place, fd: Place): void {
  const memory = state.memory;
  const larger = memory.loadLink(p + FD_NEXTSIZE);
  if (larger === 0) return;
  const smaller = memory.loadLink(p + BK_NEXTSIZE);
  if (memory.loadLink(larger + BK_NEXTSIZE) !== p || memory.loadLink(smaller + FD_NEXTSIZE) !== p) {
    mallocError(state, "corrupted double-linked list (not small)");
  }
  if (memory.loadLink(fd + FD_NEXTSIZE) !== 0) {
    memory.storeLink(larger + BK_NEXTSIZE, smaller);
    memory.storeLink(smaller + FD_NEXTSIZE, larger);
  } else if (larger === p) {
    memory.storeLink(fd + FD_NEXTSIZE, fd);
    memory.storeLink(fd + BK_NEXTSIZE, fd);
  } else {
    memory.storeLink(fd + FD_NEXTSIZE, larger);
    memory.storeLink(fd + BK_NEXTSIZE, smaller);
    memory.storeLink(larger + BK_NEXTSIZE, fd);
    memory.storeLink(smaller + FD_NEXTSIZE, fd);
  }
}
