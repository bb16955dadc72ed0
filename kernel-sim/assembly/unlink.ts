/** Taking a free chunk out of its bin, with the checks that find overwritten links. */
import * as aborts from "./aborts";
import { BK, BK_NEXTSIZE, FD, FD_NEXTSIZE, MIN_LARGE_SIZE, SIZE, SIZE_BITS } from "./chunk";
import { setWord, word } from "./memory";

/**
 * Unlinks the free chunk `p` (unlink_chunk). Aborts where its size, its foot or one of its
 * neighbours' links does not agree.
 */
export function unlinkChunk(p: u64): void {
  const head = word(p + SIZE);
  const size = head & ~SIZE_BITS;
  if (word(p + size) != size) aborts.corruptedPrevSize();
  const fd = word(p + FD);
  const bk = word(p + BK);
  if (word(fd + BK) != p || word(bk + FD) != p) aborts.corruptedList();
  setWord(fd + BK, bk);
  setWord(bk + FD, fd);
  if (head >= MIN_LARGE_SIZE) unlinkFromSizes(p, fd);
}

/** Takes a large chunk out of the list of its bin's sizes, or puts `fd`, of the same size, in its place. */
function unlinkFromSizes(p: u64, fd: u64): void {
  const larger = word(p + FD_NEXTSIZE);
  if (larger == 0) return;
  const smaller = word(p + BK_NEXTSIZE);
  if (word(larger + BK_NEXTSIZE) != p || word(smaller + FD_NEXTSIZE) != p) {
    aborts.corruptedListNotSmall();
  }
  if (word(fd + FD_NEXTSIZE) != 0) {
    setWord(larger + BK_NEXTSIZE, smaller);
    setWord(smaller + FD_NEXTSIZE, larger);
  } else if (larger == p) {
    setWord(fd + FD_NEXTSIZE, fd);
    setWord(fd + BK_NEXTSIZE, fd);
  } else {
    setWord(fd + FD_NEXTSIZE, larger);
    setWord(fd + BK_NEXTSIZE, smaller);
    setWord(larger + BK_NEXTSIZE, fd);
    setWord(smaller + FD_NEXTSIZE, fd);
  }
}
