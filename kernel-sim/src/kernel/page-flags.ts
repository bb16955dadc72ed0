/** What the kernel knows of a frame, in the 16 bits that the hardware floor keeps for it (PG_* of page-flags.h). */

/** Private to programs, of no file (folio_test_anon). */
export const PG_ANON = 0x1;
/** Must be kept by the kernel: anonymous, or shmem; off after MADV_FREE (PG_swapbacked). */
export const PG_SWAPBACKED = 0x2;
/** Differs from what is on the disk (PG_dirty). */
export const PG_DIRTY = 0x4;
/** Anonymous, and of one process alone: a write needs no copy (PG_anon_exclusive). */
export const PG_EXCLUSIVE = 0x8;
/** In a page cache, which holds it. */
export const PG_CACHE = 0x10;
/** Where the next read-ahead begins (PG_readahead). */
export const PG_READAHEAD = 0x20;
/** Part of a folio of more than one page (PG_head and tails). */
export const PG_LARGE = 0x40;
/** The zero page, or a huge one (pageblock of zeros that nobody owns). */
export const PG_ZERO = 0x80;
/** Of the hugetlb pool. */
export const PG_HUGETLB = 0x100;
/** Used for a page table, counted so that none is lost. */
export const PG_TABLE = 0x200;
/** Referenced since last looked at (PG_referenced), on the active list (PG_active). */
export const PG_REFERENCED = 0x400;
export const PG_ACTIVE = 0x800;
/** What a page loses that is to be one of the first to be reclaimed. */
export const PG_USED = PG_REFERENCED | PG_ACTIVE;
/** On a list of the LRU; not yet while it waits in a batch (PG_lru). */
export const PG_LRU = 0x1000;
/** Of the hugetlb pool: promised again when it is free (HPG_restore_reserve). */
export const PG_RESTORE_RESERVE = 0x4000;
/** In the cache, but not yet read from the disk (PG_uptodate off). */
export const PG_STALE = 0x2000;
/** A block of the disk that has still to be written (a dirty buffer head); of each page, also in a large folio. */
export const PG_BUFFER_DIRTY = 0x4000;
