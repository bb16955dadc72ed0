/** mmap(2) (mm/mmap.c: ksys_mmap_pgoff, do_mmap; mm/vma.c: __mmap_region). */
import { F_SEAL_FUTURE_WRITE, F_SEAL_WRITE, O_RDWR } from "../../abi/fcntl.js";
import { Errno } from "../../abi/errno.js";
import {
  MAP_32BIT,
  MAP_ANONYMOUS,
  MAP_DENYWRITE,
  MAP_EXECUTABLE,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_STACK,
  MAP_SYNC,
} from "../../abi/mman.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { PMD_SIZE } from "../../hardware/x86-64.js";
import { OpenFile } from "../file.js";
import { streamError } from "../streams.js";
import { Vma } from "../vma.js";
import {
  VM_ACCOUNT,
  VM_DONTEXPAND,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_HUGETLB,
  VM_LOCKED,
  VM_LOCKED_MASK,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_NOHUGEPAGE,
  VM_NORESERVE,
  VM_READ,
  VM_SHARED,
  VM_SPECIAL,
  VM_SYNC,
  VM_WRITE,
} from "../vm-flags.js";
import {
  accountPages,
  commitPages,
  isAccountable,
  mayExpand,
  mayLock,
  uncommitPages,
} from "./accounting.js";
import { reserveHugePages } from "./hugetlb-pool.js";
import { pageAlign } from "./lengths.js";
import { link, mergeNew } from "./merge.js";
import { MMAP_MIN_ADDRESS, USER_MMAP_MIN_ADDRESS, getUnmappedArea } from "./placement.js";
import { populate } from "./populate.js";
import { detachVmas, gatherVmas, releaseFiles } from "./unmap.js";
import type { Mm } from "../model.js";

export interface MmapRequest {
  readonly address: Address;
  readonly length: number;
  readonly prot: number;
  readonly flags: number;
  readonly fd: number;
  readonly offset: number;
}

const MAP_TYPE = 0x0f;
const MAP_HUGE_SHIFT = 26;
const MAP_HUGE_MASK = 0x3f;
const HUGE_PAGE_2MB_LOG = 21;
/** Flags that MAP_SHARED has always ignored (LEGACY_MAP_MASK); MAP_SHARED_VALIDATE refuses any other. */
const LEGACY_FLAGS =
  MAP_SHARED |
  MAP_PRIVATE |
  MAP_FIXED |
  MAP_ANONYMOUS |
  MAP_DENYWRITE |
  MAP_EXECUTABLE |
  MAP_GROWSDOWN |
  MAP_LOCKED |
  MAP_NORESERVE |
  MAP_POPULATE |
  MAP_NONBLOCK |
  MAP_STACK |
  MAP_HUGETLB |
  MAP_32BIT |
  (MAP_HUGE_MASK << MAP_HUGE_SHIFT);
const MAX_FILE_BYTES = 2 ** 63;

/** The address of the mapping, or -errno. */
export function mmap(mm: Mm, request: MmapRequest): number {
  const { flags, offset } = request;
  if (offset % PAGE_SIZE !== 0) return -Errno.EINVAL;
  let { length } = request;
  let file: OpenFile | null = null;
  if ((flags & MAP_ANONYMOUS) === 0) {
    file = mm.task.files.get(request.fd) ?? null;
    if (file === null) return streamError(mm.task, request.fd, Errno.ENODEV);
    if (file.inode.kind === "hugetlb") length = Math.ceil(length / PMD_SIZE) * PMD_SIZE;
    else if ((flags & MAP_HUGETLB) !== 0) return -Errno.EINVAL;
  } else if ((flags & MAP_HUGETLB) !== 0) {
    const log = (flags >>> MAP_HUGE_SHIFT) & MAP_HUGE_MASK;
    if (log !== 0 && log !== HUGE_PAGE_2MB_LOG) return -Errno.EINVAL;
    length = Math.ceil(length / PMD_SIZE) * PMD_SIZE;
    const inode = mm.kernel.newInode("hugetlb", mm.task.user);
    inode.sizeBytes = length;
    file = new OpenFile(inode, O_RDWR, "/anon_hugepage (deleted)");
  }
  const result = doMmap(mm, request, file, length);
  if (file !== null && file.references === 0) mm.kernel.releaseFile(file);
  return result;
}

/** mm/mmap.c: do_mmap, and the populating that vm_mmap_pgoff does after it. */
function doMmap(mm: Mm, request: MmapRequest, file: OpenFile | null, asked: number): number {
  const { prot } = request;
  let { flags } = request;
  if (asked === 0) return -Errno.EINVAL;
  if ((flags & MAP_FIXED_NOREPLACE) !== 0) flags |= MAP_FIXED;
  let hint = request.address;
  if ((flags & MAP_FIXED) === 0) {
    hint -= hint % PAGE_SIZE;
    if (hint !== 0 && hint < MMAP_MIN_ADDRESS) hint = MMAP_MIN_ADDRESS;
  }
  const length = pageAlign(asked);
  if (length === 0) return -Errno.ENOMEM;
  let pgoff = request.offset / PAGE_SIZE;
  if (pgoff + length / PAGE_SIZE > 2 ** 64) return -Errno.EOVERFLOW;
  if (mm.vmas.size > mm.kernel.settings.maxMapCount) return -Errno.ENOMEM;
  let vmFlags =
    (prot & (VM_READ | VM_WRITE | VM_EXEC)) |
    ((flags & MAP_GROWSDOWN) !== 0 ? VM_GROWSDOWN : 0) |
    ((flags & MAP_LOCKED) !== 0 ? VM_LOCKED : 0) |
    ((flags & MAP_SYNC) !== 0 ? VM_SYNC : 0) |
    ((flags & MAP_STACK) !== 0 ? VM_NOHUGEPAGE : 0) |
    mm.defaultFlags |
    VM_MAYREAD |
    VM_MAYWRITE |
    VM_MAYEXEC;
  const address = getUnmappedArea(mm, { hint, length, pgoff, flags, file });
  if (address < 0) return address;
  if ((flags & MAP_FIXED) !== 0 && address < USER_MMAP_MIN_ADDRESS && !mm.task.privileged) {
    return -Errno.EPERM;
  }
  if (
    (flags & MAP_FIXED_NOREPLACE) !== 0 &&
    mm.vmas.intersecting(address, address + length) !== null
  ) {
    return -Errno.EEXIST;
  }
  if ((flags & MAP_LOCKED) !== 0 && !canLock(mm)) return -Errno.EPERM;
  if (!mayLock(mm, vmFlags, length / PAGE_SIZE)) return -Errno.EAGAIN;
  if (file !== null) {
    const rights = fileRights(file, request, flags, vmFlags, length);
    if (rights < 0) return rights;
    vmFlags = rights;
  } else if ((flags & MAP_TYPE) === MAP_SHARED) {
    if ((vmFlags & VM_GROWSDOWN) !== 0) return -Errno.EINVAL;
    pgoff = 0;
    vmFlags |= VM_SHARED | VM_MAYSHARE;
  } else if ((flags & MAP_TYPE) === MAP_PRIVATE) {
    pgoff = address / PAGE_SIZE;
  } else {
    return -Errno.EINVAL;
  }
  if ((flags & MAP_NORESERVE) !== 0) {
    if (mm.kernel.settings.overcommitMemory !== 2) vmFlags |= VM_NORESERVE;
    if (file?.inode.kind === "hugetlb") vmFlags |= VM_NORESERVE;
  }
  const result = mapRegion(mm, { address, length, flags: vmFlags, pgoff, file });
  if (result < 0) return result;
  const now = (flags & (MAP_POPULATE | MAP_NONBLOCK)) === MAP_POPULATE;
  if ((vmFlags & VM_LOCKED) !== 0 || now) populate(mm, address, address + length, "ignored");
  return result;
}

/** mm/mlock.c: can_do_mlock. */
export function canLock(mm: Mm): boolean {
  return mm.task.limits.memlock.soft !== 0 || mm.task.privileged;
}

/** The vma's flags, as the file's open mode and the mapping's type allow; or -errno. */
function fileRights(
  file: OpenFile,
  request: MmapRequest,
  flags: number,
  vmFlags: number,
  length: number,
): number {
  if (request.offset + length >= MAX_FILE_BYTES) return -Errno.EOVERFLOW;
  let out = vmFlags;
  const type = flags & MAP_TYPE;
  if (type === MAP_SHARED || type === MAP_SHARED_VALIDATE) {
    if (type === MAP_SHARED_VALIDATE && (flags & ~(LEGACY_FLAGS | MAP_SHARED_VALIDATE)) !== 0) {
      return -Errno.EOPNOTSUPP;
    }
    if ((request.prot & VM_WRITE) !== 0 && !file.writable) return -Errno.EACCES;
    out |= VM_SHARED | VM_MAYSHARE;
    if (!file.writable) out &= ~(VM_MAYWRITE | VM_SHARED);
  } else if (type !== MAP_PRIVATE) {
    return -Errno.EINVAL;
  }
  if (!file.readable) return -Errno.EACCES;
  if ((out & VM_GROWSDOWN) !== 0) return -Errno.EINVAL;
  return out;
}

/** A range that becomes a vma, or part of one. */
export interface Region {
  readonly address: Address;
  readonly length: number;
  readonly flags: number;
  readonly pgoff: number;
  readonly file: OpenFile | null;
}

/** mm/vma.c: __mmap_region. */
export function mapRegion(mm: Mm, region: Region): number {
  const { address, length } = region;
  const end = address + length;
  const pages = length / PAGE_SIZE;
  const { file } = region;
  let { flags } = region;
  // A file that is sealed against writing is mapped so that no right to write can be had (mm/memfd.c: check_write_seal).
  if (file !== null && (flags & (VM_SHARED | VM_MAYWRITE)) === (VM_SHARED | VM_MAYWRITE)) {
    if ((file.inode.seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) !== 0) {
      if ((flags & VM_WRITE) !== 0) return -Errno.EPERM;
      flags &= ~VM_MAYWRITE;
    }
  }
  const old = gatherVmas(mm, address, end);
  if (typeof old === "number") return old;
  let oldPages = 0;
  let oldAccounted = 0;
  for (const vma of old) {
    oldPages += vma.pages;
    if ((vma.flags & VM_ACCOUNT) !== 0) oldAccounted += vma.pages;
  }
  if (!mayExpand(mm, flags, pages - oldPages)) return -Errno.ENOMEM;
  const { kernel } = mm;
  const hugetlb = file?.inode.kind === "hugetlb";
  const accountable = isAccountable(flags, hugetlb ? "hugetlb" : "other");
  if (accountable) {
    if (pages > oldAccounted && !commitPages(mm, pages - oldAccounted)) return -Errno.ENOMEM;
    // What the old vmas were charged goes over to the new one.
    kernel.committedPages += Math.min(pages, oldAccounted);
    flags |= VM_ACCOUNT;
  } else {
    kernel.committedPages += oldAccounted;
  }
  // What the old mappings were promised and shared is given up after the new one has got its own (vms_complete_munmap_vmas).
  const files = detachVmas(mm, old, address, end);
  const result = placeRegion(mm, { ...region, flags });
  if (!accountable) uncommitPages(kernel, oldAccounted);
  releaseFiles(mm, files);
  return result;
}

/** Makes the range, which is free, a vma, or part of one (mm/vma.c: vma_merge_new_range, __mmap_new_vma). */
function placeRegion(mm: Mm, region: Region): number {
  const { address, length, flags } = region;
  let { file } = region;
  const end = address + length;
  const pages = length / PAGE_SIZE;
  const hugetlb = file?.inode.kind === "hugetlb";
  const below = mm.vmas.before(address);
  const above = mm.vmas.find(end);
  const candidate = {
    start: address,
    end,
    flags,
    pgoff: region.pgoff,
    file,
    name: "",
    anonVma: null,
    middle: null,
  };
  let vma = mergeNew(mm, candidate, below, above);
  if (vma === null) {
    if (file === null && (flags & VM_SHARED) !== 0) {
      file = mm.kernel.newSharedMemory(length, mm.task.user);
      if ((flags & VM_NORESERVE) === 0) {
        if (!commitPages(mm, pages)) return -Errno.ENOMEM;
        file.inode.accountedPages = pages;
      }
    }
    vma = new Vma({ mm, start: address, end, flags, pgoff: region.pgoff, file });
    if (hugetlb) {
      vma.flags |= VM_HUGETLB | VM_DONTEXPAND;
      if (!reserveHugePages(mm.kernel, vma)) return -Errno.ENOMEM;
    }
    link(vma);
  }
  accountPages(mm, flags, pages);
  if ((flags & VM_LOCKED) !== 0) {
    if ((vma.flags & VM_SPECIAL) !== 0 || hugetlb) vma.flags &= ~VM_LOCKED_MASK;
    else mm.lockedPages += pages;
  }
  return address;
}
