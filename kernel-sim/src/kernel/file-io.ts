/** read(2), write(2) and their like through the page cache (mm/filemap.c: filemap_read, generic_perform_write). */
import { F_SEAL_FUTURE_WRITE, F_SEAL_GROW, F_SEAL_WRITE } from "../abi/fcntl.js";
import { Errno } from "../abi/errno.js";
import type { Buffer } from "../abi/kernel-calls.js";
import { PAGE_SIZE } from "../core/units.js";
import type { OpenFile } from "./file.js";
import type { KernelState } from "./kernel-state.js";
import type { Mm } from "./mm-struct.js";
import { addCachePage, readFromDisk } from "./page-cache.js";
import { readForRead } from "./read-ahead.js";
import { setPageDirty } from "./rmap.js";

/** Bytes read from `offset` into the process's buffer; 0 at the end of the file; or -errno. */
export function readFile(
  mm: Mm,
  file: OpenFile,
  buffer: Buffer,
  count: number,
  offset: number,
): number {
  if (!file.readable) return -Errno.EBADF;
  if (offset < 0) return -Errno.EINVAL;
  const { kernel } = mm;
  const { inode } = file;
  const end = Math.min(offset + count, inode.sizeBytes);
  let done = 0;
  for (let at = offset; at < end;) {
    const index = Math.floor(at / PAGE_SIZE);
    const within = at % PAGE_SIZE;
    const length = Math.min(PAGE_SIZE - within, end - at);
    if (inode.kind === "disk") {
      readForRead(kernel, file, index, Math.ceil(end / PAGE_SIZE) - index);
    }
    const pfn = inode.pages.get(index);
    const bytes =
      pfn === undefined ? new Uint8Array(length) : kernel.memory.contents.read(pfn, within, length);
    if (!copyOut(mm, buffer, done, bytes)) return done > 0 ? done : -Errno.EFAULT;
    file.readAhead.previousPosition = at + length;
    done += length;
    at += length;
  }
  return done;
}

/** Bytes written at `offset` from the process's buffer, or -errno. */
export function writeFile(
  mm: Mm,
  file: OpenFile,
  buffer: Buffer,
  count: number,
  offset: number,
): number {
  if (!file.writable) return -Errno.EBADF;
  if (offset < 0) return -Errno.EINVAL;
  const { kernel } = mm;
  const { inode } = file;
  if ((inode.seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) !== 0 && count > 0) return -Errno.EPERM;
  let end = offset + count;
  if ((inode.seals & F_SEAL_GROW) !== 0 && end > inode.sizeBytes) {
    if (offset >= inode.sizeBytes) return -Errno.EPERM;
    end = inode.sizeBytes;
  }
  let done = 0;
  for (let at = offset; at < end;) {
    const index = Math.floor(at / PAGE_SIZE);
    const within = at % PAGE_SIZE;
    const length = Math.min(PAGE_SIZE - within, end - at);
    const bytes = copyIn(mm, buffer, done, length);
    if (bytes === null) return done > 0 ? done : -Errno.EFAULT;
    if (!writeCache(kernel, file, index, within, bytes)) return done > 0 ? done : -Errno.ENOSPC;
    done += length;
    at += length;
    if (at > inode.sizeBytes) inode.sizeBytes = at;
  }
  return done;
}

function writeCache(
  kernel: KernelState,
  file: OpenFile,
  index: number,
  within: number,
  bytes: Uint8Array,
): boolean {
  const { inode } = file;
  let pfn = inode.pages.get(index);
  if (pfn === undefined) {
    pfn = addCachePage(kernel, inode, index);
    if (pfn < 0) return false;
    if (bytes.length < PAGE_SIZE) readFromDisk(kernel, inode, index, pfn);
  }
  const { contents } = kernel.memory;
  const before = contents.code[pfn]!;
  contents.write(pfn, within, bytes);
  if (contents.code[pfn] !== before) kernel.flushAllTlbs();
  setPageDirty(kernel, pfn);
  return true;
}

/** The bytes of the process at an address; null where it may not read them (EFAULT). */
function copyIn(mm: Mm, buffer: Buffer, from: number, length: number): Uint8Array | null {
  if (typeof buffer !== "number") return buffer.subarray(from, from + length);
  const { deliver } = mm.task;
  mm.task.deliver = null;
  try {
    return mm.mmu.read(buffer + from, length);
  } catch {
    return null;
  } finally {
    mm.task.deliver = deliver;
  }
}

function copyOut(mm: Mm, buffer: Buffer, from: number, bytes: Uint8Array): boolean {
  if (typeof buffer !== "number") {
    buffer.set(bytes, from);
    return true;
  }
  const { deliver } = mm.task;
  mm.task.deliver = null;
  try {
    mm.mmu.write(buffer + from, bytes);
    return true;
  } catch {
    return false;
  } finally {
    mm.task.deliver = deliver;
  }
}
