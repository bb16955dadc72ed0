/** Sums over a heap: who holds its bytes, and how fragmented they are (docs/fragmentation.md). */
import { chunkStates } from "../abi/heap-info.js";
import type { ChunkState, HeapInfo } from "../abi/heap-info.js";
import type { Address } from "../core/units.js";

export interface ChunkSum {
  readonly chunks: number;
  readonly bytes: number;
}

export interface HeapFigures {
  /** The version of the C library whose heap it is. */
  readonly glibc: string;
  readonly byState: Readonly<Record<ChunkState, ChunkSum>>;
  /** From the kernel: the break's part and all mapped chunks. */
  readonly heldBytes: number;
  /** With the program, headers included. */
  readonly inUse: ChunkSum;
  /** In top, bins, fastbins and tcache. */
  readonly free: ChunkSum;
  /** The largest free chunk, top included. */
  readonly largestFreeBytes: number;
  /** Free, but below a chunk in use: what cannot go back by lowering the break. */
  readonly pinnedBytes: number;
  /** The highest chunk in use that is not a mapping of its own; undefined where there is none. */
  readonly highestInUse: Address | undefined;
  /** 1 - largest free / free; 0 where nothing is free. */
  readonly externalFragmentation: number;
  /** 1 - requested / chunks' bytes, over the requests that were recorded; undefined where none was. */
  readonly internalFragmentation: number | undefined;
}

const freeStates: ReadonlySet<ChunkState> = new Set([
  "tcache",
  "fastbin",
  "unsorted",
  "small bin",
  "large bin",
  "top",
]);

export function heapFigures(info: HeapInfo): HeapFigures {
  const chunks = new Float64Array(chunkStates.length);
  const bytes = new Float64Array(chunkStates.length);
  const isFree = chunkStates.map((state) => freeStates.has(state));
  const { length, size, state, address } = info.chunks;
  const inUseCode = chunkStates.indexOf("in use");
  let largestFreeBytes = 0;
  let freeSoFar = 0;
  let pinnedBytes = 0;
  let highestInUse: Address | undefined;
  for (let i = 0; i < length; i++) {
    const code = state[i] ?? 0;
    const chunkBytes = size[i] ?? 0;
    chunks[code] = (chunks[code] ?? 0) + 1;
    bytes[code] = (bytes[code] ?? 0) + chunkBytes;
    if (isFree[code] === true) {
      freeSoFar += chunkBytes;
      if (chunkBytes > largestFreeBytes) largestFreeBytes = chunkBytes;
    } else if (code === inUseCode) {
      pinnedBytes = freeSoFar;
      highestInUse = address[i];
    }
  }
  const sum = (wanted: (state: ChunkState) => boolean): ChunkSum => {
    const total = { chunks: 0, bytes: 0 };
    chunkStates.forEach((name, i) => {
      if (!wanted(name)) return;
      total.chunks += chunks[i] ?? 0;
      total.bytes += bytes[i] ?? 0;
    });
    return total;
  };
  const free = sum((name) => freeStates.has(name));
  const { requested } = info;
  return {
    glibc: info.glibc,
    byState: Object.fromEntries(
      chunkStates.map((name) => [name, sum((other) => other === name)]),
    ) as Record<ChunkState, ChunkSum>,
    heldBytes: info.systemBytes + info.mappedBytes,
    inUse: sum((name) => name === "in use" || name === "mapped"),
    free,
    largestFreeBytes,
    pinnedBytes,
    highestInUse,
    externalFragmentation: free.bytes === 0 ? 0 : 1 - largestFreeBytes / free.bytes,
    internalFragmentation:
      requested === undefined || requested.chunkBytes === 0
        ? undefined
        : 1 - requested.bytes / requested.chunkBytes,
  };
}
