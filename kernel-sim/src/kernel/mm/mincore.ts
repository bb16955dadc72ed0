/** mincore(2) (mm/mincore.c). */
import { Errno } from "../../abi/errno.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { PAGES_PER_HUGE_PAGE, PMD_SIZE, TASK_SIZE } from "../../hardware/x86-64.js";
import { mayWriteFile } from "../files.js";
import { isReadIn } from "../page-cache.js";
import type { Mm, Vma } from "../model.js";

/** One byte a page, 1 where it is resident: by the page table, and for a file by the page cache. Or -errno. */
export function mincore(mm: Mm, start: Address, length: number): Uint8Array | number {
  if (start % PAGE_SIZE !== 0) return -Errno.EINVAL;
  if (start + length > TASK_SIZE) return -Errno.ENOMEM;
  const pages = Math.ceil(length / PAGE_SIZE);
  for (let at = start; at < start + pages * PAGE_SIZE;) {
    const vma = mm.vmas.at(at);
    if (vma === null) return -Errno.ENOMEM;
    at = vma.end;
  }
  const out = new Uint8Array(pages);
  const end = start + pages * PAGE_SIZE;
  for (let at = start; at < end;) {
    const vma = mm.vmas.at(at)!;
    const to = Math.min(end, vma.end);
    // What others read into the page cache is told to none who may not write the file (can_do_mincore).
    if (vma.file !== null && !mayWriteFile(mm.task, vma.file.inode)) {
      out.fill(1, (at - start) / PAGE_SIZE, (to - start) / PAGE_SIZE);
      at = to;
      continue;
    }
    if (vma.isHugetlb) markUnwalkedHugePages(mm, vma, { at, to, start, out });
    if (vma.file !== null && vma.file.inode.kind !== "hugetlb") {
      const { pages: cached } = vma.file.inode;
      if (cached.size > 0) {
        for (let page = at; page < to; page += PAGE_SIZE) {
          const pfn = cached.get(vma.pageIndex(page));
          if (pfn !== undefined && isReadIn(mm.kernel, pfn)) out[(page - start) / PAGE_SIZE] = 1;
        }
      }
    }
    for (let part = mm.pageTable.nextPopulated(at, to); part < to;) {
      const last = Math.min(to, part - (part % PMD_SIZE) + PMD_SIZE);
      for (let page = part; page < last; page += PAGE_SIZE) {
        if (mm.pageTable.entry(page) !== 0) out[(page - start) / PAGE_SIZE] = 1;
      }
      part = mm.pageTable.nextPopulated(last, to);
    }
    at = to;
  }
  mm.kernel.reading.step();
  return out;
}

/** Where the process has no table of the middle level yet, the file's own huge pages count (walk_hugetlb_range: pte_hole). */
function markUnwalkedHugePages(
  mm: Mm,
  vma: Vma,
  range: { at: Address; to: Address; start: Address; out: Uint8Array },
): void {
  const { at, to, start, out } = range;
  for (let page = at; page < to; page += PAGE_SIZE) {
    if (mm.pageTable.pmd(page) !== undefined) continue;
    const index = Math.floor(vma.pageIndex(page) / PAGES_PER_HUGE_PAGE);
    if (vma.file!.inode.pages.has(index)) out[(page - start) / PAGE_SIZE] = 1;
  }
}
