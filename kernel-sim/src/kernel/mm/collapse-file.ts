/** MADV_COLLAPSE of memory that is a file's: shared anonymous memory and memfds (mm/khugepaged.c: hpage_collapse_scan_file). */
import { Errno } from "../../abi/errno.js";
import { PAGE_SIZE } from "../../core/units.js";
import type { Address, Pfn } from "../../core/units.js";
import {
  ENTRIES_PER_TABLE,
  PAGES_PER_HUGE_PAGE,
  PMD_SIZE,
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_WRITE,
  ptePfn,
} from "../../hardware/x86-64.js";
import { unmapFilePages } from "../file-punch.js";
import { addCacheFolio, removeCacheFolio } from "../page-cache.js";
import { removeMapping, setPageDirty } from "../rmap.js";
import { VM_SHARED, VM_WRITE } from "../vm-flags.js";
import { fitsHugeFile, mapHugeFile } from "./huge-file.js";
import type { Inode, KernelState, Mm, Vma } from "../model.js";

/** Whether a huge page of the file fits somewhere in the vma: files on a disk have none. */
export function mayCollapseFile(vma: Vma): boolean {
  const last = vma.end - (vma.end % PMD_SIZE) - PMD_SIZE;
  return vma.file?.inode.kind === "shmem" && fitsHugeFile(vma, last);
}

/** One block; 0, or the error, which ends the call. */
export function collapseFileBlock(mm: Mm, vma: Vma, block: Address): number {
  const { kernel, pageTable } = mm;
  const { inode } = vma.file!;
  if (pageTable.huge(block) !== 0) return 0;
  const first = vma.pageIndex(block);
  const folio = folioAt(kernel, inode, first);
  if (folio === undefined) {
    const error = gather(kernel, inode, first);
    if (error < 0) return error;
    dropTables(inode, first);
  }
  return mapWhole(mm, vma, block, first);
}

/** The huge page that the file has already, if it has. */
function folioAt(kernel: KernelState, inode: Inode, first: number): Pfn | undefined {
  const head = inode.pages.get(first);
  if (head === undefined) return undefined;
  return kernel.folios.of(head)?.pages === PAGES_PER_HUGE_PAGE ? head : undefined;
}

/** Copies the pages that are there into one folio, with zeros between them; none is mapped any more (collapse_file). */
function gather(kernel: KernelState, inode: Inode, first: number): number {
  const { memory } = kernel;
  const end = first + PAGES_PER_HUGE_PAGE;
  let present = false;
  for (let index = first; index < end; index++) present ||= inode.pages.has(index);
  if (!present) return -Errno.EINVAL;
  unmapFilePages(inode, first, end, "kept");
  const kept: Uint8Array[] = [];
  for (let index = first; index < end; index++) {
    const pfn = inode.pages.get(index);
    if (pfn !== undefined) kept[index - first] = memory.contents.read(pfn, 0, PAGE_SIZE);
  }
  for (let index = first; index < end; index++) {
    if (inode.pages.has(index)) removeCacheFolio(kernel, inode, index);
  }
  const head = addCacheFolio(kernel, inode, first, PAGES_PER_HUGE_PAGE);
  if (head < 0) return -Errno.ENOMEM;
  kept.forEach((bytes, i) => memory.contents.write(head + i, 0, bytes));
  setPageDirty(kernel, head);
  kernel.lru.addLarge();
  kernel.flushAllTlbs();
  return 0;
}

/** Frees the tables that could map the block by one entry, but of vmas that may have private copies (retract_page_tables). */
function dropTables(inode: Inode, first: number): void {
  for (const vma of inode.vmas) {
    const block = vma.start + (first - vma.pgoff) * PAGE_SIZE;
    if (vma.anonVma !== null || !fitsHugeFile(vma, block)) continue;
    const { pageTable } = vma.mm;
    const pmd = pageTable.pmd(block);
    if (pmd !== undefined) pageTable.setLeaf(pmd, (block / PMD_SIZE) & 511, undefined);
  }
}

/** Maps the huge page in place of its pages; a private copy among them forbids it (collapse_pte_mapped_thp). */
function mapWhole(mm: Mm, vma: Vma, block: Address, first: number): number {
  const { pageTable, kernel } = mm;
  const head = vma.file!.inode.pages.get(first)!;
  const table = pageTable.leaf(block);
  if (table !== undefined) {
    for (let i = 0; i < ENTRIES_PER_TABLE; i++) {
      if (table[i] !== 0 && ptePfn(table[i]!) !== head + i) return -Errno.EINVAL;
    }
    for (let i = 0; i < ENTRIES_PER_TABLE; i++) if (table[i] !== 0) removeMapping(mm, head + i);
    pageTable.setLeaf(pageTable.pmdOrNew(block), (block / PMD_SIZE) & 511, undefined);
  }
  const shared = (vma.flags & (VM_SHARED | VM_WRITE)) === (VM_SHARED | VM_WRITE);
  const rights = (vma.isAccessible ? PTE_PRESENT : PTE_PROTNONE) | (shared ? PTE_WRITE : 0);
  const folio = kernel.folios.of(head)!;
  mm.mmu.flush(block, block + PMD_SIZE);
  return mapHugeFile(mm, vma, block, folio, rights | PTE_ACCESSED) ? 0 : -Errno.EINVAL;
}
