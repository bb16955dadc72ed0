/** Units of the simulated machine: addresses, pages, frames, sizes in bytes. */

/**
 * A virtual address of the simulated process: a byte offset from 0, always a whole number below 2^53.
 *
 * x86-64 user addresses have 47 bits, so a JavaScript number holds every one exactly, and
 * `p + 4096` reads as it does in C on a `char *`.
 */
export type Address = number;

/** A page frame number: the physical address of a frame divided by {@link PAGE_SIZE}. */
export type Pfn = number;

export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;
export const TiB = 1024 * GiB;

/** Bytes in a base page on x86-64 (`getconf PAGESIZE`). */
export const PAGE_SIZE = 4096;
/** log2 of {@link PAGE_SIZE} (PAGE_SHIFT, arch/x86/include/asm/page_types.h). */
export const PAGE_SHIFT = 12;

/** The address rounded down to its page. */
export function pageFloor(address: Address): Address {
  return address - (address % PAGE_SIZE);
}

/** The address rounded up to the next page boundary (PAGE_ALIGN). */
export function pageCeil(address: Address): Address {
  const rest = address % PAGE_SIZE;
  return rest === 0 ? address : address - rest + PAGE_SIZE;
}

/**
 * The bytes from `low` up to `high`, negative where they are the other way round. What JavaScript's `-` makes of two
 * addresses is a boxed double to V8, 16 bytes more for each object that keeps it; this is a small integer below 2 GiB.
 */
export function bytesBetween(low: Address, high: Address): number {
  const bytes = high - low;
  const small = bytes | 0;
  return small === bytes ? small : bytes;
}

/** `0x…`, lower case, without leading zeros. */
export function hex(value: number): string {
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}
