/** Grows a stack down to an address (mm/vma.c: expand_downwards, acct_stack_growth). */
import { Errno } from "../../abi/errno.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { MMAP_MIN_ADDRESS } from "./placement.js";
import { VM_ACCESS_FLAGS, VM_ACCOUNT, VM_GROWSDOWN, VM_LOCKED } from "../vm-flags.js";
import { accountPages, commitPages, mayExpand, mayLock } from "./accounting.js";
import { prepareAnonVma } from "./anon-vma.js";
import type { Mm, Vma } from "../model.js";

/** 0, or -errno: the neighbour below is too near, or a limit is reached. */
export function expandStack(mm: Mm, vma: Vma, page: Address): number {
  if ((vma.flags & VM_GROWSDOWN) === 0) return -Errno.EFAULT;
  if (page < MMAP_MIN_ADDRESS) return -Errno.EPERM;
  const { prev } = vma;
  if (
    prev !== null &&
    (prev.flags & VM_GROWSDOWN) === 0 &&
    (prev.flags & VM_ACCESS_FLAGS) !== 0 &&
    page - prev.end < mm.stackGuardGapBytes
  ) {
    return -Errno.ENOMEM;
  }
  if (prev !== null && prev.end > page) return -Errno.ENOMEM;
  prepareAnonVma(vma);
  const sizeBytes = vma.end - page;
  const pages = (vma.start - page) / PAGE_SIZE;
  if (pages > vma.pgoff) return -Errno.ENOMEM;
  if (!mayExpand(mm, vma.flags, pages)) return -Errno.ENOMEM;
  if (sizeBytes > mm.task.limits.stack.soft) return -Errno.ENOMEM;
  if ((vma.flags & VM_LOCKED) !== 0 && !mayLock(mm, vma.flags, pages)) return -Errno.ENOMEM;
  // Linux charges a vma that is not accounted too, and never gives that back.
  if ((vma.flags & VM_ACCOUNT) !== 0 && !commitPages(mm, pages)) return -Errno.ENOMEM;
  if ((vma.flags & VM_LOCKED) !== 0) mm.lockedPages += pages;
  accountPages(mm, vma.flags, pages);
  vma.pgoff -= pages;
  mm.vmas.resize(vma, page, vma.end);
  return 0;
}
