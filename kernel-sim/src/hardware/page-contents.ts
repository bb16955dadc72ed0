/**
 * What is in the frames, kept small: a frame of zeros costs nothing, a frame with one byte in it four
 * bytes of the host's memory, any other a slot of 4096 bytes in a pool.
 */
import { PAGE_SIZE } from "../core/units.js";
import type { Pfn } from "../core/units.js";

const SLOTS_PER_CHUNK = 1024;
const CHUNK_SIZE = SLOTS_PER_CHUNK * PAGE_SIZE;

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
  /** The pool, in chunks, as bytes and as 32-bit words. */
  readonly bytes: Uint8Array[] = [];
  readonly words: Uint32Array[] = [];
  #freeSlots: number[] = [];
  #nextSlot = 1;

  constructor(capacityFrames: number) {
    this.code = new Int32Array(capacityFrames);
    this.#addChunk();
  }

  grow(capacityFrames: number): void {
    const code = new Int32Array(capacityFrames);
    code.set(this.code);
    this.code = code;
  }

  /** Slots of 4096 bytes in use. */
  get slotsInUse(): number {
    return this.#nextSlot - 1 - this.#freeSlots.length;
  }

  /** Gives the frame a slot of its own and returns its number; what is in the frame stays. */
  materialise(pfn: Pfn): number {
    const code = this.code[pfn]!;
    if (code > 0) return code;
    const slot = this.#takeSlot();
    if (code < 0) {
      const single = -code - 1;
      this.bytes[slot >>> 10]![((slot & 1023) << 12) + (single >>> 8)] = single & 0xff;
    }
    this.code[pfn] = slot;
    return slot;
  }

  /** Makes the frame a page of zeros, and takes back its slot. */
  clear(pfn: Pfn): void {
    const code = this.code[pfn]!;
    if (code > 0) {
      const start = (code & 1023) << 12;
      this.bytes[code >>> 10]!.fill(0, start, start + PAGE_SIZE);
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
    const start = (code & 1023) << 12;
    this.bytes[target >>> 10]!.set(
      this.bytes[code >>> 10]!.subarray(start, start + PAGE_SIZE),
      (target & 1023) << 12,
    );
  }

  load(pfn: Pfn, offset: number): number {
    const code = this.code[pfn]!;
    if (code > 0) return this.bytes[code >>> 10]![((code & 1023) << 12) + offset]!;
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
    this.bytes[slot >>> 10]![((slot & 1023) << 12) + offset] = byte;
  }

  /** The bytes from `offset` on, copied out. */
  read(pfn: Pfn, offset: number, sizeBytes: number): Uint8Array {
    const code = this.code[pfn]!;
    if (code > 0) {
      const start = ((code & 1023) << 12) + offset;
      return this.bytes[code >>> 10]!.slice(start, start + sizeBytes);
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
    this.bytes[slot >>> 10]!.set(source, ((slot & 1023) << 12) + offset);
  }

  fill(pfn: Pfn, offset: number, byte: number, sizeBytes: number): void {
    if (byte === 0 && this.code[pfn] === 0) return;
    if (byte === 0 && sizeBytes === PAGE_SIZE) {
      this.clear(pfn);
      return;
    }
    const slot = this.materialise(pfn);
    const start = ((slot & 1023) << 12) + offset;
    this.bytes[slot >>> 10]!.fill(byte, start, start + sizeBytes);
  }

  #takeSlot(): number {
    const free = this.#freeSlots.pop();
    if (free !== undefined) return free;
    if (this.#nextSlot === this.bytes.length * SLOTS_PER_CHUNK) this.#addChunk();
    return this.#nextSlot++;
  }

  #addChunk(): void {
    const buffer = new ArrayBuffer(CHUNK_SIZE);
    this.bytes.push(new Uint8Array(buffer));
    this.words.push(new Uint32Array(buffer));
  }
}
