/** Constants of x86-64 paging with four levels (arch/x86/include/asm/pgtable_types.h, page_64_types.h). */
import { MiB } from "../core/units.js";
import type { Address } from "../core/units.js";

/** Entries in a table of any level (PTRS_PER_PTE). */
export const ENTRIES_PER_TABLE = 512;
/** Bytes that an entry of the second level covers: the size of a huge page (PMD_SIZE). */
export const PMD_SIZE = 2 * MiB;
/** Base pages in a huge page (HPAGE_PMD_NR). */
export const PAGES_PER_HUGE_PAGE = 512;
/** The order of a huge page (HPAGE_PMD_ORDER). */
export const HUGE_PAGE_ORDER = 9;
/** Bytes that an entry of the third level covers (PUD_SIZE). */
export const PUD_SIZE = ENTRIES_PER_TABLE * PMD_SIZE;
/** The end of what a program may address: 2^47 less a guard page (TASK_SIZE_MAX). */
export const TASK_SIZE: Address = 0x7fff_ffff_f000;

/*
 * An entry of the lowest two levels, in 32 bits:
 *
 *   31                      8 7       6     5        4    3         2    1  0
 *  | page frame number       |special|dirty|accessed|huge|protnone|  -  |rw|present|
 */
/** The MMU may use the entry (_PAGE_PRESENT). */
export const PTE_PRESENT = 0x01;
/** Stores are allowed (_PAGE_RW). */
export const PTE_WRITE = 0x02;
/** A page that is there for the kernel but not for the program, after mprotect(PROT_NONE) (_PAGE_PROTNONE). */
export const PTE_PROTNONE = 0x08;
/** The entry of a middle table maps a huge page itself (_PAGE_PSE). */
export const PTE_HUGE = 0x10;
/** Set by the MMU when it uses the entry (_PAGE_ACCESSED). */
export const PTE_ACCESSED = 0x20;
/** Set by the MMU when it stores through the entry (_PAGE_DIRTY). */
export const PTE_DIRTY = 0x40;
/** No page that anybody counts: the zero page (_PAGE_SPECIAL). */
export const PTE_SPECIAL = 0x80;
/** Where the page frame number begins; 24 bits of it, for 64 GiB of RAM. */
export const PTE_PFN_SHIFT = 8;
/** The most frames that an entry can name. */
export const MAX_FRAMES = 2 ** 24;

/** The page frame number in an entry. */
export function ptePfn(entry: number): number {
  return entry >>> PTE_PFN_SHIFT;
}

/** Whether an entry names a page, for the program or for the kernel alone (pte_present). */
export function ptePresent(entry: number): boolean {
  return (entry & (PTE_PRESENT | PTE_PROTNONE)) !== 0;
}
