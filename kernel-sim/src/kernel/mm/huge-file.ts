/** Huge pages of files in memory, as MADV_COLLAPSE makes them: mapped by one entry where they fit (mm/memory.c: do_set_pmd). */
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { PAGES_PER_HUGE_PAGE, PMD_SIZE, PTE_HUGE, PTE_PFN_SHIFT } from "../../hardware/x86-64.js";
import type { LargeFolio } from "../large-folio.js";
import { addHugeMapping } from "../rmap.js";
import { VM_NOHUGEPAGE } from "../vm-flags.js";
import type { Mm, Vma } from "../model.js";

/** Whether the vma has the whole block, and the file lies in it as huge pages lie in memory (thp_vma_suitable_order). */
export function fitsHugeFile(vma: Vma, block: Address): boolean {
  return (
    (vma.start / PAGE_SIZE - vma.pgoff) % PAGES_PER_HUGE_PAGE === 0 &&
    block >= vma.start &&
    block + PMD_SIZE <= vma.end
  );
}

/** Maps the folio that holds the page by one entry with these bits; false where it needs a table. */
export function mapHugeFile(
  mm: Mm,
  vma: Vma,
  page: Address,
  folio: LargeFolio,
  bits: number,
): boolean {
  const { pageTable } = mm;
  const block = page - (page % PMD_SIZE);
  if (folio.pages !== PAGES_PER_HUGE_PAGE || (vma.flags & VM_NOHUGEPAGE) !== 0) return false;
  if (!fitsHugeFile(vma, block)) return false;
  if (pageTable.leaf(block) !== undefined || pageTable.huge(block) !== 0) return false;
  const entry = ((folio.head << PTE_PFN_SHIFT) | PTE_HUGE | bits) >>> 0;
  pageTable.setHuge(block, entry, "nothing");
  addHugeMapping(mm, folio.head);
  return true;
}
