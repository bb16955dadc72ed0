/** munmap(2) (mm/vma.c: do_vmi_munmap, vms_gather_munmap_vmas, vms_complete_munmap_vmas). */
import { Errno } from "../../abi/errno.js";
import { PAGE_SIZE, pageCeil } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { PMD_SIZE, TASK_SIZE } from "../../hardware/x86-64.js";
import { VM_ACCOUNT, VM_LOCKED } from "../vm-flags.js";
import { accountPages, uncommitPages } from "./accounting.js";
import { closeHugetlbVma } from "./hugetlb-pool.js";
import { forget, splitVma } from "./merge.js";
import { zapRange } from "./zap.js";
import type { Inode, Mm, OpenFile, Vma } from "../model.js";

/** Takes away every mapping in the range; nothing there is no error. 0, or -errno. */
export function munmap(mm: Mm, start: Address, length: number): number {
  if (start % PAGE_SIZE !== 0 || start > TASK_SIZE || length > TASK_SIZE - start) {
    return -Errno.EINVAL;
  }
  const end = start + pageCeil(length);
  if (end === start) return -Errno.EINVAL;
  const vmas = gatherVmas(mm, start, end);
  if (typeof vmas === "number") return vmas;
  removeVmas(mm, vmas, start, end);
  return 0;
}

/** The vmas of exactly [start, end), after cutting those that stick out; -errno where they cannot be cut. */
export function gatherVmas(mm: Mm, start: Address, end: Address): Vma[] | number {
  const first = mm.vmas.intersecting(start, end);
  if (first === null) return [];
  if (first.isHugetlb && start > first.start && start % PMD_SIZE !== 0) return -Errno.EINVAL;
  if (start > first.start) {
    if (end < first.end && mm.vmas.size >= mm.kernel.settings.maxMapCount) return -Errno.ENOMEM;
    splitVma(first, start, "below");
  }
  const gathered: Vma[] = [];
  for (
    let vma = mm.vmas.intersecting(start, end);
    vma !== null && vma.start < end;
    vma = vma.next
  ) {
    if (vma.end > end) {
      if (vma.isHugetlb && end % PMD_SIZE !== 0) return -Errno.EINVAL;
      splitVma(vma, end, "above");
    }
    gathered.push(vma);
  }
  return gathered;
}

/** Removes gathered vmas with their pages, the page tables that only they used, and files that only they had. */
export function removeVmas(mm: Mm, vmas: readonly Vma[], start: Address, end: Address): void {
  releaseFiles(mm, detachVmas(mm, vmas, start, end));
}

/** Ends files that nobody has any more: their memory and what was promised to them is free. */
export function releaseFiles(mm: Mm, files: readonly OpenFile[]): void {
  for (const file of files) mm.kernel.releaseFile(file);
}

/** The same but for the files, which are still to be released; those. */
export function detachVmas(
  mm: Mm,
  vmas: readonly Vma[],
  start: Address,
  end: Address,
): readonly OpenFile[] {
  /** By their inodes, so that each is released once. */
  const files = new Map<Inode, OpenFile>();
  const first = vmas[0];
  const last = vmas.at(-1);
  if (first === undefined || last === undefined) return [];
  const floor = first.prev === null ? 0 : first.prev.end;
  const ceiling = last.next === null ? 0 : last.next.start;
  for (const vma of vmas) zapRange(mm, vma, vma.start, vma.end);
  for (const vma of vmas) {
    const { pages } = vma;
    if ((vma.flags & VM_LOCKED) !== 0) mm.lockedPages -= pages;
    if ((vma.flags & VM_ACCOUNT) !== 0) uncommitPages(mm.kernel, pages);
    accountPages(mm, vma.flags, -pages);
    const { file } = vma;
    closeHugetlbVma(vma);
    forget(vma);
    if (file !== null && file.references === 0) files.set(file.inode, file);
  }
  mm.pageTable.freeTables(first.start, last.end, floor, ceiling);
  mm.mmu.flush(start, end);
  return [...files.values()];
}
