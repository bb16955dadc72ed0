/**
 * glibc's own words before it ends a program with SIGABRT (malloc_printerr, __malloc_assert): each is the
 * name of an import, which never returns.
 */

@external("abort", "free(): invalid pointer")
export declare function freeInvalidPointer(): void;
@external("abort", "free(): invalid size")
export declare function freeInvalidSize(): void;
@external("abort", "free(): invalid next size (fast)")
export declare function freeInvalidNextSizeFast(): void;
@external("abort", "free(): invalid next size (normal)")
export declare function freeInvalidNextSizeNormal(): void;
@external("abort", "free(): corrupted unsorted chunks")
export declare function freeCorruptedUnsorted(): void;
@external("abort", "free(): too many chunks detected in tcache")
export declare function freeTooManyInTcache(): void;
@external("abort", "free(): unaligned chunk detected in tcache 2")
export declare function freeUnalignedInTcache(): void;
@external("abort", "free(): double free detected in tcache 2")
export declare function doubleFreeInTcache(): void;
@external("abort", "double free or corruption (fasttop)")
export declare function doubleFreeFasttop(): void;
@external("abort", "double free or corruption (top)")
export declare function doubleFreeTop(): void;
@external("abort", "double free or corruption (out)")
export declare function doubleFreeOut(): void;
@external("abort", "double free or corruption (!prev)")
export declare function doubleFreePrev(): void;
@external("abort", "invalid fastbin entry (free)")
export declare function invalidFastbinEntry(): void;
@external("abort", "corrupted size vs. prev_size")
export declare function corruptedPrevSize(): void;
@external("abort", "corrupted size vs. prev_size while consolidating")
export declare function corruptedPrevSizeConsolidating(): void;
@external("abort", "corrupted size vs. prev_size in fastbins")
export declare function corruptedPrevSizeInFastbins(): void;
@external("abort", "corrupted double-linked list")
export declare function corruptedList(): void;
@external("abort", "corrupted double-linked list (not small)")
export declare function corruptedListNotSmall(): void;
@external("abort", "malloc_consolidate(): unaligned fastbin chunk detected")
export declare function consolidateUnaligned(): void;
@external("abort", "malloc_consolidate(): invalid chunk size")
export declare function consolidateInvalidSize(): void;
@external("abort", "malloc(): unaligned tcache chunk detected")
export declare function mallocUnalignedTcache(): void;
@external("abort", "malloc(): unaligned fastbin chunk detected 2")
export declare function mallocUnalignedFastbin2(): void;
@external("abort", "malloc(): unaligned fastbin chunk detected 3")
export declare function mallocUnalignedFastbin3(): void;
@external("abort", "malloc(): memory corruption (fast)")
export declare function mallocCorruptionFast(): void;
@external("abort", "malloc(): smallbin double linked list corrupted")
export declare function mallocSmallbinCorrupted(): void;
@external("abort", "malloc(): invalid size (unsorted)")
export declare function mallocInvalidSizeUnsorted(): void;
@external("abort", "malloc(): invalid next size (unsorted)")
export declare function mallocInvalidNextSizeUnsorted(): void;
@external("abort", "malloc(): mismatching next->prev_size (unsorted)")
export declare function mallocMismatchingPrevSize(): void;
@external("abort", "malloc(): unsorted double linked list corrupted")
export declare function mallocUnsortedCorrupted(): void;
@external("abort", "malloc(): invalid next->prev_inuse (unsorted)")
export declare function mallocInvalidPrevInuse(): void;
@external("abort", "malloc(): corrupted unsorted chunks")
export declare function mallocCorruptedUnsorted(): void;
@external("abort", "malloc(): corrupted unsorted chunks 2")
export declare function mallocCorruptedUnsorted2(): void;
@external("abort", "malloc(): largebin double linked list corrupted (nextsize)")
export declare function mallocLargebinCorruptedNextsize(): void;
@external("abort", "malloc(): largebin double linked list corrupted (bk)")
export declare function mallocLargebinCorruptedBk(): void;
@external("abort", "malloc(): corrupted top size")
export declare function mallocCorruptedTop(): void;
@external("abort", "break adjusted to free malloc space")
export declare function breakAdjusted(): void;
@external("abort", "int_mallinfo(): unaligned fastbin chunk detected")
export declare function mallinfoUnaligned(): void;
@external("abort", "realloc(): invalid pointer")
export declare function reallocInvalidPointer(): void;
@external("abort", "realloc(): invalid old size")
export declare function reallocInvalidOldSize(): void;
@external("abort", "realloc(): invalid next size")
export declare function reallocInvalidNextSize(): void;
@external("abort", "munmap_chunk(): invalid pointer")
export declare function munmapInvalidPointer(): void;
@external("abort", "mremap_chunk(): invalid pointer")
export declare function mremapInvalidPointer(): void;
@external("assert", "_int_malloc: chunk_main_arena (bck->bk)")
export declare function assertMainArenaBck(): void;
@external("assert", "_int_malloc: chunk_main_arena (fwd)")
export declare function assertMainArenaFwd(): void;
@external("assert", "_int_malloc: (unsigned long) (size) >= (unsigned long) (nb)")
export declare function assertSizeFits(): void;
@external("assert", "sysmalloc: (old_top == initial_top (av) && old_size == 0) || ((unsigned long) (old_size) >= MINSIZE && prev_inuse (old_top) && ((unsigned long) old_end & (pagesize - 1)) == 0)")
export declare function assertOldTop(): void;
@external("assert", "sysmalloc: ((unsigned long) chunk2mem (brk) & MALLOC_ALIGN_MASK) == 0")
export declare function assertBrkAligned(): void;
