/** errno, a variable of the C library, one for each thread (errno(3)). */
export interface ErrnoCell {
  /** Set where a call fails, and left alone where it succeeds. */
  value: number;
}

/** A new thread's errno is 0. */
export function newErrno(): ErrnoCell {
  return { value: 0 };
}

/**
 * Turns the kernel's convention into C's: a result from 0 up is passed through; of `-errno`, errno is
 * set and the answer is -1 (MAP_FAILED is -1 as well).
 */
export function syscallReturn(errno: ErrnoCell, result: number): number {
  if (result >= 0) return result;
  errno.value = -result;
  return -1;
}
