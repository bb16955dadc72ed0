/** mremap(2) (mm/mremap.c: do_mremap, mremap_at, mremap_to, move_vma; mm/vma.c: copy_vma). */
import { Errno } from "../../abi/errno.js";
import {
  MAP_FIXED,
  MAP_SHARED,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
} from "../../abi/mman.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { PMD_SIZE, TASK_SIZE } from "../../hardware/x86-64.js";
import { cloneAnonVma, unlinkAnonVma } from "../vma.js";
import {
  VM_ACCOUNT,
  VM_DONTEXPAND,
  VM_LOCKED,
  VM_LOCKED_MASK,
  VM_MAYSHARE,
  VM_PFNMAP,
  VM_SHARED,
} from "../vm-flags.js";
import { accountPages, commitPages, mayExpand, mayLock } from "./accounting.js";
import { pageAlign } from "./lengths.js";
import { link, mergeNew } from "./merge.js";
import { movePages } from "./move-pages.js";
import { getUnmappedArea } from "./placement.js";
import { populate } from "./populate.js";
import { munmap } from "./unmap.js";
import type { Mm, Vma } from "../model.js";

/** What is asked, and how far it has come (struct vma_remap_struct). */
interface Remap {
  address: Address;
  oldLength: number;
  newLength: number;
  readonly flags: number;
  newAddress: Address;
}

/** The new address of the mapping, or -errno. */
export function mremap(
  mm: Mm,
  address: Address,
  oldLength: number,
  newLength: number,
  flags: number,
  newAddress: Address,
): number {
  const remap: Remap = {
    address,
    oldLength: pageAlign(oldLength),
    newLength: pageAlign(newLength),
    flags,
    newAddress,
  };
  const error = checkRequest(mm, remap);
  if (error < 0) return error;
  if ((flags & MREMAP_FIXED) !== 0 && remap.oldLength === remap.newLength) {
    return moveRange(mm, remap);
  }
  const vma = mm.vmas.at(address);
  if (vma === null) return -Errno.EFAULT;
  return remapVma(mm, vma, remap);
}

/** mm/mremap.c: check_mremap_params. */
function checkRequest(mm: Mm, remap: Remap): number {
  const { flags, newLength, newAddress, oldLength, address } = remap;
  if ((flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP)) !== 0) return -Errno.EINVAL;
  if (address % PAGE_SIZE !== 0 || newLength === 0 || newLength > TASK_SIZE) return -Errno.EINVAL;
  if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) === 0) return 0;
  if (newAddress > TASK_SIZE - newLength || newAddress % PAGE_SIZE !== 0) return -Errno.EINVAL;
  if ((flags & MREMAP_MAYMOVE) === 0) return -Errno.EINVAL;
  if ((flags & MREMAP_DONTUNMAP) !== 0 && oldLength !== newLength) return -Errno.EINVAL;
  if (address + oldLength > newAddress && newAddress + newLength > address) return -Errno.EINVAL;
  if (mm.vmas.size + 2 >= mm.kernel.settings.maxMapCount - 3) return -Errno.ENOMEM;
  return 0;
}

/** A move without a change of size may span several vmas, gaps included (remap_move). */
function moveRange(mm: Mm, remap: Remap): number {
  const end = remap.address + remap.oldLength;
  let result = -Errno.EFAULT;
  let target = remap.newAddress;
  let lastEnd = 0;
  for (let at = remap.address; at < end;) {
    const vma = mm.vmas.find(at);
    if (vma === null || vma.start >= end) break;
    const first = lastEnd === 0;
    if (first && vma.start > remap.address) return -Errno.EFAULT;
    const start = Math.max(vma.start, remap.address);
    const to = Math.min(end, vma.end);
    const offset = first ? 0 : vma.start - lastEnd;
    lastEnd = vma.end;
    const part: Remap = {
      ...remap,
      address: start,
      oldLength: to - start,
      newLength: to - start,
      newAddress: target + offset,
    };
    const moved = remapVma(mm, vma, part);
    if (moved < 0) return moved;
    if (first) result = moved;
    target = moved + part.newLength;
    at = to;
  }
  return result;
}

function remapVma(mm: Mm, vma: Vma, remap: Remap): number {
  const { flags } = remap;
  if (vma.isHugetlb) {
    remap.oldLength = Math.ceil(remap.oldLength / PMD_SIZE) * PMD_SIZE;
    remap.newLength = Math.ceil(remap.newLength / PMD_SIZE) * PMD_SIZE;
    if (remap.address % PMD_SIZE !== 0 || remap.newAddress % PMD_SIZE !== 0) return -Errno.EINVAL;
    if (remap.newLength > remap.oldLength) return -Errno.EINVAL;
  }
  const chosen = (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) !== 0;
  const error = checkVma(mm, vma, remap, chosen ? "chosen" : "any");
  if (error < 0) return error;
  const grown = remap.newLength - remap.oldLength;
  const { oldLength } = remap;
  const populated = grown > 0 && (vma.flags & VM_LOCKED) !== 0;
  const result = chosen ? remapTo(mm, vma, remap) : remapAt(mm, vma, remap);
  if (result >= 0 && populated) {
    populate(mm, result + oldLength, result + oldLength + grown, "ignored");
  }
  return result;
}

/** mm/mremap.c: check_prep_vma. */
function checkVma(mm: Mm, vma: Vma, remap: Remap, place: "chosen" | "any"): number {
  const { newLength, address, flags } = remap;
  let { oldLength } = remap;
  if (place === "any" && newLength <= oldLength) return 0;
  if (oldLength === 0 && (vma.flags & (VM_SHARED | VM_MAYSHARE)) === 0) return -Errno.EINVAL;
  if ((flags & MREMAP_DONTUNMAP) !== 0 && (vma.flags & (VM_DONTEXPAND | VM_PFNMAP)) !== 0) {
    return -Errno.EINVAL;
  }
  if (oldLength > newLength) oldLength = newLength;
  if (oldLength > vma.end - address) return -Errno.EFAULT;
  if (newLength === oldLength) return 0;
  if ((vma.flags & (VM_DONTEXPAND | VM_PFNMAP)) !== 0) return -Errno.EFAULT;
  const pages = (newLength - oldLength) / PAGE_SIZE;
  if (!mayLock(mm, vma.flags, pages)) return -Errno.EAGAIN;
  if (!mayExpand(mm, vma.flags, pages)) return -Errno.ENOMEM;
  return 0;
}

/** Shrinks or grows where it is, and moves only if it must (mremap_at). */
function remapAt(mm: Mm, vma: Vma, remap: Remap): number {
  const { address, oldLength, newLength, flags } = remap;
  if (oldLength === newLength) return address;
  if (oldLength > newLength) {
    const error = munmap(mm, address + newLength, oldLength - newLength);
    return error < 0 ? error : address;
  }
  const delta = newLength - oldLength;
  if (address + oldLength === vma.end && canExpand(mm, vma, delta)) {
    return expandInPlace(mm, vma, delta) ? address : -Errno.ENOMEM;
  }
  if ((flags & MREMAP_MAYMOVE) === 0) return -Errno.ENOMEM;
  const target = newPlace(mm, vma, remap, 0);
  return target < 0 ? target : moveVma(mm, vma, remap, target);
}

function canExpand(mm: Mm, vma: Vma, delta: number): boolean {
  const end = vma.end + delta;
  return end <= TASK_SIZE && mm.vmas.intersecting(vma.end, end) === null;
}

function expandInPlace(mm: Mm, vma: Vma, delta: number): boolean {
  const pages = delta / PAGE_SIZE;
  if ((vma.flags & VM_ACCOUNT) !== 0 && !commitPages(mm, pages)) return false;
  const candidate = {
    start: vma.end,
    end: vma.end + delta,
    flags: vma.flags,
    pgoff: vma.pgoff + vma.pages,
    file: vma.file,
    name: vma.name,
    anonVma: vma.anonVma,
    middle: null,
  };
  const merged = mergeNew(mm, candidate, vma, vma.next);
  if (merged === null) return false;
  countPages(mm, merged, pages);
  return true;
}

function countPages(mm: Mm, vma: Vma, pages: number): void {
  accountPages(mm, vma.flags, pages);
  if ((vma.flags & VM_LOCKED) !== 0) mm.lockedPages += pages;
}

/** mm/mremap.c: mremap_to. */
function remapTo(mm: Mm, vma: Vma, remap: Remap): number {
  const { flags, address } = remap;
  let source: Vma | null = vma;
  if ((flags & MREMAP_FIXED) !== 0) {
    const error = munmap(mm, remap.newAddress, remap.newLength);
    if (error < 0) return error;
    source = mm.vmas.at(address);
    if (source === null) return -Errno.EFAULT;
  }
  if (remap.oldLength > remap.newLength) {
    const error = munmap(mm, address + remap.newLength, remap.oldLength - remap.newLength);
    if (error < 0) return error;
    source = mm.vmas.at(address)!;
    remap.oldLength = remap.newLength;
  }
  if (
    (flags & MREMAP_DONTUNMAP) !== 0 &&
    !mayExpand(mm, source.flags, remap.oldLength / PAGE_SIZE)
  ) {
    return -Errno.ENOMEM;
  }
  const target = newPlace(mm, source, remap, remap.newAddress);
  return target < 0 ? target : moveVma(mm, source, remap, target);
}

/** mm/mremap.c: vrm_set_new_addr. */
function newPlace(mm: Mm, vma: Vma, remap: Remap, hint: Address): number {
  const fixed = (remap.flags & MREMAP_FIXED) !== 0 ? MAP_FIXED : 0;
  const shared = (vma.flags & VM_MAYSHARE) !== 0 ? MAP_SHARED : 0;
  return getUnmappedArea(mm, {
    hint,
    length: remap.newLength,
    pgoff: vma.pageIndex(remap.address),
    flags: fixed | shared,
    file: vma.file,
  });
}

/** mm/mremap.c: move_vma. */
function moveVma(mm: Mm, vma: Vma, remap: Remap, target: Address): number {
  const { address, oldLength, newLength } = remap;
  const keep = (remap.flags & MREMAP_DONTUNMAP) !== 0;
  if (mm.vmas.size >= mm.kernel.settings.maxMapCount - 3) return -Errno.ENOMEM;
  const account = (vma.flags & VM_ACCOUNT) !== 0;
  if (account) {
    const charged = keep ? newLength : Math.max(0, newLength - oldLength);
    if (!commitPages(mm, charged / PAGE_SIZE)) return -Errno.ENOMEM;
    if (!keep) mm.kernel.committedPages += Math.min(oldLength, newLength) / PAGE_SIZE;
  }
  const { copy, source } = copyVma(mm, vma, address, target, newLength);
  movePages(mm, source, address, target, Math.min(oldLength, newLength));
  countPages(mm, copy, newLength / PAGE_SIZE);
  if (keep) {
    if ((source.flags & VM_LOCKED) !== 0) mm.lockedPages -= source.pages;
    if (copy !== source && source.start === address && source.end === address + oldLength) {
      unlinkAnonVma(source);
    }
    source.flags &= ~VM_LOCKED_MASK;
    return target;
  }
  // What the source was charged has gone over to the copy already; munmap gives the source's back.
  if (oldLength > 0) munmap(mm, address, oldLength);
  return target;
}

/** A vma like the source at the target, or a neighbour there that takes it in (copy_vma). */
function copyVma(
  mm: Mm,
  vma: Vma,
  address: Address,
  target: Address,
  length: number,
): { readonly copy: Vma; readonly source: Vma } {
  const unfaulted = vma.isAnonymous && vma.anonVma === null;
  const pgoff = unfaulted ? target / PAGE_SIZE : vma.pageIndex(address);
  const end = target + length;
  const merged = mergeNew(
    mm,
    {
      start: target,
      end,
      flags: vma.flags,
      pgoff,
      file: vma.file,
      name: vma.name,
      anonVma: vma.anonVma,
      middle: null,
      copiedFrom: vma,
    },
    mm.vmas.before(target),
    mm.vmas.find(target),
  );
  if (merged !== null) {
    const swallowed = address >= merged.start && address < merged.end;
    return { copy: merged, source: swallowed ? merged : vma };
  }
  const copy = vma.duplicate(mm);
  copy.start = target;
  copy.end = end;
  copy.pgoff = pgoff;
  cloneAnonVma(copy, vma);
  // Of the whole source, even where only a part moves (clear_vma_resv_huge_pages).
  vma.hugeUsed = null;
  link(copy);
  return { copy, source: vma };
}
