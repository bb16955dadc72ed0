/**
 * From an address to the words of its page: through a software TLB, by a walk of the page table on a miss, which sets
 * the accessed and dirty bits, and calls the kernel where it fails.
 */
import { invariant } from "../core/errors.js";
import { PAGE_SIZE } from "../core/units.js";
import type { Address } from "../core/units.js";
import { ZERO_SLOT } from "./page-contents.js";
import type { PageContents } from "./page-contents.js";
import type { PageTable } from "./page-table.js";
import type { PhysicalMemory } from "./physical-memory.js";
import {
  PAGES_PER_HUGE_PAGE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_HUGE,
  PTE_PFN_SHIFT,
  PTE_PRESENT,
  PTE_WRITE,
} from "./x86-64.js";

/** Told of pages whose words may have moved (PageWatcher of the ABI, which lies on no floor below). */
export interface PageWatcher {
  forgetPages(start: Address, end: Address): void;
}

export type Access = "read" | "write";

/**
 * The seam where the kernel hangs its page-fault handler. When it returns, the access is tried again;
 * where the program dies of the fault, it throws.
 */
export type FaultHandler = (address: Address, access: Access) => void;

const TLB_ENTRIES = 2048;
export const TLB_MASK = TLB_ENTRIES - 1;
const WORDS_PER_PAGE = PAGE_SIZE / 4;
export const NO_PAGE = -1;
/** A handler that returns without having repaired anything would loop for ever, as it does on Linux. */
const MAX_FAULTS_AN_ACCESS = 1000;

export class Translation {
  readonly #memory: PhysicalMemory;
  #table: PageTable;
  #onFault: FaultHandler;
  /** Addresses of pages that may be read, or written, through a slot of the pool, and where its words begin. */
  protected readonly readTags: Float64Array = new Float64Array(TLB_ENTRIES).fill(NO_PAGE);
  protected readonly writeTags: Float64Array = new Float64Array(TLB_ENTRIES).fill(NO_PAGE);
  protected readonly readWords: Int32Array = new Int32Array(TLB_ENTRIES);
  protected readonly writeWords: Int32Array = new Int32Array(TLB_ENTRIES);
  protected readonly contents: PageContents;
  /** Told when a frame that others map too moves in the host's memory: their TLBs must forget it. */
  readonly #onMoved: () => void;
  readonly #watchers: PageWatcher[] = [];
  /** Lookups that the TLB could not answer (for reports on its reach). */
  misses = 0;

  constructor(options: {
    memory: PhysicalMemory;
    table: PageTable;
    onFault: FaultHandler;
    onMoved: () => void;
  }) {
    this.#memory = options.memory;
    this.#table = options.table;
    this.#onFault = options.onFault;
    this.#onMoved = options.onMoved;
    this.contents = options.memory.contents;
  }

  /** Whoever keeps where a page is (PageWindow of the ABI) is told when that no longer holds. */
  watch(watcher: PageWatcher): void {
    this.#watchers.push(watcher);
  }

  #tell(start: Address, end: Address): void {
    for (const watcher of this.#watchers) watcher.forgetPages(start, end);
  }

  /** Forgets everything (a write to CR3). */
  flushAll(): void {
    this.#tell(0, Infinity);
    this.readTags.fill(NO_PAGE);
    this.writeTags.fill(NO_PAGE);
  }

  /** Forgets the pages of [start, end) (INVLPG). */
  flush(start: Address, end: Address): void {
    this.#tell(start, end);
    const first = Math.floor(start / PAGE_SIZE);
    const last = Math.ceil(end / PAGE_SIZE);
    if (last - first > TLB_ENTRIES) {
      this.flushAll();
      return;
    }
    for (let page = first; page < last; page++) {
      const index = page & TLB_MASK;
      const tag = page * PAGE_SIZE;
      if (this.readTags[index] === tag) this.readTags[index] = NO_PAGE;
      if (this.writeTags[index] === tag) this.writeTags[index] = NO_PAGE;
    }
  }

  /** Translates without loading or storing: what an access does before it moves bytes. */
  access(address: Address, access: Access): void {
    this.translate(address, Math.floor(address / PAGE_SIZE), access);
  }

  /** Makes the TLB entry through which the page of an address can be written. */
  protected slotForWriting(address: Address): void {
    const page = Math.floor(address / 4096);
    const pfn = this.translate(address, page, "write");
    const before = this.contents.code[pfn]!;
    this.contents.materialise(pfn);
    this.stored(pfn, page, before);
  }

  /** After bytes of a frame changed or moved: forgets and learns what the TLBs must. */
  protected stored(
    pfn: number,
    page: number,
    codeBefore: number,
    access: "stored" | "loaded" = "stored",
  ): void {
    const code = this.contents.code[pfn]!;
    const index = page & TLB_MASK;
    const tag = page * PAGE_SIZE;
    const same = this.readTags[index] === tag && this.readWords[index] === code * WORDS_PER_PAGE;
    if (!same || code !== codeBefore) this.#tell(tag, tag + PAGE_SIZE);
    if (code > 0) {
      if (access === "stored") {
        this.writeTags[index] = tag;
        this.writeWords[index] = code * WORDS_PER_PAGE;
      }
      this.readTags[index] = tag;
      this.readWords[index] = code * WORDS_PER_PAGE;
    } else if (this.readTags[index] === tag) {
      this.readTags[index] = NO_PAGE;
    }
    if (code !== codeBefore) {
      if (code <= 0 && this.writeTags[index] === tag) this.writeTags[index] = NO_PAGE;
      if (this.#memory.mapcount[pfn]! > 1) {
        this.#onMoved();
      }
    }
  }

  /** The frame behind an address, after the accessed and dirty bits are set; faults until there is one. */
  protected translate(address: Address, page: number, access: Access): number {
    this.misses++;
    const write = access === "write";
    const needed = write ? PTE_PRESENT | PTE_WRITE : PTE_PRESENT;
    const used = write ? PTE_ACCESSED | PTE_DIRTY : PTE_ACCESSED;
    for (let faults = 0; ; faults++) {
      if (address >= 0 && address < 0x8000_0000_0000) {
        const pmd = this.#table.pmd(address);
        if (pmd !== undefined) {
          const middle = Math.floor(address / 0x20_0000) & 511;
          const table = pmd.tables[middle];
          if (table !== undefined) {
            const entry = table[page & 511]!;
            if ((entry & needed) === needed) {
              if ((entry & used) !== used) table[page & 511] = entry | used;
              return this.#fillTlb(page, entry >>> PTE_PFN_SHIFT);
            }
          } else {
            const huge = pmd.huge[middle]!;
            if ((huge & needed) === needed && (huge & PTE_HUGE) !== 0) {
              pmd.huge[middle] = huge | used;
              return this.#fillTlb(
                page,
                (huge >>> PTE_PFN_SHIFT) + (page & (PAGES_PER_HUGE_PAGE - 1)),
              );
            }
          }
        }
      }
      invariant(
        faults < MAX_FAULTS_AN_ACCESS,
        `the fault at 0x${address.toString(16)} was served ${faults} times and comes again`,
      );
      this.#onFault(address, access);
    }
  }

  #fillTlb(page: number, pfn: number): number {
    const code = this.contents.code[pfn]!;
    if (code >= 0) {
      const index = page & TLB_MASK;
      this.readTags[index] = page * PAGE_SIZE;
      this.readWords[index] = (code === 0 ? ZERO_SLOT : code) * WORDS_PER_PAGE;
    }
    return pfn;
  }
}
