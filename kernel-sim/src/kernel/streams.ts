/**
 * Standard input, output and error: pipes, as where a program stands in a pipeline (pipe(7)). Not modelled: what is in them;
 * a read finds their end, and what is written is gone.
 */
import { Errno } from "../abi/errno.js";
import type { Task } from "./model.js";

export const STANDARD_STREAMS = [0, 1, 2] as const;
const STDIN = 0;

/**
 * -errno of a call that needs a file where the descriptor is none: `error` for a pipe, EBADF where nothing is open. A pipe that
 * cannot be read is not even tried to be mapped (EACCES, mm/mmap.c: do_mmap).
 */
export function streamError(task: Task, fd: number, error: number): number {
  if (!task.streams.has(fd)) return -Errno.EBADF;
  return error === Errno.ENODEV && fd !== STDIN ? -Errno.EACCES : -error;
}

/** What read(2) and write(2) say of a descriptor that is no file. */
export function streamTransfer(
  task: Task,
  fd: number,
  direction: "read" | "write",
  count: number,
): number {
  if (!task.streams.has(fd) || (fd === STDIN) !== (direction === "read")) return -Errno.EBADF;
  return direction === "read" ? 0 : count;
}
