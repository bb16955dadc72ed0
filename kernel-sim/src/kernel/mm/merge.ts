/**
 * Split and merge (mm/vma.c). Two neighbours become one vma where rights, flags, file, offsets and
 * anon_vma agree.
 *
 *        |<----->|                      |<----->|
 *   |----|*******|----|    or merges  |--|*****|--|   into prev, next, or all three into prev
 *    prev   vma   next
 */
import type { Address } from "../../core/units.js";
import { PAGE_SIZE } from "../../core/units.js";
import { cloneAnonVma, isForkChild, unlinkAnonVma } from "../vma.js";
import { VM_SPECIAL } from "../vm-flags.js";
import { splitHugeAt } from "./huge-page.js";
import type { AnonVma, Mm, OpenFile, Vma } from "../model.js";

/** What a vma would be, for the question whether a neighbour can take it in (struct vma_merge_struct). */
export interface MergeCandidate {
  readonly start: Address;
  readonly end: Address;
  readonly flags: number;
  readonly pgoff: number;
  readonly file: OpenFile | null;
  readonly name: string;
  readonly anonVma: AnonVma | null;
  /** The vma whose rights or flags change; null for a new range. */
  readonly middle: Vma | null;
  /** The vma that mremap copies from. */
  readonly copiedFrom?: Vma;
}

function isMergeable(candidate: MergeCandidate, vma: Vma): boolean {
  return (
    vma.flags === candidate.flags &&
    vma.file === candidate.file &&
    vma.name === candidate.name &&
    isMergeableAnonVma(candidate, vma)
  );
}

/** mm/vma.c: is_mergeable_anon_vma. */
function isMergeableAnonVma(candidate: MergeCandidate, target: Vma): boolean {
  if (target.anonVma === null && candidate.anonVma !== null) {
    return !isForkChild(candidate.middle) && !isForkChild(candidate.copiedFrom ?? null);
  }
  if (target.anonVma !== null && candidate.anonVma === null) return !isForkChild(target);
  return target.anonVma === candidate.anonVma;
}

function canMergeLeft(candidate: MergeCandidate, prev: Vma | null): prev is Vma {
  return (
    prev !== null &&
    prev.end === candidate.start &&
    isMergeable(candidate, prev) &&
    prev.pgoff + prev.pages === candidate.pgoff
  );
}

function canMergeRight(candidate: MergeCandidate, next: Vma | null, left: Vma | null): next is Vma {
  if (next === null || next.start !== candidate.end || !isMergeable(candidate, next)) return false;
  if (next.pgoff !== candidate.pgoff + (candidate.end - candidate.start) / PAGE_SIZE) return false;
  return (
    left === null || left.anonVma === null || next.anonVma === null || left.anonVma === next.anonVma
  );
}

/** Special files with a close() of their own keep their vmas apart (can_merge_remove_vma); hugetlb has one. */
function hasClose(vma: Vma): boolean {
  return vma.isHugetlb;
}

/** A vma that grows over another must be able to hold its pages (dup_anon_vma). */
function takeAnonVma(target: Vma, source: Vma): void {
  if (source.anonVma !== null && target.anonVma === null) cloneAnonVma(target, source);
}

/** Takes a vma out of everything that knows it; its pages stay where they are. */
export function forget(vma: Vma): void {
  vma.mm.vmas.remove(vma);
  unlinkAnonVma(vma);
  if (vma.file !== null) {
    vma.file.inode.vmas.delete(vma);
    vma.file.references--;
  }
}

/** Puts a vma among its like (vma_link). */
export function link(vma: Vma): void {
  vma.mm.vmas.insert(vma);
  if (vma.file !== null) {
    vma.file.inode.vmas.add(vma);
    vma.file.references++;
  }
}

function setRange(vma: Vma, start: Address, end: Address, pgoff: number): void {
  splitHugeAt(vma, start, end);
  vma.pgoff = pgoff;
  vma.mm.vmas.resize(vma, start, end);
}

/** Grows a neighbour over a new range, if one can take it in (vma_merge_new_range); the vma that did, or null. */
export function mergeNew(
  mm: Mm,
  candidate: MergeCandidate,
  prev: Vma | null,
  next: Vma | null,
): Vma | null {
  if ((candidate.flags & VM_SPECIAL) !== 0) return null;
  const left = canMergeLeft(candidate, prev) ? prev : null;
  const right = canMergeRight(candidate, next, left) ? next : null;
  if (left !== null && right !== null && !hasClose(right)) {
    takeAnonVma(left, right);
    const { end } = right;
    forget(right);
    setRange(left, left.start, end, left.pgoff);
    return left;
  }
  if (left !== null) {
    setRange(left, left.start, candidate.end, left.pgoff);
    return left;
  }
  if (right !== null) {
    const pages = (candidate.end - candidate.start) / PAGE_SIZE;
    setRange(right, candidate.start, right.end, right.pgoff - pages);
    return right;
  }
  return null;
}

/**
 * Merges the part [start, end) of a vma, whose flags become `flags`, with its neighbours
 * (vma_merge_existing_range); the vma that it is now in, or null where none takes it.
 */
function mergeExisting(vma: Vma, start: Address, end: Address, flags: number): Vma | null {
  const leftSide = start === vma.start;
  const rightSide = end === vma.end;
  if ((flags & VM_SPECIAL) !== 0 || (!leftSide && !rightSide)) return null;
  const candidate: MergeCandidate = {
    start,
    end,
    flags,
    pgoff: vma.pageIndex(start),
    file: vma.file,
    name: vma.name,
    anonVma: vma.anonVma,
    middle: vma,
  };
  const left = leftSide && canMergeLeft(candidate, vma.prev) ? vma.prev : null;
  let right = rightSide && canMergeRight(candidate, vma.next, left) ? vma.next : null;
  if (left === null && right === null) return null;
  const whole = leftSide && rightSide;
  if (whole && hasClose(vma)) return null;
  if (left !== null && right !== null && hasClose(right)) right = null;
  if (left !== null && right !== null) {
    takeAnonVma(left, right.anonVma !== null ? right : vma);
    const last = right.end;
    forget(vma);
    forget(right);
    setRange(left, left.start, last, left.pgoff);
    return left;
  }
  if (left !== null) {
    takeAnonVma(left, vma);
    if (whole) forget(vma);
    else setRange(vma, end, vma.end, vma.pageIndex(end));
    setRange(left, left.start, end, left.pgoff);
    return left;
  }
  if (right === null) return null;
  takeAnonVma(right, vma);
  const pgoff = right.pgoff - (end - start) / PAGE_SIZE;
  if (whole) forget(vma);
  else setRange(vma, vma.start, start, vma.pgoff);
  setRange(right, start, right.end, pgoff);
  return right;
}

/** Cuts a vma in two at `address`; the new one is below or above it (__split_vma). The old object keeps the other part. */
export function splitVma(vma: Vma, address: Address, newPart: "below" | "above"): Vma {
  const part = vma.duplicate(vma.mm);
  cloneAnonVma(part, vma);
  splitHugeAt(vma, vma.start, address);
  if (newPart === "below") {
    part.end = address;
    vma.pgoff = vma.pageIndex(address);
    vma.mm.vmas.resize(vma, address, vma.end);
  } else {
    part.pgoff = vma.pageIndex(address);
    part.start = address;
    vma.mm.vmas.resize(vma, vma.start, address);
  }
  link(part);
  return part;
}

/**
 * The vma that is exactly [start, end) or has taken it in, after merging or splitting, for flags that
 * the caller then sets (vma_modify); null where max_map_count forbids the split.
 */
export function modifyVma(vma: Vma, start: Address, end: Address, flags: number): Vma | null {
  const merged = mergeExisting(vma, start, end, flags);
  if (merged !== null) return merged;
  const { mm } = vma;
  if (vma.start < start) {
    if (mm.vmas.size >= mm.kernel.settings.maxMapCount) return null;
    splitVma(vma, start, "below");
  }
  if (vma.end > end) {
    if (mm.vmas.size >= mm.kernel.settings.maxMapCount) return null;
    splitVma(vma, end, "above");
  }
  return vma;
}
