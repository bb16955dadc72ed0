/** struct stat of an open file, as far as memory is concerned (fstat(2)). */
import { Errno } from "../abi/errno.js";
import { PAGE_SIZE } from "../core/units.js";
import type { Task } from "../kernel/model.js";

/** Units of st_blocks. */
const BLOCK_BYTES = 512;

export interface FileStatus {
  st_size: number;
  /** What the file takes on the disk, or in memory where it lives there, in units of 512 bytes. */
  st_blocks: number;
}

/** The status of the open file, or -EBADF. A page takes its block when it is written back, as with delayed allocation. */
export function fileStatus(task: Task, fd: number): FileStatus | number {
  const inode = task.files.get(fd)?.inode;
  if (inode === undefined) return -Errno.EBADF;
  const pages = inode.kind === "disk" ? inode.disk.size : inode.pages.size;
  return { st_size: inode.sizeBytes, st_blocks: (pages * PAGE_SIZE) / BLOCK_BYTES };
}
