/** A heap as text: its sums, every chunk with address, size, state and bin, and the lists. */
import { chunkStates } from "../abi/heap-info.js";
import type { ChunkState, HeapInfo, HeapList } from "../abi/heap-info.js";
import { hex } from "../core/units.js";
import { heapFigures } from "./heap-figures.js";
import type { ChunkSum } from "./heap-figures.js";

/** Chunks of one size and state that follow one another: a line of the report. */
export interface ChunkRun {
  readonly address: number;
  readonly size: number;
  readonly state: ChunkState;
  readonly bin: number;
  readonly count: number;
}

export interface HeapTextOptions {
  /** Lines of chunks, and chunks of a list, before the rest is only counted; 64 and 8 unless said. */
  readonly maxLines?: number;
  readonly maxListed?: number;
}

/** The chunks in order of address, neighbours that are alike in one run; a list's chunks stay apart. */
export function chunkRuns(info: HeapInfo): ChunkRun[] {
  const runs: ChunkRun[] = [];
  const { length, address, size, state, bin } = info.chunks;
  for (let i = 0; i < length;) {
    let next = i + 1;
    while (
      next < length &&
      size[next] === size[i] &&
      state[next] === state[i] &&
      bin[next] === bin[i] &&
      address[next] === (address[next - 1] ?? 0) + (size[i] ?? 0)
    ) {
      next++;
    }
    runs.push({
      address: address[i] ?? 0,
      size: size[i] ?? 0,
      state: chunkStates[state[i] ?? 0] ?? "in use",
      bin: bin[i] ?? 0,
      count: next - i,
    });
    i = next;
  }
  return runs;
}

const counted = (count: number, word: string): string =>
  `${count.toLocaleString("en-US")} ${word}${count === 1 ? "" : "s"}`;
const sumText = ({ chunks, bytes }: ChunkSum): string =>
  `${counted(bytes, "byte")} in ${counted(chunks, "chunk")}`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The name of a list, as glibc's words have it: `tcache 0x20`, `small bin 3 (0x30)`. */
export function listName(list: HeapList): string {
  const sizes =
    list.toBytes === Infinity
      ? `${hex(list.fromBytes)} and up`
      : list.fromBytes === list.toBytes
        ? hex(list.fromBytes)
        : `${hex(list.fromBytes)} to ${hex(list.toBytes)}`;
  if (list.kind === "unsorted") return "unsorted";
  if (list.kind === "tcache" || list.kind === "fastbin") return `${list.kind} ${sizes}`;
  return `${list.kind} ${list.index} (${sizes})`;
}

/** The sums alone, one a line. */
export function formatHeapFigures(info: HeapInfo): string {
  const figures = heapFigures(info);
  const line = (name: string, text: string): string => `${name.padEnd(24)}${text}\n`;
  const cached = figures.byState.tcache;
  const { requested } = info;
  return (
    line("glibc", info.glibc) +
    line(
      "from the kernel",
      `${counted(info.systemBytes, "byte")} for the arena, ${counted(info.mappedBytes, "byte")} mapped`,
    ) +
    line("in use", sumText(figures.inUse)) +
    line(
      "free",
      `${sumText(figures.free)}; of these in the tcache ${counted(cached.bytes, "byte")}`,
    ) +
    line("largest free chunk", counted(figures.largestFreeBytes, "byte")) +
    line("free below a used chunk", counted(figures.pinnedBytes, "byte")) +
    line("external fragmentation", percent(figures.externalFragmentation)) +
    line(
      "internal fragmentation",
      figures.internalFragmentation === undefined || requested === undefined
        ? "unknown: no request was recorded"
        : `${percent(figures.internalFragmentation)}: ${counted(requested.bytes, "byte")} requested, ` +
            `${counted(requested.chunkBytes, "byte")} of chunks`,
    ) +
    (info.corruption === undefined ? "" : line("corrupted", info.corruption))
  );
}

/** The whole report. */
export function formatHeap(info: HeapInfo, options: HeapTextOptions = {}): string {
  const maxLines = options.maxLines ?? 64;
  const maxListed = options.maxListed ?? 8;
  const runs = chunkRuns(info);
  const shown = runs.slice(0, maxLines);
  const hidden = runs.slice(maxLines).reduce((sum, run) => sum + run.count, 0);
  const rows = shown.map(({ address, size, state, bin, count }) => {
    const place = ["tcache", "fastbin", "small bin", "large bin"].includes(state)
      ? String(bin)
      : "";
    const many = count === 1 ? "" : `× ${count.toLocaleString("en-US")}`;
    return `${hex(address).padEnd(16)}${hex(size).padStart(10)}  ${state.padEnd(14)}${place.padEnd(5)}${many}`.trimEnd();
  });
  const lists = info.lists.map((list) => {
    const first = list.chunks.slice(0, maxListed).map(hex).join(" → ");
    const more =
      list.chunks.length > maxListed ? ` → … (${counted(list.chunks.length, "chunk")})` : "";
    return `${listName(list)}: ${first}${more}${list.broken ? " → broken link" : ""}`;
  });
  return (
    formatHeapFigures(info) +
    `\n${"chunk".padEnd(16)}${"size".padStart(10)}  ${"state".padEnd(14)}bin\n` +
    rows.map((row) => `${row}\n`).join("") +
    (hidden > 0 ? `… ${counted(hidden, "more chunk")}\n` : "") +
    (lists.length === 0 ? "" : `\n${lists.map((list) => `${list}\n`).join("")}`)
  );
}
