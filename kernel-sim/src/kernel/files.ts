/** File descriptors of a process: open(2) and its relatives (fs/open.c, mm/memfd.c, mm/fadvise.c). */
import {
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  F_ADD_SEALS,
  F_GET_SEALS,
  F_SEAL_SEAL,
  F_SEAL_WRITE,
  MFD_ALLOW_SEALING,
  MFD_CLOEXEC,
  MFD_HUGETLB,
  O_ACCMODE,
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  POSIX_FADV_DONTNEED,
  POSIX_FADV_NOREUSE,
  POSIX_FADV_NORMAL,
  POSIX_FADV_RANDOM,
  POSIX_FADV_SEQUENTIAL,
  POSIX_FADV_WILLNEED,
  SEEK_CUR,
  SEEK_DATA,
  SEEK_END,
  SEEK_HOLE,
  SEEK_SET,
} from "../abi/fcntl.js";
import { Errno } from "../abi/errno.js";
import type { Buffer } from "../abi/kernel-calls.js";
import { PAGE_SIZE, pageFloor } from "../core/units.js";
import { OpenFile, maxFileBytes } from "./file.js";
import { readFile, writeFile } from "./file-io.js";
import { dropCache } from "./file-drop.js";
import { punchHole, setSize } from "./file-punch.js";
import { syncPages } from "./file-sync.js";
import { isPageDirty } from "./rmap.js";
import { filePages } from "./page-cache.js";
import { forceReadAhead } from "./read-ahead.js";
import { streamError, streamTransfer } from "./streams.js";
import { VM_MAYWRITE, VM_SHARED } from "./vm-flags.js";
import type { Inode, KernelState, Task } from "./model.js";

const MAX_NAME = 249;
function install(task: Task, file: OpenFile): number {
  let fd = 0;
  while (task.files.has(fd) || task.streams.has(fd)) fd++;
  if (fd >= task.limits.nofile.soft) {
    dropIfUnused(task.kernel, file);
    return -Errno.EMFILE;
  }
  task.files.set(fd, file);
  file.references++;
  file.inode.references++;
  return fd;
}

/** Root may write everything, another user what is his own (fs/namei.c: generic_permission, of mode 0644). */
export function mayWriteFile(task: Task, inode: Inode): boolean {
  return task.privileged || inode.owner === task.user;
}

/** A descriptor of a file on the disk, or -errno. */
export function open(task: Task, path: string, flags: number): number {
  const { kernel } = task;
  let inode: Inode | undefined = kernel.paths.get(path);
  if (inode === undefined) {
    if ((flags & O_CREAT) === 0) return -Errno.ENOENT;
    inode = kernel.programFile(path);
    inode.owner = task.user;
  } else if ((flags & (O_CREAT | O_EXCL)) === (O_CREAT | O_EXCL)) {
    return -Errno.EEXIST;
  }
  const writes = (flags & O_ACCMODE) !== O_RDONLY;
  if (writes && !mayWriteFile(task, inode)) return -Errno.EACCES;
  if (writes && inode.executing > 0) return -Errno.ETXTBSY;
  const file = new OpenFile(inode, flags & (O_ACCMODE | O_APPEND), path);
  if ((flags & O_TRUNC) !== 0 && writes) setSize(kernel, file, 0);
  return install(task, file);
}

/** A descriptor of a file that lives in memory, or -errno (memfd_create(2)). */
export function memfdCreate(task: Task, name: string, flags: number): number {
  if (
    (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB | 0x18)) !== 0 ||
    name.length > MAX_NAME
  ) {
    return -Errno.EINVAL;
  }
  const kind = (flags & MFD_HUGETLB) !== 0 ? "hugetlb" : "shmem";
  const inode = task.kernel.newInode(kind, task.user);
  if ((flags & MFD_ALLOW_SEALING) !== 0) inode.seals &= ~F_SEAL_SEAL;
  return install(task, new OpenFile(inode, O_RDWR, `/memfd:${name} (deleted)`));
}

export function close(task: Task, fd: number): number {
  const file = task.files.get(fd);
  if (file === undefined) return task.streams.delete(fd) ? 0 : -Errno.EBADF;
  task.files.delete(fd);
  file.references--;
  file.inode.references--;
  dropIfUnused(task.kernel, file);
  return 0;
}

function dropIfUnused(kernel: KernelState, file: OpenFile): void {
  const { inode } = file;
  if (inode.links === 0 && inode.references === 0 && inode.vmas.size === 0) {
    kernel.destroyInode(inode);
  }
}

/** The name goes; the file stays as long as somebody has it open or mapped. */
export function unlink(task: Task, path: string): number {
  const { kernel } = task;
  const inode = kernel.paths.get(path);
  if (inode === undefined) return -Errno.ENOENT;
  kernel.paths.delete(path);
  inode.links--;
  for (const vma of inode.vmas) vma.file!.path = markDeleted(vma.file!.path);
  for (const other of kernel.tasks.values()) {
    for (const file of other.files.values()) {
      if (file.inode === inode) file.path = markDeleted(file.path);
    }
  }
  if (inode.references === 0 && inode.vmas.size === 0) kernel.destroyInode(inode);
  return 0;
}

function markDeleted(path: string): string {
  return path.endsWith(" (deleted)") ? path : `${path} (deleted)`;
}

export function ftruncate(task: Task, fd: number, length: number): number {
  const file = task.files.get(fd);
  if (length < 0) return -Errno.EINVAL;
  if (file === undefined) return streamError(task, fd, Errno.EINVAL);
  return setSize(task.kernel, file, length);
}

/** Only PUNCH_HOLE with KEEP_SIZE, and mode 0, which makes the file at least so long. */
export function fallocate(
  task: Task,
  fd: number,
  mode: number,
  offset: number,
  length: number,
): number {
  const file = task.files.get(fd);
  if (file === undefined) return streamError(task, fd, Errno.ESPIPE);
  if (offset < 0 || length <= 0) return -Errno.EINVAL;
  if (mode === (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)) {
    return punchHole(task.kernel, file, offset, length);
  }
  if (mode === FALLOC_FL_KEEP_SIZE) return file.writable ? 0 : -Errno.EBADF;
  if (mode !== 0) return -Errno.EOPNOTSUPP;
  if (!file.writable) return -Errno.EBADF;
  if (offset + length > maxFileBytes(file.inode)) return -Errno.EFBIG;
  return offset + length > file.inode.sizeBytes ? setSize(task.kernel, file, offset + length) : 0;
}

/**
 * Writes the file's dirty pages to its disk; EBADF, or EINVAL of what has no disk to write to. fdatasync(2) is the same: what
 * it leaves out, the file's times, is not in pages (fs/sync.c: do_fsync).
 */
export function fsync(task: Task, fd: number): number {
  const file = task.files.get(fd);
  if (file === undefined) return streamError(task, fd, Errno.EINVAL);
  syncPages(task.kernel, file.inode, 0, Infinity);
  return 0;
}

/** posix_fadvise(2) with the kernel's convention (mm/fadvise.c: generic_fadvise). */
export function fadvise(
  task: Task,
  fd: number,
  offset: number,
  length: number,
  advice: number,
): number {
  const file = task.files.get(fd);
  if (file === undefined) return streamError(task, fd, Errno.ESPIPE);
  if (length < 0) return -Errno.EINVAL;
  const end = length === 0 ? Infinity : offset + length;
  switch (advice) {
    case POSIX_FADV_NORMAL:
      file.advice = "normal";
      return 0;
    case POSIX_FADV_RANDOM:
      file.advice = "random";
      return 0;
    case POSIX_FADV_SEQUENTIAL:
      file.advice = "sequential";
      return 0;
    case POSIX_FADV_WILLNEED: {
      if (file.inode.kind !== "disk") return 0;
      const first = Math.floor(offset / PAGE_SIZE);
      const last = Math.min(Math.ceil(end / PAGE_SIZE), filePages(file.inode));
      forceReadAhead(task.kernel, file, first, last - first);
      return 0;
    }
    case POSIX_FADV_NOREUSE:
      return 0;
    case POSIX_FADV_DONTNEED:
      dropCache(task.kernel, file.inode, offset, end);
      return 0;
    default:
      return -Errno.EINVAL;
  }
}

export function pread(
  task: Task,
  fd: number,
  buffer: Buffer,
  count: number,
  offset: number,
): number {
  const file = task.files.get(fd);
  if (offset < 0) return -Errno.EINVAL;
  if (file === undefined) return streamError(task, fd, Errno.ESPIPE);
  return readFile(task.mm, file, buffer, count, offset);
}

export function pwrite(
  task: Task,
  fd: number,
  buffer: Buffer,
  count: number,
  offset: number,
): number {
  const file = task.files.get(fd);
  if (offset < 0) return -Errno.EINVAL;
  if (file === undefined) return streamError(task, fd, Errno.ESPIPE);
  return writeFile(task.mm, file, buffer, count, offset);
}

export function read(task: Task, fd: number, buffer: Buffer, count: number): number {
  const file = task.files.get(fd);
  if (file === undefined) return streamTransfer(task, fd, "read", count);
  const result = readFile(task.mm, file, buffer, count, file.position);
  if (result > 0) file.position += result;
  return result;
}

export function write(task: Task, fd: number, buffer: Buffer, count: number): number {
  const file = task.files.get(fd);
  if (file === undefined) return streamTransfer(task, fd, "write", count);
  if ((file.flags & O_APPEND) !== 0) file.position = file.inode.sizeBytes;
  const result = writeFile(task.mm, file, buffer, count, file.position);
  if (result > 0) file.position += result;
  return result;
}

export function lseek(task: Task, fd: number, offset: number, whence: number): number {
  const file = task.files.get(fd);
  if (file === undefined) return streamError(task, fd, Errno.ESPIPE);
  if (whence === SEEK_DATA || whence === SEEK_HOLE) {
    return seekData(task.kernel, file, offset, whence === SEEK_DATA ? "data" : "hole");
  }
  const base =
    whence === SEEK_SET
      ? 0
      : whence === SEEK_CUR
        ? file.position
        : whence === SEEK_END
          ? file.inode.sizeBytes
          : NaN;
  const position = base + offset;
  if (!(position >= 0 && position <= maxFileBytes(file.inode))) return -Errno.EINVAL;
  file.position = position;
  return position;
}

/** The next page of data, or hole, at or behind the offset; -ENXIO behind the end (mm/filemap.c: mapping_seek_hole_data). */
function seekData(
  kernel: KernelState,
  file: OpenFile,
  offset: number,
  wanted: "data" | "hole",
): number {
  const { inode } = file;
  if (offset < 0 || offset >= inode.sizeBytes) return -Errno.ENXIO;
  const isData = (index: number): boolean => {
    const pfn = inode.pages.get(index);
    if (inode.kind !== "disk") return pfn !== undefined;
    return inode.disk.has(index) || (pfn !== undefined && isPageDirty(kernel, pfn));
  };
  for (let at = offset; at < inode.sizeBytes; at = pageFloor(at) + PAGE_SIZE) {
    if (isData(pageFloor(at) / PAGE_SIZE) !== (wanted === "data")) continue;
    file.position = at;
    return at;
  }
  if (wanted === "data") return -Errno.ENXIO;
  file.position = inode.sizeBytes;
  return inode.sizeBytes;
}

export function fcntl(task: Task, fd: number, command: number, argument: number): number {
  const file = task.files.get(fd);
  if (file === undefined) return streamError(task, fd, Errno.EINVAL);
  const { inode } = file;
  if (command === F_GET_SEALS) return inode.kind === "disk" ? -Errno.EINVAL : inode.seals;
  if (command !== F_ADD_SEALS || inode.kind === "disk") return -Errno.EINVAL;
  if (!file.writable || (inode.seals & F_SEAL_SEAL) !== 0) return -Errno.EPERM;
  if ((argument & ~0x1f) !== 0) return -Errno.EINVAL;
  if ((argument & ~inode.seals & F_SEAL_WRITE) !== 0) {
    const writers = VM_SHARED | VM_MAYWRITE;
    if ([...inode.vmas].some((vma) => (vma.flags & writers) === writers)) return -Errno.EBUSY;
    // Who else may hold a page is asked once the LRU's batches do not (mm/memfd.c: memfd_tag_pins).
    task.kernel.lru.drain();
  }
  inode.seals |= argument;
  return 0;
}
