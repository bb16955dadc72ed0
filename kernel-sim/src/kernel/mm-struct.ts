/** The memory of a process (struct mm_struct): its vmas, its page table, its counters. */
import { PAGE_SIZE } from "../core/units.js";
import type { Address } from "../core/units.js";
import { Mmu } from "../hardware/mmu.js";
import { PageTable } from "../hardware/page-table.js";
import type { KernelState, Mm as MmType, Task } from "./model.js";
import { VmaTree } from "./vma-tree.js";

/** The gap kept under a stack that grows, in pages (stack_guard_gap, mm/mmap.c). */
const STACK_GUARD_GAP_PAGES = 256;

export class Mm implements MmType {
  readonly kernel: KernelState;
  /** The process whose memory it is. */
  readonly task: Task;
  readonly vmas = new VmaTree();
  readonly pageTable = new PageTable();
  readonly mmu: Mmu;
  readonly stackGuardGapBytes = STACK_GUARD_GAP_PAGES * PAGE_SIZE;

  /** Top-down search begins below here; the legacy layout searches upwards from `legacyBase`. */
  mmapBase: Address = 0;
  legacyBase: Address = 0;
  layout: "top-down" | "legacy" = "top-down";
  startBrk: Address = 0;
  brk: Address = 0;
  startData: Address = 0;
  endData: Address = 0;
  startCode: Address = 0;
  endCode: Address = 0;
  startStack: Address = 0;

  /** Pages, as /proc/PID/status adds them up (total_vm, locked_vm, data_vm, stack_vm, exec_vm). */
  totalPages = 0;
  lockedPages = 0;
  dataPages = 0;
  stackPages = 0;
  execPages = 0;
  /** Resident pages by kind (MM_ANONPAGES, MM_FILEPAGES, MM_SHMEMPAGES). */
  anonPages = 0;
  filePages = 0;
  shmemPages = 0;
  swapPages = 0;
  hugetlbPages = 0;
  /** High-water marks (VmPeak, VmHWM), in pages. */
  peakTotalPages = 0;
  peakResidentPages = 0;
  /** Flags that every new vma gets (mlockall(MCL_FUTURE)). */
  defaultFlags = 0;

  constructor(kernel: KernelState, task: Task) {
    this.kernel = kernel;
    this.task = task;
    this.mmu = new Mmu({
      memory: kernel.memory,
      table: this.pageTable,
      onFault: (address, access) => kernel.onFault(this, address, access),
      onMoved: () => kernel.flushAllTlbs(),
    });
  }

  get residentPages(): number {
    return this.anonPages + this.filePages + this.shmemPages;
  }

  /** Called before resident pages are taken away (update_hiwater_rss). */
  noteResident(): void {
    if (this.residentPages > this.peakResidentPages) this.peakResidentPages = this.residentPages;
  }
}
