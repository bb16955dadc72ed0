/**
 * The MMU of one address space: translates through a software TLB, walks the page table on a miss,
 * sets the accessed and dirty bits, and calls the kernel where the walk fails.
 *
 * Not modelled: user/supervisor and execute rights (no instruction is fetched), protection keys.
 */
import { invariant } from "../core/errors.js";
import { PAGE_SIZE } from "../core/units.js";
import type { Address } from "../core/units.js";
import { ZERO_SLOT } from "./page-contents.js";
import type { GrowingMemory, PageContents } from "./page-contents.js";
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
const TLB_MASK = TLB_ENTRIES - 1;
const WORDS_PER_PAGE = PAGE_SIZE / 4;
const NO_PAGE = -1;
/** A handler that returns without having repaired anything would loop for ever, as it does on Linux. */
const MAX_FAULTS_AN_ACCESS = 1000;

export class Mmu {
  readonly #memory: PhysicalMemory;
  #table: PageTable;
  #onFault: FaultHandler;
  /** Addresses of pages that may be read, or written, through a slot of the pool, and where its words begin. */
  readonly #readTags = new Float64Array(TLB_ENTRIES).fill(NO_PAGE);
  readonly #writeTags = new Float64Array(TLB_ENTRIES).fill(NO_PAGE);
  readonly #readWords = new Int32Array(TLB_ENTRIES);
  readonly #writeWords = new Int32Array(TLB_ENTRIES);
  readonly #contents: PageContents;
  /** Told when a frame that others map too moves in the host's memory: their TLBs must forget it. */
  readonly #onMoved: () => void;
  readonly #watchers: PageWatcher[] = [];
  /** Lookups that the TLB could not answer (for reports on its reach). */
  misses = 0;
  /** The last page kept as one byte that was loaded from. */
  #lastSparse = NO_PAGE;

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
    this.#contents = options.memory.contents;
  }

  /** The host's memory that all pages are in, as long as it has this size; see PageWindow of the ABI. */
  get pool(): GrowingMemory {
    return this.#contents.pool;
  }

  /** Where in the pool the page of an address is, after it was faulted in for reading. */
  pageForReading(address: Address): number {
    const page = Math.floor(address / PAGE_SIZE);
    const pfn = this.#translate(address, page, "read");
    const code = this.#contents.code[pfn]!;
    if (code >= 0) return code * PAGE_SIZE;
    this.#contents.materialise(pfn);
    this.#stored(pfn, page, code, "loaded");
    return this.#contents.code[pfn]! * PAGE_SIZE;
  }

  /** The same for writing. */
  pageForWriting(address: Address): number {
    this.#slotForWriting(address);
    return this.#writeWords[(address >>> 12) & TLB_MASK]! * 4;
  }

  reserve(sizeBytes: number): number {
    return this.#contents.reserve(sizeBytes);
  }

  release(at: number, sizeBytes: number): void {
    this.#contents.release(at, sizeBytes);
  }

  /** Whoever keeps what {@link pageForReading} and {@link pageForWriting} said is told when it no longer holds. */
  watch(watcher: PageWatcher): void {
    this.#watchers.push(watcher);
  }

  /** This memory is its own window. */
  get window(): this {
    return this;
  }

  #tell(start: Address, end: Address): void {
    for (const watcher of this.#watchers) watcher.forgetPages(start, end);
  }

  /** Forgets everything (a write to CR3). */
  flushAll(): void {
    this.#tell(0, Infinity);
    this.#readTags.fill(NO_PAGE);
    this.#writeTags.fill(NO_PAGE);
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
      if (this.#readTags[index] === tag) this.#readTags[index] = NO_PAGE;
      if (this.#writeTags[index] === tag) this.#writeTags[index] = NO_PAGE;
    }
  }

  load8(address: Address): number {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.#readTags[index] === address - low) {
      return (
        (this.#contents.words[this.#readWords[index]! + (low >>> 2)]! >>> ((low & 3) << 3)) & 0xff
      );
    }
    return this.#loadMissed(address);
  }

  store8(address: Address, value: number): void {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.#writeTags[index] === address - low) {
      const at = this.#writeWords[index]! + (low >>> 2);
      const shift = (low & 3) << 3;
      const words = this.#contents.words;
      words[at] = (words[at]! & ~(0xff << shift)) | ((value & 0xff) << shift);
      return;
    }
    const page = Math.floor(address / 4096);
    const pfn = this.#translate(address, page, "write");
    const before = this.#contents.code[pfn]!;
    this.#contents.store(pfn, low, value & 0xff);
    this.#stored(pfn, page, before);
  }

  load16(address: Address): number {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.#readTags[index] === address - low && (low & 1) === 0) {
      return (
        (this.#contents.words[this.#readWords[index]! + (low >>> 2)]! >>> ((low & 2) << 3)) & 0xffff
      );
    }
    return this.load8(address) + this.load8(address + 1) * 0x100;
  }

  store16(address: Address, value: number): void {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.#writeTags[index] === address - low && (low & 1) === 0) {
      const at = this.#writeWords[index]! + (low >>> 2);
      const shift = (low & 2) << 3;
      const words = this.#contents.words;
      words[at] = (words[at]! & ~(0xffff << shift)) | ((value & 0xffff) << shift);
      return;
    }
    this.store8(address, value & 0xff);
    this.store8(address + 1, (value >>> 8) & 0xff);
  }

  load32(address: Address): number {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.#readTags[index] === address - low && (low & 3) === 0) {
      return this.#contents.words[this.#readWords[index]! + (low >>> 2)]!;
    }
    return this.#loadBytes(address, 4);
  }

  store32(address: Address, value: number): void {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if ((low & 3) === 0) {
      if (this.#writeTags[index] !== address - low) this.#slotForWriting(address);
      this.#contents.words[this.#writeWords[index]! + (low >>> 2)] = value;
      return;
    }
    for (let i = 0; i < 4; i++) this.store8(address + i, (value >>> (8 * i)) & 0xff);
  }

  loadWord(address: Address): number {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.#readTags[index] === address - low && (low & 7) === 0) {
      const words = this.#contents.words;
      const at = this.#readWords[index]! + (low >>> 2);
      return words[at]! + words[at + 1]! * 0x1_0000_0000;
    }
    return this.#loadBytes(address, 4) + this.#loadBytes(address + 4, 4) * 0x1_0000_0000;
  }

  storeWord(address: Address, value: number): void {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if ((low & 7) === 0) {
      if (this.#writeTags[index] !== address - low) this.#slotForWriting(address);
      const words = this.#contents.words;
      const at = this.#writeWords[index]! + (low >>> 2);
      words[at] = value;
      words[at + 1] = value / 0x1_0000_0000;
      return;
    }
    this.store32(address, value);
    this.store32(address + 4, Math.floor(value / 0x1_0000_0000));
  }

  load64(address: Address): bigint {
    return BigInt(this.load32(address)) | (BigInt(this.load32(address + 4)) << 32n);
  }

  store64(address: Address, value: bigint): void {
    this.store32(address, Number(value & 0xffff_ffffn));
    this.store32(address + 4, Number((value >> 32n) & 0xffff_ffffn));
  }

  /** memset(3), a page at a time. */
  fill(address: Address, byte: number, sizeBytes: number): void {
    const end = address + sizeBytes;
    for (let at = address; at < end;) {
      const offset = at & 4095;
      const length = Math.min(PAGE_SIZE - offset, end - at);
      const page = Math.floor(at / PAGE_SIZE);
      const pfn = this.#translate(at, page, "write");
      const before = this.#contents.code[pfn]!;
      this.#contents.fill(pfn, offset, byte & 0xff, length);
      this.#stored(pfn, page, before);
      at += length;
    }
  }

  /** memmove(3): the bytes arrive as if copied through a buffer of their own. */
  copy(destination: Address, source: Address, sizeBytes: number): void {
    if (sizeBytes > 0) this.write(destination, this.read(source, sizeBytes));
  }

  read(address: Address, sizeBytes: number): Uint8Array {
    const out = new Uint8Array(sizeBytes);
    for (let done = 0; done < sizeBytes;) {
      const at = address + done;
      const offset = at & 4095;
      const length = Math.min(PAGE_SIZE - offset, sizeBytes - done);
      const pfn = this.#translate(at, Math.floor(at / PAGE_SIZE), "read");
      if (this.#contents.code[pfn] !== 0) {
        out.set(this.#contents.read(pfn, offset, length), done);
      }
      done += length;
    }
    return out;
  }

  write(address: Address, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const at = address + done;
      const offset = at & 4095;
      const length = Math.min(PAGE_SIZE - offset, bytes.length - done);
      const page = Math.floor(at / PAGE_SIZE);
      const pfn = this.#translate(at, page, "write");
      const before = this.#contents.code[pfn]!;
      this.#contents.write(pfn, offset, bytes.subarray(done, done + length));
      this.#stored(pfn, page, before);
      done += length;
    }
  }

  /** Translates without loading or storing: what an access does before it moves bytes. */
  access(address: Address, access: Access): void {
    this.#translate(address, Math.floor(address / PAGE_SIZE), access);
  }

  #loadBytes(address: Address, count: number): number {
    let value = 0;
    for (let i = count - 1; i >= 0; i--) value = value * 256 + this.load8(address + i);
    return value;
  }

  /** A byte that the TLB could not answer. */
  #loadMissed(address: Address): number {
    const page = Math.floor(address / 4096);
    const pfn = this.#translate(address, page, "read");
    const contents = this.#contents;
    if (contents.code[pfn]! < 0) {
      // A second load from a page kept as one byte: it is in use, and earns a slot.
      if (this.#lastSparse === page) {
        const before = contents.code[pfn]!;
        contents.materialise(pfn);
        this.#stored(pfn, page, before, "loaded");
      }
      this.#lastSparse = page;
    }
    return contents.load(pfn, address & 4095);
  }

  /** Makes the TLB entry through which the page of an address can be written. */
  #slotForWriting(address: Address): void {
    const page = Math.floor(address / 4096);
    const pfn = this.#translate(address, page, "write");
    const before = this.#contents.code[pfn]!;
    this.#contents.materialise(pfn);
    this.#stored(pfn, page, before);
  }

  /** After bytes of a frame changed or moved: forgets and learns what the TLBs must. */
  #stored(
    pfn: number,
    page: number,
    codeBefore: number,
    access: "stored" | "loaded" = "stored",
  ): void {
    const code = this.#contents.code[pfn]!;
    const index = page & TLB_MASK;
    const tag = page * PAGE_SIZE;
    const same = this.#readTags[index] === tag && this.#readWords[index] === code * WORDS_PER_PAGE;
    if (!same || code !== codeBefore) this.#tell(tag, tag + PAGE_SIZE);
    if (code > 0) {
      if (access === "stored") {
        this.#writeTags[index] = tag;
        this.#writeWords[index] = code * WORDS_PER_PAGE;
      }
      this.#readTags[index] = tag;
      this.#readWords[index] = code * WORDS_PER_PAGE;
    } else if (this.#readTags[index] === tag) {
      this.#readTags[index] = NO_PAGE;
    }
    if (code !== codeBefore) {
      if (code <= 0 && this.#writeTags[index] === tag) this.#writeTags[index] = NO_PAGE;
      if (this.#memory.mapcount[pfn]! > 1) {
        this.#onMoved();
      }
    }
  }

  /** The frame behind an address, after the accessed and dirty bits are set; faults until there is one. */
  #translate(address: Address, page: number, access: Access): number {
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
    const code = this.#contents.code[pfn]!;
    if (code >= 0) {
      const index = page & TLB_MASK;
      this.#readTags[index] = page * PAGE_SIZE;
      this.#readWords[index] = (code === 0 ? ZERO_SLOT : code) * WORDS_PER_PAGE;
    }
    return pfn;
  }
}
