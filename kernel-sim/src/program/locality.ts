/** How far apart in memory a program's accesses are: pages, cache lines and TLB entries. */
import type { Locality } from "../abi/slab-info.js";
import type { Address } from "../core/units.js";
import { PAGE_SIZE } from "../core/units.js";

/** Bytes of a cache line on x86-64 (`getconf LEVEL1_DCACHE_LINESIZE`). */
export const CACHE_LINE = 64;
/** Entries for 4 KiB pages of the first-level data TLB of most x86-64 cores since 2008. */
const usualTlbEntries = 64;

/**
 * What accesses of `sizeBytes` at those addresses touch, in their order. The TLB is fully associative
 * and drops the entry least recently used; a real one is 4-way and has a second level.
 */
export function locality(
  addresses: Iterable<Address>,
  sizeBytes: number,
  tlbEntries = usualTlbEntries,
): Locality {
  const pages = new Set<number>();
  const lines = new Set<number>();
  // A Map keeps insertion order: the first key is the least recently used.
  const tlb = new Map<number, true>();
  let accesses = 0;
  let tlbMisses = 0;
  for (const address of addresses) {
    accesses++;
    const last = address + Math.max(sizeBytes, 1) - 1;
    for (let line = Math.floor(address / CACHE_LINE); line <= Math.floor(last / CACHE_LINE); line++)
      lines.add(line);
    for (let page = Math.floor(address / PAGE_SIZE); page <= Math.floor(last / PAGE_SIZE); page++) {
      pages.add(page);
      if (!tlb.delete(page)) tlbMisses++;
      tlb.set(page, true);
      if (tlb.size > tlbEntries)
        for (const oldest of tlb.keys()) {
          tlb.delete(oldest);
          break;
        }
    }
  }
  return { accesses, pages: pages.size, cacheLines: lines.size, tlbMisses, tlbEntries };
}
