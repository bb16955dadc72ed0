/** What malloc_info(3) and malloc_stats(3) say, as data; the text is the report's work. */
import type { MallocInfo, MallocInfoSize, MallocStats } from "../../abi/heap-info.js";
import { FD, MALLOC_ALIGN_MASK, NBINS, NFASTBINS, SIZE, SIZE_BITS } from "./chunk.js";
import { mallinfo2 } from "./mallinfo.js";
import type { MallocState } from "./state.js";

/** The figures of the one arena (__malloc_info). Bins' sizes carry their flag bits, as glibc prints them. */
export function mallocInfo(state: MallocState): MallocInfo {
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
    mmap: { count: module.mmapCount.value, size: Number(module.mmappedMem.value) },
    systemBytes: state.systemMem,
    maxSystemBytes: Number(module.maxSystemMem.value),
  };
}

export function mallocStats(state: MallocState): MallocStats {
  const info = mallinfo2(state);
  return {
    systemBytes: info.arena,
    inUseBytes: info.uordblks,
    mappedBytes: info.hblkhd,
    maxMmapRegions: state.module.mmapCountPeak.value,
    maxMmapBytes: Number(state.module.mmappedMemPeak.value),
  };
}
