/**
 * The state of one process's malloc: `main_arena` and `mp_` of malloc.c, and the thread's tcache. One
 * thread, one arena. Bins and fastbins are in simulated memory, at main_arena's address, since chunks
 * are linked with them; what no link points at (top, the binmap, counters) is kept here.
 *
 * All of it is exported, so that the host can read it for reports, set what a version of glibc sets,
 * and copy it into a child after fork(2).
 */

/** Where main_arena lies; set by the host before anything else. */
export let mainArena: u64 = 0;
export let initialized: i32 = 0;
export let contiguous: i32 = 1;
export let haveFastchunks: i32 = 0;
export let top: u64 = 0;
export let lastRemainder: u64 = 0;
/** A bit a bin, of bins 0 to 63 and 64 to 127. */
export let binmapLow: u64 = 0;
export let binmapHigh: u64 = 0;
export let systemMem: u64 = 0;
export let maxSystemMem: u64 = 0;

export let trimThreshold: u64 = 0;
export let topPad: u64 = 0;
export let mmapThreshold: u64 = 0;
export let mmapCountMax: i32 = 0;
export let mmapCount: i32 = 0;
export let mmapCountPeak: i32 = 0;
export let mmappedMem: u64 = 0;
export let mmappedMemPeak: u64 = 0;
export let noDynamicThreshold: i32 = 0;
/** The largest chunk of a fastbin (global_max_fast). */
export let maxFast: u64 = 0;
export let perturbByte: i32 = 0;
/** Whether the request at hand was served from the tcache after all (M_PERTURB does not touch that). */
export let servedFromTcache: i32 = 0;

/** The tcache's struct, 0 before the first call. */
export let tcache: u64 = 0;
export let tcacheBins: u32 = 0;
export let tcacheCount: u32 = 0;
/** What marks a chunk in the tcache. */
export let tcacheKey: u64 = 0;

/** The heap of the arena that only the tcache's struct is in, where main_arena had no room for it; else 0. */
export let secondHeap: u64 = 0;
export let secondSystemMem: u64 = 0;
export let secondTopSize: u64 = 0;
/** Where the next heap of such an arena may be tried (aligned_heap_area). */
export let alignedHeapArea: u64 = 0;
