/** The texts of malloc_info(3) and malloc_stats(3), glibc 2.36, one arena. */
import type { MallocInfo, MallocInfoSize, MallocStats } from "../abi/heap-info.js";

const sizeLine = (tag: string, { from, to, total, count }: MallocInfoSize): string =>
  `  <${tag} from="${from}" to="${to}" total="${total}" count="${count}"/>\n`;

const totals = (info: MallocInfo): string =>
  `<total type="fast" count="${info.fast.count}" size="${info.fast.size}"/>\n` +
  `<total type="rest" count="${info.rest.count}" size="${info.rest.size}"/>\n`;

const system = (info: MallocInfo): string =>
  `<system type="current" size="${info.systemBytes}"/>\n` +
  `<system type="max" size="${info.maxSystemBytes}"/>\n` +
  `<aspace type="total" size="${info.systemBytes}"/>\n` +
  `<aspace type="mprotect" size="${info.systemBytes}"/>\n`;

/** The XML that malloc_info(0, file) writes. */
export function formatMallocInfo(info: MallocInfo): string {
  return (
    `<malloc version="1">\n<heap nr="0">\n<sizes>\n` +
    info.sizes.map((size) => sizeLine("size", size)).join("") +
    (info.unsorted === undefined ? "" : sizeLine("unsorted", info.unsorted)) +
    `</sizes>\n${totals(info)}${system(info)}</heap>\n` +
    totals(info) +
    `<total type="mmap" count="${info.mmap.count}" size="${info.mmap.size}"/>\n` +
    `${system(info)}</malloc>\n`
  );
}

/** What malloc_stats() writes to standard error; sums are unsigned ints, as glibc keeps them. */
export function formatMallocStats(stats: MallocStats): string {
  const line = (name: string, value: number): string =>
    `${name.padEnd(16)} = ${String(value).padStart(10)}\n`;
  const int = (value: number): number => value % 2 ** 32;
  return (
    "Arena 0:\n" +
    line("system bytes", int(stats.systemBytes)) +
    line("in use bytes", int(stats.inUseBytes)) +
    "Total (incl. mmap):\n" +
    line("system bytes", int(stats.systemBytes + stats.mappedBytes)) +
    line("in use bytes", int(stats.inUseBytes + stats.mappedBytes)) +
    line("max mmap regions", stats.maxMmapRegions) +
    line("max mmap bytes", stats.maxMmapBytes)
  );
}
