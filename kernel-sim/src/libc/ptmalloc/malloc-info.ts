/** What malloc_info(3) and malloc_stats(3) say, as data; the text is the report's work. */
import type {
  MallocInfo,
  MallocInfoHeap,
  MallocInfoSize,
  MallocStats,
} from "../../abi/heap-info.js";
import { FD, MALLOC_ALIGN_MASK, NBINS, NFASTBINS, SIZE, SIZE_BITS } from "./chunk.js";
import { mallinfo2 } from "./mallinfo.js";
import type { MallocState } from "./state.js";

/** The figures of every arena (__malloc_info). */
export function mallocInfo(state: MallocState): MallocInfo {
  const { module } = state;
  const main = mainArena(state);
  return {
    heaps: module.secondHeap.value === 0n ? [main] : [main, secondArena(state)],
    mmap: { count: module.mmapCount.value, size: Number(module.mmappedMem.value) },
  };
}

/** Of the arena that has one chunk in use, the tcache's struct, and top. */
function secondArena({ module }: MallocState): MallocInfoHeap {
  const systemBytes = Number(module.secondSystemMem.value);
  return {
    sizes: [],
    unsorted: undefined,
    fast: { count: 0, size: 0 },
    rest: { count: 1, size: Number(module.secondTopSize.value) },
    systemBytes,
    maxSystemBytes: systemBytes,
    subheaps: 1,
  };
}

/** Bins' sizes carry their flag bits, as glibc prints them. */
function mainArena(state: MallocState): MallocInfoHeap {
  const { memory, module } = state;
  const sizes: MallocInfoSize[] = [];
  let unsorted: MallocInfoSize | undefined;
  const fast = { count: 0, size: 0 };
  const topHead = memory.loadWord(state.top + SIZE);
  const rest = { count: 1, size: topHead - (topHead & SIZE_BITS) };
  for (let index = 0; index < NFASTBINS; index++) {
    let p = memory.loadWord(state.fastbinAt(index));
    if (p === 0) continue;
    const head = memory.loadWord(p + SIZE);
    const size = head - (head & SIZE_BITS);
    let count = 0;
    for (; p !== 0; p = state.revealed(p + FD)) {
      if ((p & MALLOC_ALIGN_MASK) !== 0) {
        state.abort("__malloc_info(): unaligned fastbin chunk detected");
      }
      count++;
    }
    fast.count += count;
    fast.size += count * size;
    sizes.push({ from: size - MALLOC_ALIGN_MASK, to: size, total: count * size, count });
  }
  for (let index = 1; index < NBINS; index++) {
    const bin = state.binAt(index);
    let from = Infinity;
    let to = 0;
    let total = 0;
    let count = 0;
    for (let p = memory.loadWord(bin + FD); p !== bin; p = memory.loadWord(p + FD)) {
      const head = memory.loadWord(p + SIZE);
      count++;
      total += head;
      from = Math.min(from, head);
      to = Math.max(to, head);
    }
    rest.count += count;
    rest.size += total;
    if (count === 0) continue;
    if (index === 1) unsorted = { from, to, total, count };
    else sizes.push({ from, to, total, count });
  }
  return {
    sizes,
    unsorted,
    fast,
    rest,
    systemBytes: state.systemMem,
    maxSystemBytes: Number(module.maxSystemMem.value),
    subheaps: undefined,
  };
}

export function mallocStats(state: MallocState): MallocStats {
  const { module } = state;
  const info = mallinfo2(state);
  const second = Number(module.secondSystemMem.value);
  const secondInUse = second - Number(module.secondTopSize.value);
  const main = { systemBytes: info.arena - second, inUseBytes: info.uordblks - secondInUse };
  return {
    arenas:
      module.secondHeap.value === 0n
        ? [main]
        : [main, { systemBytes: second, inUseBytes: secondInUse }],
    mappedBytes: info.hblkhd,
    maxMmapRegions: module.mmapCountPeak.value,
    maxMmapBytes: Number(module.mmappedMemPeak.value),
  };
}
