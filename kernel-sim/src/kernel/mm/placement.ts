/**
 * Where a new mapping goes (arch/x86/kernel/sys_x86_64.c, mm/mmap.c, mm/huge_memory.c).
 *
 *   0 ... heap ->            <- maps, top-down | mmap_base   gap for the stack   <- stack | TASK_SIZE
 */
import { Errno } from "../../abi/errno.js";
import { MAP_32BIT, MAP_FIXED, MAP_SHARED } from "../../abi/mman.js";
import { PAGE_SIZE, pageFloor } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { PMD_SIZE, TASK_SIZE } from "../../hardware/x86-64.js";
import { VM_GROWSDOWN } from "../vm-flags.js";
import type { Mm, OpenFile } from "../model.js";

/** The lowest address that is looked for (mmap_min_addr: the larger of the two that Linux is built with). */
export const MMAP_MIN_ADDRESS = 65536;
/** What a user without rights may map at the lowest (vm.mmap_min_addr, dac_mmap_min_addr; Debian sets 65536). */
export const USER_MMAP_MIN_ADDRESS = 4096;
const MIB_32BIT_LOW = 0x4000_0000;
const MIB_32BIT_HIGH = 0x8000_0000;

export interface PlacementRequest {
  readonly hint: Address;
  readonly length: number;
  readonly pgoff: number;
  readonly flags: number;
  readonly file: OpenFile | null;
}

/** An address, or -errno (__get_unmapped_area). */
export function getUnmappedArea(mm: Mm, request: PlacementRequest): number {
  const { length, file, flags } = request;
  if (length > TASK_SIZE) return -Errno.ENOMEM;
  const area = { ...request, pgoff: file === null ? 0 : request.pgoff };
  let address: number;
  if (file !== null && file.inode.kind === "hugetlb") {
    address = hugetlbArea(mm, area);
  } else if (
    file !== null
      ? file.inode.kind === "disk"
      : (flags & MAP_SHARED) === 0 && request.hint === 0 && length % PMD_SIZE === 0
  ) {
    address = alignedArea(mm, area);
  } else {
    address = plainArea(mm, area);
  }
  if (address < 0) return address;
  if (address > TASK_SIZE - length) return -Errno.ENOMEM;
  if (address % PAGE_SIZE !== 0) return -Errno.EINVAL;
  return address;
}

/** A place on a 2 MiB boundary, so that huge pages fit, where one is easily had (thp_get_unmapped_area_vmflags). */
function alignedArea(mm: Mm, request: PlacementRequest): number {
  const offset = request.pgoff * PAGE_SIZE;
  const end = offset + request.length;
  const aligned = Math.ceil(offset / PMD_SIZE) * PMD_SIZE;
  if (end > aligned && end - aligned >= PMD_SIZE) {
    const found = plainArea(mm, { ...request, length: request.length + PMD_SIZE });
    if (found >= 0) {
      if (found === request.hint) return found;
      const rest = (((offset - found) % PMD_SIZE) + PMD_SIZE) % PMD_SIZE;
      return mm.layout === "top-down" && rest === 0 ? found + PMD_SIZE : found + rest;
    }
  }
  return plainArea(mm, request);
}

/** mm_get_unmapped_area_vmflags: top-down, or upwards in the legacy layout. */
function plainArea(mm: Mm, request: PlacementRequest, align = PAGE_SIZE): number {
  const { length, flags } = request;
  if (length > TASK_SIZE) return -Errno.ENOMEM;
  if ((flags & MAP_FIXED) !== 0) return request.hint;
  const upwards = mm.layout === "legacy" || (flags & MAP_32BIT) !== 0;
  if (request.hint !== 0) {
    const hint = pageFloor(request.hint);
    const end = (flags & MAP_32BIT) !== 0 ? MIB_32BIT_HIGH : TASK_SIZE;
    if (end - length >= hint) {
      const above = mm.vmas.find(hint);
      if (above === null || hint + length <= above.startGap) return hint;
    }
  }
  if (!upwards) {
    const found = searchDown(mm, length, PAGE_SIZE, mm.mmapBase, align);
    if (found >= 0) return found;
  }
  return (flags & MAP_32BIT) !== 0
    ? searchUp(mm, length, MIB_32BIT_LOW, MIB_32BIT_HIGH, align)
    : searchUp(mm, length, mm.legacyBase, TASK_SIZE, align);
}

/** The highest place that is long enough (unmapped_area_topdown). */
function searchDown(mm: Mm, length: number, low: Address, high: Address, align: number): number {
  const needed = length + (align - PAGE_SIZE);
  const floor = Math.max(low, MMAP_MIN_ADDRESS);
  for (let limit = high; ;) {
    const gap = mm.vmas.highestGap(floor, limit, needed);
    if (gap === null) return -Errno.ENOMEM;
    let at = gap.end - length;
    at -= at % align;
    const { above } = gap;
    if (above !== null && (above.flags & VM_GROWSDOWN) !== 0 && above.startGap < gap.end) {
      limit = above.startGap;
      continue;
    }
    return at;
  }
}

/** The lowest place that is long enough (unmapped_area). */
function searchUp(mm: Mm, length: number, low: Address, high: Address, align: number): number {
  const needed = length + (align - PAGE_SIZE);
  for (let floor = Math.max(low, MMAP_MIN_ADDRESS); ;) {
    const gap = mm.vmas.lowestGap(floor, high, needed);
    if (gap === null) return -Errno.ENOMEM;
    const at = Math.ceil(gap.start / align) * align;
    const { above } = gap;
    if (above !== null && (above.flags & VM_GROWSDOWN) !== 0 && above.startGap < at + length) {
      floor = above.end;
      continue;
    }
    return at;
  }
}

/** mm/hugetlb.c: hugetlb_get_unmapped_area. */
function hugetlbArea(mm: Mm, request: PlacementRequest): number {
  if (request.length % PMD_SIZE !== 0) return -Errno.EINVAL;
  if ((request.flags & MAP_FIXED) !== 0 && request.hint % PMD_SIZE !== 0) return -Errno.EINVAL;
  const hint = Math.ceil(request.hint / PMD_SIZE) * PMD_SIZE;
  return plainArea(mm, { ...request, hint }, PMD_SIZE);
}
