/** A heap as a value: its data, its report as text, and its map. */
import { chunkStates } from "../abi/heap-info.js";
import type { ChunkState, HeapInfo } from "../abi/heap-info.js";
import { display } from "../core/display.js";
import type { Displayable } from "../core/display.js";
import { chunkRuns, formatHeap, formatHeapFigures } from "../report/heap.js";
import type { ChunkRun, HeapTextOptions } from "../report/heap.js";
import { heapFigures } from "../report/heap-figures.js";
import type { HeapFigures } from "../report/heap-figures.js";
import { heapMap } from "../view/heap-map.js";
import type { HeapRun, HeapUse } from "../view/heap-map.js";
import type { Picture } from "../view/picture.js";

/** What c.heap() answers: the heap as it was at that moment. */
export interface HeapReport extends Displayable {
  readonly info: HeapInfo;
  readonly figures: HeapFigures;
  /** Neighbouring chunks of one size and state, one after the other. */
  readonly runs: readonly ChunkRun[];
  /** The whole text, with as many lines as asked for. */
  text(options?: HeapTextOptions): string;
  /** The sums alone, as text. */
  summary(): string;
  /** The fragmentation map; UsageError where the heap is empty. */
  map(title?: string): Picture;
}

const uses: Readonly<Record<ChunkState, HeapUse>> = {
  "in use": "in use",
  tcache: "cached",
  fastbin: "cached",
  unsorted: "free",
  "small bin": "free",
  "large bin": "free",
  top: "top",
  mapped: "in use",
  "tcache struct": "own",
  fencepost: "own",
};
/** Beyond so many chunks the map joins neighbours of one use before it draws. */
const DRAWN_CHUNKS = 400;

export function heapReport(info: HeapInfo): HeapReport {
  const figures = heapFigures(info);
  const text = (options?: HeapTextOptions): string => formatHeap(info, options);
  const map = (title = "the heap"): Picture =>
    heapMap({
      title,
      glibc: info.glibc,
      runs: mapRuns(info),
      notes: formatHeapFigures(info).trimEnd().split("\n"),
      data: figures,
    });
  let runs: readonly ChunkRun[] | undefined;
  return {
    info,
    figures,
    get runs() {
      return (runs ??= chunkRuns(info));
    },
    text,
    summary: () => formatHeapFigures(info),
    map,
    toString: () => text(),
    [display]: () =>
      info.chunks.length === 0
        ? { "text/plain": text(), "application/json": figures }
        : {
            "text/plain": text(),
            "image/svg+xml": map().svg,
            "application/json": figures,
          },
  };
}

function mapRuns(info: HeapInfo): HeapRun[] {
  const runs: HeapRun[] = [];
  const { length, address, size, state } = info.chunks;
  const join = length > DRAWN_CHUNKS;
  const mapped = chunkStates.indexOf("mapped");
  for (let i = 0; i < length; i++) {
    if (state[i] === mapped) continue;
    const use = uses[chunkStates[state[i] ?? 0] ?? "in use"];
    const at = address[i] ?? 0;
    const bytes = size[i] ?? 0;
    const last = runs[runs.length - 1];
    if (join && last !== undefined && last.use === use && last.address + last.bytes === at) {
      runs[runs.length - 1] = { ...last, bytes: last.bytes + bytes, chunks: last.chunks + 1 };
    } else runs.push({ address: at, bytes, use, chunks: 1 });
  }
  return runs;
}
