/**
 * What the module asks of the process that it lives in. Addresses and sizes cross as f64, exact below
 * 2^53; results of system calls are those of the kernel: from 0 up, or -errno. Any of them may throw
 * through the module, as a signal ends a program.
 */

/** Where in the linear memory the page that holds the address is, after it was faulted in for reading. */
export declare function pageForReading(address: f64): u32;

/** The same for writing. */
export declare function pageForWriting(address: f64): u32;

/** memset(3) within a page, which need not be kept as bytes afterwards. */
export declare function fill(address: f64, byte: i32, bytes: f64): void;

/** memcpy(3) from within a page to within a page. */
export declare function copy(to: f64, from: f64, bytes: f64): void;

/** So many bytes of linear memory for the module's own use; zeros. */
export declare function reserve(bytes: u32): u32;

/** Gives back what reserve() gave. */
export declare function release(at: u32, bytes: u32): void;

/** sbrk(2): the old break, or -1 with errno set. */
export declare function sbrk(increment: f64): f64;

export declare function mmap(address: f64, length: f64, prot: i32, flags: i32): f64;

export declare function munmap(address: f64, length: f64): i32;

export declare function mremap(address: f64, oldLength: f64, newLength: f64, flags: i32): f64;

export declare function mprotect(address: f64, length: f64, prot: i32): i32;

export declare function madvise(address: f64, length: f64, advice: i32): i32;

export declare function getErrno(): i32;

export declare function setErrno(value: i32): void;

/** 32 random bits (getrandom(2)). */
export declare function random(): u32;

/** For a walk over the heap: top began here; a mapping became a chunk, or is one no longer. */
export declare function regionBegan(start: f64): void;

export declare function chunkMapped(chunk: f64): void;

export declare function chunkUnmapped(chunk: f64): void;

/** Sets errno to ENOMEM. */
export declare function outOfMemory(): void;

/** Sets errno to EINVAL. */
export declare function invalidArgument(): void;
