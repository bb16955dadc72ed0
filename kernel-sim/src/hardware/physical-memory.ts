/**
 * The frames of the machine: which are free, and what is in them. Who uses a frame for what is the
 * kernel's business; it keeps its own word of flags and its count of mappings for each here (its
 * `struct page`), because both are as long as the RAM.
 */
import { UsageError, invariant } from "../core/errors.js";
import { PAGE_SIZE } from "../core/units.js";
import type { Pfn } from "../core/units.js";
import { PageContents } from "./page-contents.js";
import { MAX_FRAMES, PAGES_PER_HUGE_PAGE } from "./x86-64.js";

/** Frame numbers start here, as RAM above the first MiB does; a frame number is never 0. */
const FIRST_PFN = 512;
const NO_FRAME = -1;

export class PhysicalMemory {
  readonly totalFrames: number;
  readonly contents: PageContents;
  /** The kernel's flags for each frame, and how often it is mapped. */
  flags: Uint16Array;
  mapcount: Int32Array;
  /** 1 where the frame is in use. */
  #used: Uint8Array;
  #capacity = 4096;
  /** Frames from here up have never been used. */
  #next = FIRST_PFN;
  #free: number[] = [];
  /** Whole 2 MiB blocks that have come back. */
  #freeBlocks: number[] = [];
  #usedFrames = 0;

  constructor(ramBytes: number) {
    const frames = Math.floor(ramBytes / PAGE_SIZE);
    if (!(frames >= 1024 && frames + FIRST_PFN + PAGES_PER_HUGE_PAGE < MAX_FRAMES)) {
      throw new UsageError(
        `a machine with ${ramBytes} bytes of RAM cannot be built`,
        "ramBytes from 4 MiB up to 63 GiB",
      );
    }
    this.totalFrames = frames;
    this.contents = new PageContents(this.#capacity);
    this.flags = new Uint16Array(this.#capacity);
    this.mapcount = new Int32Array(this.#capacity);
    this.#used = new Uint8Array(this.#capacity);
  }

  get usedFrames(): number {
    return this.#usedFrames;
  }

  get freeFrames(): number {
    return this.totalFrames - this.#usedFrames;
  }

  /** One past the highest frame that was ever used. */
  get endPfn(): Pfn {
    return this.#next;
  }

  isUsed(pfn: Pfn): boolean {
    return this.#used[pfn] === 1;
  }

  /** A frame of zeros; -1 where there is none left. */
  allocate(): Pfn {
    if (this.#usedFrames >= this.totalFrames) return NO_FRAME;
    let pfn = this.#free.pop();
    if (pfn === undefined) {
      const block = this.#freeBlocks.pop();
      if (block !== undefined) {
        for (let i = PAGES_PER_HUGE_PAGE - 1; i > 0; i--) this.#free.push(block + i);
        pfn = block;
      } else {
        pfn = this.#next++;
        if (pfn >= this.#capacity) this.#grow(pfn + 1);
      }
    }
    this.#used[pfn] = 1;
    this.#usedFrames++;
    return pfn;
  }

  /** A run of `frames` frames of zeros, aligned to its own length (a power of two); -1 where there is none. */
  allocateRun(frames: number): Pfn {
    if (frames === 1) return this.allocate();
    if (this.freeFrames < frames) return NO_FRAME;
    let first = frames === PAGES_PER_HUGE_PAGE ? this.#freeBlocks.pop() : undefined;
    if (first === undefined) {
      const rest = this.#next % frames;
      first = rest === 0 ? this.#next : this.#next + frames - rest;
      for (let pfn = this.#next; pfn < first; pfn++) this.#free.push(pfn);
      this.#next = first + frames;
      if (this.#next > MAX_FRAMES) return NO_FRAME;
      if (this.#next > this.#capacity) this.#grow(this.#next);
    }
    this.#used.fill(1, first, first + frames);
    this.#usedFrames += frames;
    return first;
  }

  /** Gives a frame back; what was in it is gone. */
  free(pfn: Pfn): void {
    invariant(this.#used[pfn] === 1, `frame ${pfn} is freed and was not in use`);
    invariant(this.mapcount[pfn] === 0, `frame ${pfn} is freed and still mapped`);
    if (this.contents.code[pfn] !== 0) this.contents.clear(pfn);
    this.#used[pfn] = 0;
    this.flags[pfn] = 0;
    this.#usedFrames--;
    this.#free.push(pfn);
  }

  /** Gives back a run that {@link allocateRun} returned. */
  freeRun(first: Pfn, frames: number): void {
    if (frames !== PAGES_PER_HUGE_PAGE) {
      for (let i = 0; i < frames; i++) this.free(first + i);
      return;
    }
    for (let pfn = first; pfn < first + frames; pfn++) {
      invariant(this.#used[pfn] === 1, `frame ${pfn} is freed and was not in use`);
      invariant(this.mapcount[pfn] === 0, `frame ${pfn} is freed and still mapped`);
      if (this.contents.code[pfn] !== 0) this.contents.clear(pfn);
      this.#used[pfn] = 0;
      this.flags[pfn] = 0;
    }
    this.#usedFrames -= frames;
    this.#freeBlocks.push(first);
  }

  #grow(needed: number): void {
    let capacity = this.#capacity;
    while (capacity < needed) capacity *= 2;
    this.#capacity = capacity;
    this.contents.grow(capacity);
    const flags = new Uint16Array(capacity);
    flags.set(this.flags);
    this.flags = flags;
    const mapcount = new Int32Array(capacity);
    mapcount.set(this.mapcount);
    this.mapcount = mapcount;
    const used = new Uint8Array(capacity);
    used.set(this.#used);
    this.#used = used;
  }
}
