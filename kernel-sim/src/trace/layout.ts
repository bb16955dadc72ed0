/**
 * Lays a process out as the recorded traces have it, by system calls alone, as a C program would:
 *
 *     heap  the break, moved up to a 1 MiB boundary before the first allocation
 *     top   a 1 GiB boundary below all that is mapped in the mmap area; every gap above it, up to the
 *           stack, is filled, so that the kernel's search from the top down begins exactly there
 *
 * The filler is shared and anonymous: each such mapping has a file of its own, and never merges with
 * what the trace maps below it.
 */
import {
  MAP_ANONYMOUS,
  MAP_FIXED_NOREPLACE,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../abi/mman.js";
import { GiB, KiB, MiB, PAGE_SIZE, hex } from "../core/units.js";
import type { Address } from "../core/units.js";
import type { TracedProcess } from "./traced-process.js";

export interface Layout {
  readonly heap: Address;
  readonly top: Address;
  /** Bytes that pread and pwrite move through, apart from what the trace maps. */
  readonly scratch: Address;
  /** What the process had before the first command; limits count from there. */
  readonly own: { readonly virtual: number; readonly data: number };
}

export const SCRATCH_BYTES = 256 * KiB;

export function layOut(process: TracedProcess): Layout {
  // So large that RLIMIT_DATA, which the limits of a trace raise by all that is mapped here, meets the
  // mappings before it meets the break: brk(2) counts less of a process than mmap(2) does.
  const scratch = process.mmap(
    0,
    GiB,
    PROT_READ | PROT_WRITE,
    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
    -1,
    0,
  );
  const oldBreak = process.sbrk(0);
  const heap = Math.ceil((oldBreak + PAGE_SIZE) / MiB) * MiB;
  process.sbrk(heap - oldBreak);
  const above = process.maps().filter(({ start }) => start >= heap);
  const lowest = above[0];
  if (lowest === undefined) throw new RangeError("a process without a stack has no mmap area");
  const top = lowest.start - (lowest.start % GiB);
  let from = top;
  // The stack is the first mapping that grows; the vdso and its data may lie above it.
  for (const { start, end } of above) {
    fill(process, from, start);
    from = end;
  }
  return { heap, top, scratch, own: process.sizes() };
}

function fill(process: TracedProcess, from: Address, to: Address): void {
  if (from >= to) return;
  const flags = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  process.mmap(from, to - from, PROT_NONE, flags, -1, 0);
}

/** An address as the language writes it. */
export function addressText(layout: Layout, address: Address): string {
  const { heap, top } = layout;
  if (address === 0) return "NULL";
  if (address < heap) return `heap-${hex(heap - address)}`;
  if (address > top) return `top+${hex(address - top)}`;
  if (address - heap < top - address) return `heap+${hex(address - heap)}`;
  return `top-${hex(top - address)}`;
}
