/** The answers of maps, smaps and mincore, in the language's form. */
import type { Address } from "../core/units.js";
import { hex } from "../core/units.js";
import { addressText } from "./layout.js";
import type { Layout } from "./layout.js";
import type { TracedMapping, TracedProcess } from "./traced-process.js";

/** The fields of smaps that the language prints, in its order. */
const smapsFields = [
  "Size",
  "Rss",
  "Pss",
  "Pss_Dirty",
  "Shared_Clean",
  "Shared_Dirty",
  "Private_Clean",
  "Private_Dirty",
  "Anonymous",
  "LazyFree",
  "AnonHugePages",
  "Shared_Hugetlb",
  "Private_Hugetlb",
  "Swap",
  "Locked",
] as const;

const shownFlags = new Set("rd wr ex sh gd lo sr rr dc dd nr ht hg nh wf ac".split(" "));

/** START END PERMS, the fields and the flags; `unmapped` where no mapping holds the address. */
export function smapsAnswer(process: TracedProcess, layout: Layout, address: Address): string {
  const use = process.smaps(address);
  if (use === undefined) return "unmapped";
  const fields = smapsFields.map((name) => `${name}=${use.fields[name] ?? 0}`).join(" ");
  const flags = use.vmFlags.filter((flag) => shownFlags.has(flag)).join(",");
  return `${rangeText(layout, use)} ${use.perms} ${fields} VmFlags=${flags}`;
}

/** Every mapping between the heap and top, lowest first, then those that begin in the heap; or `none`. */
export function mapsAnswer(process: TracedProcess, layout: Layout): string {
  const heapEnd = process.sbrk(0);
  const maps = process.maps();
  const isInHeap = ({ start }: TracedMapping): boolean => start >= layout.heap && start < heapEnd;
  const inArea = maps.filter(
    ({ start, end }) => start >= layout.heap && start >= heapEnd && end <= layout.top,
  );
  const lines = [...inArea, ...maps.filter(isInHeap)].map(
    (mapping) => `${rangeText(layout, mapping)} ${mapping.perms} ${hex(mapping.offset)}`,
  );
  return lines.length === 0 ? "none" : lines.join(" ; ");
}

function rangeText(layout: Layout, { start, end }: TracedMapping): string {
  const endText = end === layout.top ? "top-0x0" : addressText(layout, end);
  return `${addressText(layout, start)} ${endText}`;
}

/** `1*3,0*13`: three resident pages, then thirteen that are not. */
export function runLengths(pages: Uint8Array): string {
  const runs: string[] = [];
  for (let from = 0; from < pages.length;) {
    const state = (pages[from] as number) & 1;
    let to = from + 1;
    while (to < pages.length && ((pages[to] as number) & 1) === state) to++;
    runs.push(`${state}*${to - from}`);
    from = to;
  }
  return runs.join(",");
}
