/** read(2), write(2) and their like through the page cache (mm/filemap.c: filemap_read, generic_perform_write). */
import { F_SEAL_FUTURE_WRITE, F_SEAL_GROW, F_SEAL_WRITE } from "../abi/fcntl.js";
import { Errno } from "../abi/errno.js";
import type { Buffer } from "../abi/kernel-calls.js";
import { PAGE_SIZE } from "../core/units.js";
import { PAGES_PER_HUGE_PAGE } from "../hardware/x86-64.js";
import { maxFileBytes } from "./file.js";
import { zeroTail } from "./file-punch.js";
import { addCacheFolio, isUpToDate, readIn, waitForDisk } from "./page-cache.js";
import { MAX_FOLIO_ORDER, readForRead } from "./read-ahead.js";
import { setBlockDirty } from "./rmap.js";
import type { Inode, KernelState, Mm, OpenFile } from "./model.js";

/** Bytes read from `offset` into the process's buffer; 0 at the end of the file; or -errno. */
export function readFile(
  mm: Mm,
  file: OpenFile,
  buffer: Buffer,
  count: number,
  offset: number,
): number {
  if (!file.readable) return -Errno.EBADF;
  if (offset < 0 || offset + count >= 2 ** 63) return -Errno.EINVAL;
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
    const pfn = frameOf(inode, index);
    if (pfn !== undefined) waitForDisk(kernel, pfn);
    const bytes =
      pfn === undefined ? new Uint8Array(length) : kernel.memory.contents.read(pfn, within, length);
    if (!copyOut(mm, buffer, done, bytes)) return done > 0 ? done : -Errno.EFAULT;
    done += length;
    at += length;
  }
  if (done > 0) file.readAhead.previousPosition = offset + done;
  return done;
}

/** The frame of a page of the file; undefined where it is not there. A file of huge pages has frames in runs. */
function frameOf(inode: Inode, index: number): number | undefined {
  if (inode.kind !== "hugetlb") return inode.pages.get(index);
  const within = index % PAGES_PER_HUGE_PAGE;
  const head = inode.pages.get((index - within) / PAGES_PER_HUGE_PAGE);
  return head === undefined ? undefined : head + within;
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
  if (offset < 0 || file.inode.kind === "hugetlb") return -Errno.EINVAL;
  const { kernel } = mm;
  const { inode } = file;
  if ((inode.seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) !== 0 && count > 0) return -Errno.EPERM;
  if (offset + count >= 2 ** 63) return -Errno.EINVAL;
  let end = offset + count;
  if (count > 0 && end > maxFileBytes(inode)) {
    if (offset >= maxFileBytes(inode)) return -Errno.EFBIG;
    end = maxFileBytes(inode);
  }
  if ((inode.seals & F_SEAL_GROW) !== 0 && end > inode.sizeBytes) {
    if (offset >= inode.sizeBytes) return -Errno.EPERM;
    end = inode.sizeBytes;
  }
  // A write past the end shows no rest that a program left there (ext4_block_zero_page_range).
  if (inode.kind === "disk" && count > 0 && offset > inode.sizeBytes) {
    zeroTail(kernel, inode, inode.sizeBytes);
  }
  let done = 0;
  for (let at = offset; at < end;) {
    const length = Math.min(PAGE_SIZE - (at % PAGE_SIZE), end - at);
    const bytes = copyIn(mm, buffer, done, length);
    if (bytes === null) return done > 0 ? done : -Errno.EFAULT;
    if (!writeCache(kernel, inode, at, bytes, end - at)) return done > 0 ? done : -Errno.ENOSPC;
    done += length;
    at += length;
    if (at > inode.sizeBytes) inode.sizeBytes = at;
  }
  return done;
}

/** The folio that a write of `bytes` at the page gets: as large as is written and aligned (__filemap_get_folio). */
function folioForWrite(kernel: KernelState, inode: Inode, index: number, bytes: number): number {
  let order = 0;
  if (inode.kind === "disk") {
    order = Math.max(0, Math.min(MAX_FOLIO_ORDER, Math.floor(Math.log2(bytes)) - 12));
    if (index % 2 ** order !== 0) order = Math.log2(index & -index);
    for (; order > 0; order--) {
      let free = true;
      for (let i = 0; i < 2 ** order && free; i++) free = !inode.pages.has(index + i);
      if (free) break;
    }
  }
  return addCacheFolio(kernel, inode, index, 2 ** order);
}

function writeCache(
  kernel: KernelState,
  inode: Inode,
  at: number,
  bytes: Uint8Array,
  left: number,
): boolean {
  const index = Math.floor(at / PAGE_SIZE);
  const { contents } = kernel.memory;
  if (!inode.pages.has(index)) {
    const head = folioForWrite(kernel, inode, index, left);
    if (head < 0) return false;
    const pages = kernel.folios.of(head)?.pages ?? 1;
    for (let i = 0; i < pages; i++) readIn(kernel, inode, index + i);
  }
  const pfn = inode.pages.get(index)!;
  waitForDisk(kernel, pfn);
  if (!isUpToDate(kernel, pfn)) readIn(kernel, inode, index);
  const before = contents.code[pfn]!;
  contents.write(pfn, at % PAGE_SIZE, bytes);
  if (contents.code[pfn] !== before) kernel.flushAllTlbs();
  setBlockDirty(kernel, pfn);
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
