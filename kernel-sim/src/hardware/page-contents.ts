/**
 * What is in the frames, kept small: a frame of zeros costs nothing, a frame with one byte in it four
 * bytes of the host's memory, any other a slot of 4096 bytes in a pool.
 */
import { UsageError } from "../core/errors.js";
import { PAGE_SIZE } from "../core/units.js";
import type { Pfn } from "../core/units.js";

/** WebAssembly's memory is counted in pages of 64 KiB, of which it may have 4 GiB. */
const WASM_PAGE_SIZE = 65536;
const FIRST_WASM_PAGES = 256;
const MOST_WASM_PAGES = 65536;

/** What is used of WebAssembly.Memory; the type libraries of this package do not have it. */
export interface GrowingMemory {
  readonly buffer: ArrayBuffer;
  grow(wasmPages: number): number;
}
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => GrowingMemory;
};

/** The slot that is zeros for ever; a frame of zeros is read through it. */
export const ZERO_SLOT = 0;

/**
 * The bytes of every frame.
 *
 * `code[pfn]`: 0 is a page of zeros; above 0 the number of a slot; below 0 one byte that is not zero,
 * as `-(1 + offset * 256 + byte)`.
 */
export class PageContents {
  code: Int32Array;
  /**
   * The pool, as bytes and as 32-bit words: slot n is words 1024 n to 1024 n + 1023. It is a memory of
   * WebAssembly because that grows in its place, and the host backs it only where it was written.
   */
  bytes: Uint8Array;
  words: Uint32Array;
  readonly #pool: GrowingMemory;
  #slotsInPool: number;
  #freeSlots: number[] = [];
  #nextSlot = 1;
  /** Slots that hold no frame: somebody's own tables. */
  #reservedSlots = 0;

  constructor(capacityFrames: number) {
    this.code = new Int32Array(capacityFrames);
    this.#pool = new WebAssembly.Memory({ initial: FIRST_WASM_PAGES, maximum: MOST_WASM_PAGES });
    this.bytes = new Uint8Array(this.#pool.buffer);
    this.words = new Uint32Array(this.#pool.buffer);
    this.#slotsInPool = this.bytes.length / PAGE_SIZE;
  }

  grow(capacityFrames: number): void {
    const code = new Int32Array(capacityFrames);
    code.set(this.code);
    this.code = code;
  }

  /** Slots of 4096 bytes in use for frames. */
  get slotsInUse(): number {
    return this.#nextSlot - 1 - this.#freeSlots.length - this.#reservedSlots;
  }

  /** The memory of WebAssembly that the pool is, for modules that work on the same bytes. */
  get pool(): GrowingMemory {
    return this.#pool;
  }

  /** Sets bytes of the pool apart for the tables of such a module; where they begin. They are zeros. */
  reserve(sizeBytes: number): number {
    const slots = Math.ceil(sizeBytes / PAGE_SIZE);
    while (this.#nextSlot + slots > this.#slotsInPool) this.#growPool();
    const first = this.#nextSlot;
    this.#nextSlot += slots;
    this.#reservedSlots += slots;
    return first * PAGE_SIZE;
  }

  /** Gives back what {@link reserve} set apart. */
  release(at: number, sizeBytes: number): void {
    const slots = Math.ceil(sizeBytes / PAGE_SIZE);
    this.bytes.fill(0, at, at + slots * PAGE_SIZE);
    for (let i = slots - 1; i >= 0; i--) this.#freeSlots.push(at / PAGE_SIZE + i);
    this.#reservedSlots -= slots;
  }

  /** Gives the frame a slot of its own and returns its number; what is in the frame stays. */
  materialise(pfn: Pfn): number {
    const code = this.code[pfn]!;
    if (code > 0) return code;
    const slot = this.#takeSlot();
    if (code < 0) {
      const single = -code - 1;
      this.bytes[slot * PAGE_SIZE + (single >>> 8)] = single & 0xff;
    }
    this.code[pfn] = slot;
    return slot;
  }

  /** Makes the frame a page of zeros, and takes back its slot. */
  clear(pfn: Pfn): void {
    const code = this.code[pfn]!;
    if (code > 0) {
      const start = code * PAGE_SIZE;
      this.bytes.fill(0, start, start + PAGE_SIZE);
      this.#freeSlots.push(code);
    }
    this.code[pfn] = 0;
  }

  /** Makes `to` hold what `from` holds. */
  copy(from: Pfn, to: Pfn): void {
    const code = this.code[from]!;
    if (code <= 0) {
      this.clear(to);
      this.code[to] = code;
      return;
    }
    const target = this.materialise(to);
    const start = code * PAGE_SIZE;
    this.bytes.copyWithin(target * PAGE_SIZE, start, start + PAGE_SIZE);
  }

  load(pfn: Pfn, offset: number): number {
    const code = this.code[pfn]!;
    if (code > 0) return this.bytes[code * PAGE_SIZE + offset]!;
    if (code === 0) return 0;
    const single = -code - 1;
    return single >>> 8 === offset ? single & 0xff : 0;
  }

  store(pfn: Pfn, offset: number, byte: number): void {
    const code = this.code[pfn]!;
    if (code <= 0) {
      const single = -code - 1;
      if (code === 0 || single >>> 8 === offset) {
        this.code[pfn] = byte === 0 ? 0 : -(1 + offset * 256 + byte);
        return;
      }
      if (byte === 0) return;
    }
    const slot = this.materialise(pfn);
    this.bytes[slot * PAGE_SIZE + offset] = byte;
  }

  /** The bytes from `offset` on, copied out. */
  read(pfn: Pfn, offset: number, sizeBytes: number): Uint8Array {
    const code = this.code[pfn]!;
    if (code > 0) {
      const start = code * PAGE_SIZE + offset;
      return this.bytes.slice(start, start + sizeBytes);
    }
    const out = new Uint8Array(sizeBytes);
    if (code < 0) {
      const at = ((-code - 1) >>> 8) - offset;
      if (at >= 0 && at < sizeBytes) out[at] = (-code - 1) & 0xff;
    }
    return out;
  }

  write(pfn: Pfn, offset: number, source: Uint8Array): void {
    if (source.length === 1) {
      this.store(pfn, offset, source[0]!);
      return;
    }
    if (this.code[pfn] === 0 && source.every((byte) => byte === 0)) return;
    const slot = this.materialise(pfn);
    this.bytes.set(source, slot * PAGE_SIZE + offset);
  }

  fill(pfn: Pfn, offset: number, byte: number, sizeBytes: number): void {
    if (byte === 0 && this.code[pfn] === 0) return;
    if (byte === 0 && sizeBytes === PAGE_SIZE) {
      this.clear(pfn);
      return;
    }
    const slot = this.materialise(pfn);
    const start = slot * PAGE_SIZE + offset;
    this.bytes.fill(byte, start, start + sizeBytes);
  }

  #takeSlot(): number {
    const free = this.#freeSlots.pop();
    if (free !== undefined) return free;
    if (this.#nextSlot === this.#slotsInPool) this.#growPool();
    return this.#nextSlot++;
  }

  #growPool(): void {
    const now = this.#pool.buffer.byteLength / WASM_PAGE_SIZE;
    const more = Math.min(now, MOST_WASM_PAGES - now);
    if (more === 0) {
      throw new UsageError(
        "more than 4 GiB of the simulated memory hold bytes that differ from zero",
        "a program that writes less: a page costs the host nothing until two of its bytes are not zero",
      );
    }
    this.#pool.grow(more);
    this.bytes = new Uint8Array(this.#pool.buffer);
    this.words = new Uint32Array(this.#pool.buffer);
    this.#slotsInPool = this.bytes.length / PAGE_SIZE;
  }
}
