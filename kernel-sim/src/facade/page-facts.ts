/** What can be seen of a range of pages from outside, without touching any: for pictures and questions. */
import { UsageError } from "../core/errors.js";
import { PAGE_SIZE, pageCeil, pageFloor } from "../core/units.js";
import type { Address, Pfn } from "../core/units.js";
import { PMD_SIZE, PTE_HUGE, ptePfn, ptePresent } from "../hardware/x86-64.js";
import { PG_ANON, PG_ZERO } from "../kernel/page-flags.js";
import { pageMapcount } from "../kernel/rmap.js";
import type { PageState } from "../view/page-state.js";
import type { PageRun } from "../view/residency-map.js";
import type { Mm, Vma } from "../kernel/model.js";

/** The states of the pages of [address, address + length), joined where neighbours are alike. */
export function pageRuns(mm: Mm, address: Address, length: number): PageRun[] {
  const start = pageFloor(address);
  const end = pageCeil(address + length);
  if (!(end > start)) {
    throw new UsageError(
      `pages(): a range of ${length} bytes has no pages`,
      "a length above 0, such as 16 * 4096",
    );
  }
  const runs: PageRun[] = [];
  const add = (pages: number, state: PageState): void => {
    const last = runs.at(-1);
    if (last?.state === state) runs[runs.length - 1] = { pages: last.pages + pages, state };
    else if (pages > 0) runs.push({ pages, state });
  };
  let at = start;
  while (at < end) {
    const vma = mm.vmas.find(at);
    if (vma === null || vma.start >= end) {
      add((end - at) / PAGE_SIZE, "unmapped");
      break;
    }
    if (vma.start > at) add((vma.start - at) / PAGE_SIZE, "unmapped");
    const from = Math.max(at, vma.start);
    const to = Math.min(end, vma.end);
    vmaRuns(mm, vma, from, to, add);
    at = to;
  }
  return runs;
}

function vmaRuns(
  mm: Mm,
  vma: Vma,
  from: Address,
  to: Address,
  add: (pages: number, state: PageState) => void,
): void {
  const { pageTable } = mm;
  let at = from;
  while (at < to) {
    const populated = vma.file === null ? pageTable.nextPopulated(at, to) : at;
    if (populated > at) {
      add((populated - at) / PAGE_SIZE, "untouched");
      at = populated;
      continue;
    }
    const stop = Math.min(to, at - (at % PMD_SIZE) + PMD_SIZE);
    for (; at < stop; at += PAGE_SIZE) add(1, pageState(mm, vma, at));
  }
}

/** The state of one page. */
export function pageState(mm: Mm, vma: Vma, address: Address): PageState {
  const pfn = framePfn(mm, address);
  if (pfn === undefined) {
    const cached = vma.file?.inode.pages.has(vma.pageIndex(address)) ?? false;
    return cached ? "cached" : "untouched";
  }
  const flags = mm.kernel.memory.flags[pfn] ?? 0;
  if ((flags & PG_ZERO) !== 0) return "zero page";
  if ((flags & PG_ANON) === 0) return "file";
  return pageMapcount(mm.kernel, pfn) > 1 ? "shared anonymous" : "anonymous";
}

/** The frame that the page table names for an address; undefined where its entry is empty. */
export function framePfn(mm: Mm, address: Address): Pfn | undefined {
  const entry = mm.pageTable.entry(address);
  if (!ptePresent(entry)) return undefined;
  const inBlock = Math.floor((address % PMD_SIZE) / PAGE_SIZE);
  return ptePfn(entry) + ((entry & PTE_HUGE) === 0 ? 0 : inBlock);
}
