/** A byte read from, or written to, each page of a range: the same faults as one by one, served a page table at a time. */
import { PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";
import type { UserMemory } from "../../abi/user-memory.js";
import type { Access } from "../../hardware/mmu.js";
import {
  PMD_SIZE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_PFN_SHIFT,
  PTE_PRESENT,
  PTE_WRITE,
} from "../../hardware/x86-64.js";
import { PG_ANON, PG_EXCLUSIVE, PG_SWAPBACKED } from "../page-flags.js";
import { VM_SHARED, VM_WRITE } from "../vm-flags.js";
import { prepareAnonVma } from "./anon-vma.js";
import { hugePageAllowed } from "./huge-page.js";
import { zeroPageEntry } from "./page-fault.js";
import type { Mm } from "../model.js";

/** The byte that a touching write stores. */
const TOUCH_BYTE = 1;

/** A process's memory, with `touch` made fast; everything else is the MMU's own. */
export function touchingMemory(mm: Mm): UserMemory {
  const { mmu } = mm;
  const memory = mmu as unknown as UserMemory;
  memory.touch = (address, sizeBytes, access) => touch(mm, address, sizeBytes, access);
  return memory;
}

function touch(mm: Mm, address: Address, sizeBytes: number, access: Access): void {
  const { mmu } = mm;
  const end = address + sizeBytes;
  let at = address;
  while (at < end) {
    const next = touchRun(mm, at, end, access);
    if (next > at) {
      at = next;
      continue;
    }
    if (access === "read") mmu.load8(at);
    else mmu.store8(at, TOUCH_BYTE);
    at = at - (at % PAGE_SIZE) + PAGE_SIZE;
  }
}

/** First touches of anonymous pages of one page table, as far as they go; the first address that was not touched. */
function touchRun(mm: Mm, address: Address, end: Address, access: Access): Address {
  const vma = mm.vmas.at(address);
  if (vma === null || !vma.isAnonymous || (vma.flags & VM_SHARED) !== 0) return address;
  if (access === "write" ? (vma.flags & VM_WRITE) === 0 : !vma.isAccessible) return address;
  if (hugePageAllowed(mm, vma, address)) return address;
  const page = address - (address % PAGE_SIZE);
  if (mm.pageTable.huge(page) !== 0) return address;
  const table = mm.pageTable.leafOrNew(page);
  const block = page - (page % PMD_SIZE);
  const last = Math.min(Math.ceil(end / PAGE_SIZE) * PAGE_SIZE, vma.end, block + PMD_SIZE);
  let index = (page - block) / PAGE_SIZE;
  const stop = (last - block) / PAGE_SIZE;
  const first = index;
  if (access === "read") {
    const zero = zeroPageEntry(mm);
    for (; index < stop && table[index] === 0; index++) table[index] = zero;
    mm.task.minorFaults += index - first;
    return index === first ? address : block + index * PAGE_SIZE;
  }
  if (table[index] !== 0) return address;
  prepareAnonVma(vma);
  const { memory, lru } = mm.kernel;
  const bits = PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY | PTE_WRITE;
  let offset = address % PAGE_SIZE;
  for (; index < stop && table[index] === 0; index++) {
    const pfn = memory.allocate();
    if (pfn < 0) break;
    memory.flags[pfn] = PG_ANON | PG_SWAPBACKED | PG_EXCLUSIVE;
    memory.mapcount[pfn] = 1;
    memory.contents.code[pfn] = -(1 + offset * 256 + TOUCH_BYTE);
    table[index] = ((pfn << PTE_PFN_SHIFT) | bits) >>> 0;
    lru.add(pfn);
    offset = 0;
  }
  mm.anonPages += index - first;
  mm.task.minorFaults += index - first;
  mm.mmu.flush(page, block + index * PAGE_SIZE);
  return index === first ? address : block + index * PAGE_SIZE;
}
