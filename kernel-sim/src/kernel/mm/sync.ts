/** msync(2) (mm/msync.c). */
import { Errno } from "../../abi/errno.js";
import { MS_ASYNC, MS_INVALIDATE, MS_SYNC } from "../../abi/mman.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { syncPages } from "../file-sync.js";
import { pageAlign } from "./lengths.js";
import { VM_LOCKED, VM_SHARED } from "../vm-flags.js";
import type { Mm } from "../model.js";

/** Writes shared pages of files to the disk, with MS_SYNC; MS_ASYNC has nothing to do. 0, or -errno. */
export function msync(mm: Mm, address: Address, length: number, flags: number): number {
  if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) !== 0) return -Errno.EINVAL;
  if (address % PAGE_SIZE !== 0) return -Errno.EINVAL;
  if ((flags & MS_ASYNC) !== 0 && (flags & MS_SYNC) !== 0) return -Errno.EINVAL;
  const end = address + pageAlign(length);
  if (end >= 2 ** 63) return -Errno.ENOMEM;
  if (end === address) return 0;
  let unmapped = 0;
  let at = address;
  for (let vma = mm.vmas.find(at); ; vma = mm.vmas.find(at)) {
    if (vma === null) return -Errno.ENOMEM;
    if (at < vma.start) {
      if (flags === MS_ASYNC) return -Errno.ENOMEM;
      at = vma.start;
      if (at >= end) return -Errno.ENOMEM;
      unmapped = -Errno.ENOMEM;
    }
    if ((flags & MS_INVALIDATE) !== 0 && (vma.flags & VM_LOCKED) !== 0) return -Errno.EBUSY;
    const to = Math.min(end, vma.end);
    if ((flags & MS_SYNC) !== 0 && vma.file !== null && (vma.flags & VM_SHARED) !== 0) {
      const first = vma.pageIndex(at);
      syncPages(mm.kernel, vma.file.inode, first, first + (to - at) / PAGE_SIZE);
    }
    at = vma.end;
    if (at >= end) return unmapped;
  }
}
