/** mlock(2), mlock2(2), munlock(2), mlockall(2), munlockall(2) (mm/mlock.c). */
import { Errno } from "../../abi/errno.js";
import { MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT, MLOCK_ONFAULT } from "../../abi/mman.js";
import { PAGE_SIZE, pageFloor } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { pageAlign } from "./lengths.js";
import { TASK_SIZE } from "../../hardware/x86-64.js";
import { VM_LOCKED, VM_LOCKED_MASK, VM_LOCKONFAULT, VM_SPECIAL } from "../vm-flags.js";
import { canLock } from "./map.js";
import { modifyVma } from "./merge.js";
import { populate } from "./populate.js";
import type { Mm, Vma } from "../model.js";

/** Locks the pages of a range; the vmas stay locked even where faulting them in fails. 0, or -errno. */
export function mlock(mm: Mm, address: Address, length: number, flags: number): number {
  if ((flags & ~MLOCK_ONFAULT) !== 0) return -Errno.EINVAL;
  const vmFlags = VM_LOCKED | ((flags & MLOCK_ONFAULT) !== 0 ? VM_LOCKONFAULT : 0);
  if (!canLock(mm)) return -Errno.EPERM;
  const start = pageFloor(address);
  const bytes = pageAlign(length + (address - start));
  const limit = Math.floor(mm.task.limits.memlock.soft / PAGE_SIZE);
  if (!mm.task.privileged) {
    let locked = bytes / PAGE_SIZE + mm.lockedPages;
    if (locked > limit) locked -= lockedIn(mm, start, bytes);
    if (locked > limit) return -Errno.ENOMEM;
  }
  const error = setLockFlags(mm, start, bytes, vmFlags);
  if (error < 0) return error;
  const result = populate(mm, start, start + bytes, "reported");
  // mlock(2) says ENOMEM for a range that cannot be touched (__mlock_posix_error_return).
  if (result === -Errno.EFAULT) return -Errno.ENOMEM;
  return result === -Errno.ENOMEM ? -Errno.EAGAIN : result;
}

export function munlock(mm: Mm, address: Address, length: number): number {
  const start = pageFloor(address);
  return setLockFlags(mm, start, pageAlign(length + (address - start)), 0);
}

export function mlockall(mm: Mm, flags: number): number {
  const known = MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT;
  if (flags === 0 || (flags & ~known) !== 0 || flags === MCL_ONFAULT) return -Errno.EINVAL;
  if (!canLock(mm)) return -Errno.EPERM;
  const limit = Math.floor(mm.task.limits.memlock.soft / PAGE_SIZE);
  if ((flags & MCL_CURRENT) !== 0 && mm.totalPages > limit && !mm.task.privileged) {
    return -Errno.ENOMEM;
  }
  const onFault = (flags & MCL_ONFAULT) !== 0 ? VM_LOCKONFAULT : 0;
  mm.defaultFlags = (flags & MCL_FUTURE) !== 0 ? VM_LOCKED | onFault : 0;
  if ((flags & MCL_CURRENT) !== 0) {
    setAll(mm, VM_LOCKED | onFault);
    populate(mm, 0, TASK_SIZE, "ignored");
  }
  return 0;
}

export function munlockall(mm: Mm): number {
  mm.defaultFlags = 0;
  setAll(mm, 0);
  return 0;
}

function setAll(mm: Mm, flags: number): void {
  for (let at = mm.vmas.first; at !== null;) {
    const { end } = at;
    setVmaLock(mm, at, at.start, end, (at.flags & ~VM_LOCKED_MASK) | flags);
    at = mm.vmas.find(end);
  }
}

/** mm/mlock.c: apply_vma_lock_flags. */
function setLockFlags(mm: Mm, start: Address, bytes: number, flags: number): number {
  const end = start + bytes;
  if (bytes === 0) return 0;
  if (end >= 2 ** 63) return -Errno.EINVAL;
  if (mm.vmas.at(start) === null) return -Errno.ENOMEM;
  for (let at = start; at < end;) {
    const vma = mm.vmas.at(at);
    if (vma === null) return -Errno.ENOMEM;
    const to = Math.min(end, vma.end);
    if (!setVmaLock(mm, vma, at, to, (vma.flags & ~VM_LOCKED_MASK) | flags)) return -Errno.ENOMEM;
    at = to;
  }
  return 0;
}

/** mm/mlock.c: mlock_fixup; false where max_map_count forbids the split. */
function setVmaLock(mm: Mm, vma: Vma, start: Address, end: Address, flags: number): boolean {
  const old = vma.flags;
  if (flags === old || (old & VM_SPECIAL) !== 0 || vma.isHugetlb) return true;
  const part = modifyVma(vma, start, end, flags);
  if (part === null) return false;
  const pages = (end - start) / PAGE_SIZE;
  if ((flags & VM_LOCKED) === 0) mm.lockedPages -= pages;
  else if ((old & VM_LOCKED) === 0) mm.lockedPages += pages;
  part.flags = flags;
  if ((flags & old & VM_LOCKED) === 0) mm.kernel.lru.drain();
  return true;
}

/** Pages of the range that are locked already (count_mm_mlocked_page_nr). */
function lockedIn(mm: Mm, start: Address, bytes: number): number {
  const end = start + bytes;
  let pages = 0;
  for (
    let vma = mm.vmas.intersecting(start, end);
    vma !== null && vma.start < end;
    vma = vma.next
  ) {
    if ((vma.flags & VM_LOCKED) === 0) continue;
    pages += (Math.min(end, vma.end) - Math.max(start, vma.start)) / PAGE_SIZE;
  }
  return pages;
}
