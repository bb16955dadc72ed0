/** Walks over everything that malloc holds, as a debugger would: by the bytes in memory. */
import { ProgramTerminated } from "../../abi/signal.js";
import { chunkStates } from "../../abi/heap-info.js";
import type {
  ChunkState,
  HeapChunks,
  HeapInfo,
  HeapList,
  HeapRegion,
} from "../../abi/heap-info.js";
import { hex } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import { CHUNK_HDR_SZ, IS_MMAPPED, MALLOC_ALIGN_MASK, MINSIZE, SIZE, SIZE_BITS } from "./chunk.js";
import { heapLists } from "./heap-lists.js";
import type { MallocState } from "./state.js";

/** The state of a chunk as a number: its place in {@link chunkStates}. */
const code = (state: ChunkState): number => chunkStates.indexOf(state);

/** Columns that grow while the heap is walked. */
class ChunkColumns {
  length = 0;
  #address = new Float64Array(64);
  #size = new Float64Array(64);
  #state = new Uint8Array(64);
  #bin = new Uint8Array(64);

  add(address: Address, size: number, state: number, bin: number): void {
    if (this.length === this.#address.length) this.#grow();
    this.#address[this.length] = address;
    this.#size[this.length] = size;
    this.#state[this.length] = state;
    this.#bin[this.length] = bin;
    this.length++;
  }

  finish(): HeapChunks {
    const { length } = this;
    return {
      length,
      address: this.#address.slice(0, length),
      size: this.#size.slice(0, length),
      state: this.#state.slice(0, length),
      bin: this.#bin.slice(0, length),
    };
  }

  #grow(): void {
    const bytes = (old: Uint8Array): Uint8Array<ArrayBuffer> => {
      const grown = new Uint8Array(old.length * 2);
      grown.set(old);
      return grown;
    };
    const doubles = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(old.length * 2);
      grown.set(old);
      return grown;
    };
    this.#address = doubles(this.#address);
    this.#size = doubles(this.#size);
    this.#state = bytes(this.#state);
    this.#bin = bytes(this.#bin);
  }
}

/** Bytes asked for, by the program's pointer, of memory in use. */
export type RequestedBytes = Pick<ReadonlyMap<Address, number>, "get">;

/**
 * Every chunk, list and region of the heap. Overwritten headers and links are told of, not followed
 * for ever. `requests` holds what was asked for, by the program's pointer, where that was recorded.
 */
export function heapInfo(state: MallocState, requests?: RequestedBytes): HeapInfo {
  const lists = heapLists(state);
  const places = placesOf(lists);
  const columns = new ChunkColumns();
  const regions: HeapRegion[] = [];
  const walk: Walk = { state, places, columns, requests, chunks: 0, bytes: 0, chunkBytes: 0 };
  let corruption: string | undefined;
  for (const start of [...state.regions].sort((a, b) => a - b)) {
    const result = walkRegion(walk, start);
    regions.push({ start, end: result.end });
    corruption ??= result.corruption;
  }
  for (const chunk of [...state.mappedChunks].sort((a, b) => a - b)) {
    const head = state.memory.loadWord(chunk + SIZE);
    const size = head - (head & SIZE_BITS);
    if ((head & IS_MMAPPED) === 0)
      corruption ??= `the mapped chunk at ${hex(chunk)} does not say that it is one`;
    columns.add(chunk, size, code("mapped"), 0);
    countRequest(walk, chunk + CHUNK_HDR_SZ, size);
  }
  return {
    glibc: state.constants.glibc,
    regions,
    chunks: columns.finish(),
    lists,
    top: state.top === state.binAt(1) ? 0 : state.top,
    lastRemainder: Number(state.module.lastRemainder.value),
    systemBytes: state.systemMem,
    mappedBytes: Number(state.module.mmappedMem.value),
    mmapThresholdBytes: Number(state.module.mmapThreshold.value),
    trimThresholdBytes: Number(state.module.trimThreshold.value),
    requested:
      requests === undefined
        ? undefined
        : { chunks: walk.chunks, bytes: walk.bytes, chunkBytes: walk.chunkBytes },
    corruption,
  };
}

interface Walk {
  readonly state: MallocState;
  readonly places: ReadonlyMap<Address, HeapList>;
  readonly columns: ChunkColumns;
  readonly requests: RequestedBytes | undefined;
  chunks: number;
  bytes: number;
  chunkBytes: number;
}

function countRequest(walk: Walk, mem: Address, size: number): void {
  const bytes = walk.requests?.get(mem);
  if (bytes === undefined) return;
  walk.chunks++;
  walk.bytes += bytes;
  walk.chunkBytes += size;
}

function placesOf(lists: readonly HeapList[]): ReadonlyMap<Address, HeapList> {
  const places = new Map<Address, HeapList>();
  for (const list of lists) for (const chunk of list.chunks) places.set(chunk, list);
  return places;
}

/** From the first chunk to top, or to the fenceposts before a gap. */
function walkRegion(
  walk: Walk,
  start: Address,
): { readonly end: Address; readonly corruption?: string } {
  const { state, columns, places } = walk;
  const { top, tcache, systemMem } = state;
  for (let p = start; ;) {
    let head: number;
    try {
      head = state.memory.loadWord(p + SIZE);
    } catch (error) {
      if (!(error instanceof ProgramTerminated)) throw error;
      return { end: p, corruption: `no memory at ${hex(p)}, where a chunk should begin` };
    }
    const size = head - (head & SIZE_BITS);
    if (p === top) {
      columns.add(p, size, code("top"), 0);
      return { end: p + size };
    }
    if (size === CHUNK_HDR_SZ) {
      columns.add(p, size, code("fencepost"), 0);
      columns.add(p + size, size, code("fencepost"), 0);
      return { end: p + 2 * size };
    }
    if (size < MINSIZE || (size & MALLOC_ALIGN_MASK) !== 0 || size > systemMem) {
      return {
        end: p,
        corruption: `the chunk at ${hex(p)} has ${hex(head)} in its size field`,
      };
    }
    const list = places.get(p);
    if (list !== undefined) columns.add(p, size, code(list.kind), list.index);
    else if (p + CHUNK_HDR_SZ === tcache) columns.add(p, size, code("tcache struct"), 0);
    else {
      columns.add(p, size, code("in use"), 0);
      countRequest(walk, p + CHUNK_HDR_SZ, size);
    }
    p += size;
  }
}
