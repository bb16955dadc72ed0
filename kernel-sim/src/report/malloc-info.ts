/** The texts of malloc_info(3) and malloc_stats(3), glibc 2.36. */
import type { MallocInfo, MallocInfoHeap, MallocInfoSize, MallocStats } from "../abi/heap-info.js";

const sizeLine = (tag: string, { from, to, total, count }: MallocInfoSize): string =>
  `  <${tag} from="${from}" to="${to}" total="${total}" count="${count}"/>\n`;

type Totals = Pick<MallocInfoHeap, "fast" | "rest" | "systemBytes" | "maxSystemBytes">;

const totals = ({ fast, rest }: Totals): string =>
  `<total type="fast" count="${fast.count}" size="${fast.size}"/>\n` +
  `<total type="rest" count="${rest.count}" size="${rest.size}"/>\n`;

/** Address space is the same as memory: no arena gives back what its heap once used. */
const system = ({ systemBytes, maxSystemBytes }: Totals): string =>
  `<system type="current" size="${systemBytes}"/>\n` +
  `<system type="max" size="${maxSystemBytes}"/>\n` +
  `<aspace type="total" size="${systemBytes}"/>\n` +
  `<aspace type="mprotect" size="${systemBytes}"/>\n`;

const heapText = (heap: MallocInfoHeap, number: number): string =>
  `<heap nr="${number}">\n<sizes>\n` +
  heap.sizes.map((size) => sizeLine("size", size)).join("") +
  (heap.unsorted === undefined ? "" : sizeLine("unsorted", heap.unsorted)) +
  `</sizes>\n${totals(heap)}${system(heap)}` +
  (heap.subheaps === undefined ? "" : `<aspace type="subheaps" size="${heap.subheaps}"/>\n`) +
  `</heap>\n`;

function sum(heaps: readonly MallocInfoHeap[]): Totals {
  const add = (of: (heap: MallocInfoHeap) => number): number =>
    heaps.reduce((total, heap) => total + of(heap), 0);
  return {
    fast: { count: add(({ fast }) => fast.count), size: add(({ fast }) => fast.size) },
    rest: { count: add(({ rest }) => rest.count), size: add(({ rest }) => rest.size) },
    systemBytes: add(({ systemBytes }) => systemBytes),
    maxSystemBytes: add(({ maxSystemBytes }) => maxSystemBytes),
  };
}

/** The XML that malloc_info(0, file) writes. */
export function formatMallocInfo({ heaps, mmap }: MallocInfo): string {
  const all = sum(heaps);
  return (
    `<malloc version="1">\n${heaps.map(heapText).join("")}${totals(all)}` +
    `<total type="mmap" count="${mmap.count}" size="${mmap.size}"/>\n` +
    `${system(all)}</malloc>\n`
  );
}

/** What malloc_stats() writes to standard error; sums are unsigned ints, as glibc keeps them. */
export function formatMallocStats(stats: MallocStats): string {
  const line = (name: string, value: number): string =>
    `${name.padEnd(16)} = ${String(value).padStart(10)}\n`;
  const bytes = (system: number, inUse: number): string =>
    line("system bytes", system % 2 ** 32) + line("in use bytes", inUse % 2 ** 32);
  let system = stats.mappedBytes;
  let inUse = stats.mappedBytes;
  let text = "";
  stats.arenas.forEach(({ systemBytes, inUseBytes }, number) => {
    text += `Arena ${number}:\n${bytes(systemBytes, inUseBytes)}`;
    system += systemBytes;
    inUse += inUseBytes;
  });
  return (
    `${text}Total (incl. mmap):\n${bytes(system, inUse)}` +
    line("max mmap regions", stats.maxMmapRegions) +
    line("max mmap bytes", stats.maxMmapBytes)
  );
}
