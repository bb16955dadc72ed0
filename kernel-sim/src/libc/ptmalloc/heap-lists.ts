/** The lists of free chunks, followed link by link: tcache, fastbins, unsorted, small and large bins. */
import { ProgramTerminated } from "../../abi/signal.js";
import type { HeapList } from "../../abi/heap-info.js";
import type { Address } from "../../core/units.js";
import {
  BK,
  CHUNK_HDR_SZ,
  FD,
  MINSIZE,
  MIN_LARGE_SIZE,
  NBINS,
  NFASTBINS,
  TCACHE_ENTRIES,
} from "./chunk.js";
import type { MallocState } from "./state.js";

/** From this size up a chunk is in the last bin, 126. */
const LAST_BIN_BYTES = 0xc0000;

/** Every list that holds something, in the order in which malloc asks them. */
export function heapLists(state: MallocState): HeapList[] {
  const lists: HeapList[] = [];
  if (!state.isInitialized) return lists;
  const add = (list: Omit<HeapList, "chunks" | "broken">, found: Found): void => {
    if (found.chunks.length > 0 || found.broken) lists.push({ ...list, ...found });
  };
  if (state.tcache !== 0) {
    for (let index = 0; index < state.module.tcacheBins.value; index++) {
      const size = MINSIZE + 16 * index;
      add(
        { kind: "tcache", index, fromBytes: size, toBytes: size },
        singleList(state, state.tcache + TCACHE_ENTRIES + 8 * index, 0),
      );
    }
  }
  for (let index = 0; index < NFASTBINS; index++) {
    const size = MINSIZE + 16 * index;
    add(
      { kind: "fastbin", index, fromBytes: size, toBytes: size },
      singleList(state, state.fastbinAt(index), CHUNK_HDR_SZ),
    );
  }
  for (let index = 1; index < NBINS; index++) {
    const kind = index === 1 ? "unsorted" : index < 64 ? "small bin" : "large bin";
    const bin = state.binAt(index);
    if (state.memory.loadWord(bin + BK) === bin) continue;
    add({ kind, index, ...binSizes(state, index) }, doubleList(state, bin));
  }
  return lists;
}

interface Found {
  readonly chunks: readonly Address[];
  readonly broken: boolean;
}

/** No heap holds more chunks than its bytes allow: a longer list has lost its end. */
function longest(state: MallocState): number {
  return state.systemMem / MINSIZE;
}

/** A safe-linked list; its pointers lead to the chunk's start plus `16 - toLink`. */
function singleList(state: MallocState, slot: Address, toLink: number): Found {
  const { memory } = state;
  const chunks: Address[] = [];
  const limit = longest(state);
  try {
    let pointer = memory.loadWord(slot);
    while (pointer !== 0) {
      const link = pointer + toLink;
      if (chunks.length >= limit || (pointer & 15) !== 0) return { chunks, broken: true };
      const next = state.revealed(link);
      chunks.push(link - CHUNK_HDR_SZ);
      pointer = next;
    }
  } catch (error) {
    if (!(error instanceof ProgramTerminated)) throw error;
    return { chunks, broken: true };
  }
  return { chunks, broken: false };
}

/** A circular list through a bin's header, from its tail: the end that malloc takes from. */
function doubleList(state: MallocState, bin: Address): Found {
  const { memory } = state;
  const chunks: Address[] = [];
  const limit = longest(state);
  try {
    let after = bin;
    for (let p = memory.loadWord(bin + BK); p !== bin; p = memory.loadWord(p + BK)) {
      if (chunks.length >= limit || (p & 15) !== 0 || memory.loadWord(p + FD) !== after) {
        return { chunks, broken: true };
      }
      chunks.push(p);
      after = p;
    }
  } catch (error) {
    if (!(error instanceof ProgramTerminated)) throw error;
    return { chunks, broken: true };
  }
  return { chunks, broken: false };
}

/** The sizes that belong in a bin: all of them in the unsorted one. */
function binSizes(state: MallocState, index: number): { fromBytes: number; toBytes: number } {
  if (index === 1) return { fromBytes: MINSIZE, toBytes: Infinity };
  if (index < 64) return { fromBytes: 16 * index, toBytes: 16 * index };
  if (index >= 126) return { fromBytes: LAST_BIN_BYTES, toBytes: Infinity };
  let fromBytes = MIN_LARGE_SIZE;
  while (state.module.largebinIndex(fromBytes) < index) fromBytes += 16;
  let toBytes = fromBytes;
  while (state.module.largebinIndex(toBytes + 16) === index) toBytes += 16;
  return { fromBytes, toBytes };
}
