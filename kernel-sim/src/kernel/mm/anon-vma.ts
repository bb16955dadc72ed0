/** Gives a vma its anon_vma at the first anonymous page (mm/rmap.c: __anon_vma_prepare; mm/vma.c: find_mergeable_anon_vma). */
import { AnonVma } from "../vma.js";
import { VM_ACCESS_FLAGS } from "../vm-flags.js";
import type { Vma } from "../model.js";

/** A neighbour's anon_vma is taken where the two could be merged after an mprotect. */
export function prepareAnonVma(vma: Vma): void {
  if (vma.anonVma !== null) return;
  const { prev, next } = vma;
  let anonVma: AnonVma | null = null;
  if (next !== null) anonVma = reusable(next, vma, next);
  if (anonVma === null && prev !== null) anonVma = reusable(prev, prev, vma);
  if (anonVma === null) {
    anonVma = new AnonVma(null);
    anonVma.children = 1;
  }
  anonVma.activeVmas++;
  vma.anonVma = anonVma;
  vma.anonChain = [anonVma];
}

function reusable(old: Vma, low: Vma, high: Vma): AnonVma | null {
  const compatible =
    low.end === high.start &&
    low.file === high.file &&
    ((low.flags ^ high.flags) & ~VM_ACCESS_FLAGS) === 0 &&
    high.pgoff === low.pgoff + low.pages;
  return compatible && old.anonVma !== null && old.anonChain.length === 1 ? old.anonVma : null;
}
