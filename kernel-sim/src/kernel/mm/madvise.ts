/** madvise(2) (mm/madvise.c: do_madvise, madvise_walk_vmas, madvise_vma_behavior). */
import { Errno } from "../../abi/errno.js";
import * as advices from "../../abi/mman.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { PMD_SIZE } from "../../hardware/x86-64.js";
import { punchHole } from "../file-punch.js";
import { forceReadAhead } from "../read-ahead.js";
import {
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_HUGEPAGE,
  VM_HUGETLB,
  VM_IO,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_MERGEABLE,
  VM_NOHUGEPAGE,
  VM_PFNMAP,
  VM_RAND_READ,
  VM_SEQ_READ,
  VM_SHARED,
  VM_SPECIAL,
  VM_WIPEONFORK,
  VM_WRITE,
} from "../vm-flags.js";
import { givePages } from "./advise-free.js";
import { collapse } from "./collapse.js";
import { cutHugetlbVma } from "./hugetlb.js";
import { pageAlign } from "./lengths.js";
import { modifyVma } from "./merge.js";
import { faultIn } from "./populate.js";
import { zapRange } from "./zap.js";
import type { Mm, Vma } from "../model.js";

const known = new Set<number>(
  Object.entries(advices)
    .filter(([name]) => name.startsWith("MADV_"))
    .map(([, value]) => value),
);

/** Gives advice for a range; what is mapped of it is advised even where a gap makes the answer ENOMEM. 0, or -errno. */
export function madvise(mm: Mm, start: Address, length: number, advice: number): number {
  if (!known.has(advice) || start % PAGE_SIZE !== 0) return -Errno.EINVAL;
  const bytes = pageAlign(length);
  const end = start + bytes;
  if ((length !== 0 && bytes === 0) || end >= 2 ** 63) return -Errno.EINVAL;
  if (bytes === 0) return 0;
  if (advice === advices.MADV_POPULATE_READ || advice === advices.MADV_POPULATE_WRITE) {
    const access = advice === advices.MADV_POPULATE_READ ? "read" : "write";
    const result = populateNow(mm, start, end, access);
    mm.kernel.lru.drain();
    return result;
  }
  let unmapped = 0;
  for (let at = start; at < end;) {
    const vma = mm.vmas.find(at);
    if (vma === null) return -Errno.ENOMEM;
    if (at < vma.start) {
      unmapped = -Errno.ENOMEM;
      at = vma.start;
      if (at >= end) break;
    }
    const to = Math.min(end, vma.end);
    const error = adviseVma(mm, vma, at, to, advice);
    if (error < 0) return error;
    at = to;
  }
  return unmapped;
}

/** mm/madvise.c: madvise_populate; mm/gup.c: faultin_page_range. */
function populateNow(mm: Mm, start: Address, end: Address, access: "read" | "write"): number {
  for (let at = start; at < end;) {
    const vma = mm.vmas.at(at);
    if (vma === null) return -Errno.ENOMEM;
    const to = Math.min(end, vma.end);
    if ((vma.flags & (VM_IO | VM_PFNMAP)) !== 0) return -Errno.EINVAL;
    const right = access === "write" ? VM_WRITE : 1;
    if ((vma.flags & right) === 0) return -Errno.EINVAL;
    const result = faultIn(mm, vma, at, to, access);
    if (result === "sigbus") return -Errno.EFAULT;
    if (result === "oom") return -Errno.ENOMEM;
    at = to;
  }
  return 0;
}

function adviseVma(mm: Mm, vma: Vma, start: Address, end: Address, advice: number): number {
  switch (advice) {
    case advices.MADV_REMOVE:
      return removePages(mm, vma, start, end);
    case advices.MADV_WILLNEED:
      if (vma.file?.inode.kind === "disk") {
        const first = vma.pageIndex(start);
        forceReadAhead(mm.kernel, vma.file, first, (end - start) / PAGE_SIZE);
      } else {
        mm.kernel.lru.drain();
      }
      return 0;
    case advices.MADV_COLD:
    case advices.MADV_PAGEOUT:
      if ((vma.flags & (VM_LOCKED | VM_PFNMAP | VM_HUGETLB)) !== 0) return -Errno.EINVAL;
      givePages(mm, vma, start, end, advice === advices.MADV_COLD ? "cold" : "pageout");
      return 0;
    case advices.MADV_FREE:
      if ((vma.flags & (VM_LOCKED | VM_PFNMAP | VM_HUGETLB)) !== 0 || !vma.isAnonymous) {
        return -Errno.EINVAL;
      }
      givePages(mm, vma, start, end, "free");
      return 0;
    case advices.MADV_DONTNEED:
    case advices.MADV_DONTNEED_LOCKED:
      return dropPages(mm, vma, start, end, advice);
    case advices.MADV_COLLAPSE:
      return collapse(mm, vma, start, end);
    default:
      return changeFlags(vma, start, end, advice);
  }
}

/** The pages go; the next touch finds zeros, or the file (madvise_dontneed_single_vma). */
function dropPages(mm: Mm, vma: Vma, start: Address, end: Address, advice: number): number {
  let to = end;
  if (vma.isHugetlb) {
    if (start % PMD_SIZE !== 0) return -Errno.EINVAL;
    to -= to % PMD_SIZE;
  } else {
    const locked = advice === advices.MADV_DONTNEED ? VM_LOCKED : 0;
    if ((vma.flags & (VM_PFNMAP | locked)) !== 0) return -Errno.EINVAL;
  }
  zapRange(mm, vma, start, to, { reclaimTables: true });
  return 0;
}

/** Makes a hole in the file behind a shared mapping (madvise_remove). */
function removePages(mm: Mm, vma: Vma, start: Address, end: Address): number {
  if ((vma.flags & VM_LOCKED) !== 0 || vma.file === null) return -Errno.EINVAL;
  if ((vma.flags & (VM_SHARED | VM_MAYWRITE)) !== (VM_SHARED | VM_MAYWRITE)) return -Errno.EACCES;
  return punchHole(mm.kernel, vma.file, vma.pageIndex(start) * PAGE_SIZE, end - start);
}

/** Advice that is only a flag of the vma (madvise_update_vma). */
function changeFlags(vma: Vma, start: Address, end: Address, advice: number): number {
  const flags = flagsAfter(vma, advice);
  if (flags < 0) return flags;
  if (flags === vma.flags) return 0;
  if (!cutHugetlbVma(vma, start, end)) return -Errno.EINVAL;
  const part = modifyVma(vma, start, end, flags);
  if (part === null) return -Errno.EAGAIN;
  part.flags = flags;
  return 0;
}

function flagsAfter(vma: Vma, advice: number): number {
  const { flags } = vma;
  switch (advice) {
    case advices.MADV_NORMAL:
      return flags & ~(VM_RAND_READ | VM_SEQ_READ);
    case advices.MADV_SEQUENTIAL:
      return (flags & ~VM_RAND_READ) | VM_SEQ_READ;
    case advices.MADV_RANDOM:
      return (flags & ~VM_SEQ_READ) | VM_RAND_READ;
    case advices.MADV_DONTFORK:
      return flags | VM_DONTCOPY;
    case advices.MADV_DOFORK:
      return (flags & VM_IO) !== 0 ? -Errno.EINVAL : flags & ~VM_DONTCOPY;
    case advices.MADV_WIPEONFORK:
      return vma.file !== null || (flags & VM_SHARED) !== 0 ? -Errno.EINVAL : flags | VM_WIPEONFORK;
    case advices.MADV_KEEPONFORK:
      return flags & ~VM_WIPEONFORK;
    case advices.MADV_DONTDUMP:
      return flags | VM_DONTDUMP;
    case advices.MADV_DODUMP:
      return !vma.isHugetlb && (flags & VM_SPECIAL) !== 0 ? -Errno.EINVAL : flags & ~VM_DONTDUMP;
    case advices.MADV_MERGEABLE:
      return (flags & (VM_SHARED | VM_MAYSHARE | VM_SPECIAL | VM_HUGETLB)) !== 0
        ? flags
        : flags | VM_MERGEABLE;
    case advices.MADV_UNMERGEABLE:
      return flags & ~VM_MERGEABLE;
    case advices.MADV_HUGEPAGE:
      return (flags & ~VM_NOHUGEPAGE) | VM_HUGEPAGE;
    default:
      return (flags & ~VM_HUGEPAGE) | VM_NOHUGEPAGE;
  }
}
