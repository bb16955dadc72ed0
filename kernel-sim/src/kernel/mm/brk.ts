/** brk(2) (mm/mmap.c: brk; mm/vma.c: do_brk_flags). */
import { PAGE_SIZE, pageCeil } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { TASK_SIZE } from "../../hardware/x86-64.js";
import { Vma } from "../vma.js";
import {
  VM_ACCOUNT,
  VM_LOCKED,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYWRITE,
  VM_READ,
  VM_WRITE,
} from "../vm-flags.js";
import { accountPages, commitPages, mayExpand, mayLock } from "./accounting.js";
import { link, mergeNew } from "./merge.js";
import { populate } from "./populate.js";
import { munmap } from "./unmap.js";
import type { Mm } from "../model.js";

/** Sets the break; returns it as it is afterwards, unchanged where that failed. */
export function brk(mm: Mm, wanted: Address): Address {
  if (wanted < mm.startBrk) return mm.brk;
  const data = wanted - mm.startBrk + (mm.endData - mm.startData);
  if (data > mm.task.limits.data.soft) return mm.brk;
  const newBrk = pageCeil(wanted);
  const oldBrk = pageCeil(mm.brk);
  if (newBrk === oldBrk) {
    mm.brk = wanted;
  } else if (wanted <= mm.brk) {
    const vma = mm.vmas.find(newBrk);
    if (vma === null || vma.start >= oldBrk) return mm.brk;
    if (munmap(mm, newBrk, oldBrk - newBrk) === 0) mm.brk = wanted;
  } else if (growHeap(mm, oldBrk, newBrk)) {
    mm.brk = wanted;
    if ((mm.defaultFlags & VM_LOCKED) !== 0) populate(mm, oldBrk, newBrk, "ignored");
  }
  return mm.brk;
}

function growHeap(mm: Mm, start: Address, end: Address): boolean {
  if (end > TASK_SIZE) return false;
  const pages = (end - start) / PAGE_SIZE;
  const flags =
    VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | VM_ACCOUNT | mm.defaultFlags;
  if (!mayLock(mm, mm.defaultFlags, pages)) return false;
  const next = mm.vmas.find(start);
  if (next !== null && end + PAGE_SIZE > next.startGap) return false;
  if (!mayExpand(mm, flags, pages) || mm.vmas.size > mm.kernel.settings.maxMapCount) return false;
  if (!commitPages(mm, pages)) return false;
  const prev = next === null ? mm.vmas.last : next.prev;
  const candidate = {
    start,
    end,
    flags,
    pgoff: start / PAGE_SIZE,
    file: null,
    name: "",
    anonVma: null,
    middle: null,
  };
  const heap = prev !== null && prev.start >= mm.startBrk ? prev : null;
  if (mergeNew(mm, candidate, heap, null) === null) {
    link(new Vma({ mm, start, end, flags, pgoff: start / PAGE_SIZE, file: null }));
  }
  accountPages(mm, flags, pages);
  if ((flags & VM_LOCKED) !== 0) mm.lockedPages += pages;
  return true;
}
