/**
 * The MMU of one address space as a program uses it: loads and stores of each width, and of runs of bytes. Most find their
 * page in the TLB; the rest translate (translation.ts).
 *
 * Not modelled: user/supervisor and execute rights (no instruction is fetched), protection keys.
 */
import { PAGE_SIZE } from "../core/units.js";
import type { Address } from "../core/units.js";
import type { GrowingMemory } from "./page-contents.js";
import { NO_PAGE, TLB_MASK, Translation } from "./translation.js";

export type { Access } from "./translation.js";

export class Mmu extends Translation {
  /** The last page kept as one byte that was loaded from. */
  #lastSparse = NO_PAGE;

  /** The host's memory that all pages are in, as long as it has this size; see PageWindow of the ABI. */
  get pool(): GrowingMemory {
    return this.contents.pool;
  }

  /** Where in the pool the page of an address is, after it was faulted in for reading. */
  pageForReading(address: Address): number {
    const page = Math.floor(address / PAGE_SIZE);
    const pfn = this.translate(address, page, "read");
    const code = this.contents.code[pfn]!;
    if (code >= 0) return code * PAGE_SIZE;
    this.contents.materialise(pfn);
    this.stored(pfn, page, code, "loaded");
    return this.contents.code[pfn]! * PAGE_SIZE;
  }

  /** The same for writing. */
  pageForWriting(address: Address): number {
    this.slotForWriting(address);
    return this.writeWords[(address >>> 12) & TLB_MASK]! * 4;
  }

  reserve(sizeBytes: number): number {
    return this.contents.reserve(sizeBytes);
  }

  release(at: number, sizeBytes: number): void {
    this.contents.release(at, sizeBytes);
  }

  /** This memory is its own window. */
  get window(): this {
    return this;
  }

  load8(address: Address): number {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.readTags[index] === address - low) {
      return (
        (this.contents.words[this.readWords[index]! + (low >>> 2)]! >>> ((low & 3) << 3)) & 0xff
      );
    }
    return this.#loadMissed(address);
  }

  store8(address: Address, value: number): void {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.writeTags[index] === address - low) {
      const at = this.writeWords[index]! + (low >>> 2);
      const shift = (low & 3) << 3;
      const words = this.contents.words;
      words[at] = (words[at]! & ~(0xff << shift)) | ((value & 0xff) << shift);
      return;
    }
    const page = Math.floor(address / 4096);
    const pfn = this.translate(address, page, "write");
    const before = this.contents.code[pfn]!;
    this.contents.store(pfn, low, value & 0xff);
    this.stored(pfn, page, before);
  }

  load16(address: Address): number {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.readTags[index] === address - low && (low & 1) === 0) {
      return (
        (this.contents.words[this.readWords[index]! + (low >>> 2)]! >>> ((low & 2) << 3)) & 0xffff
      );
    }
    return this.load8(address) + this.load8(address + 1) * 0x100;
  }

  store16(address: Address, value: number): void {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.writeTags[index] === address - low && (low & 1) === 0) {
      const at = this.writeWords[index]! + (low >>> 2);
      const shift = (low & 2) << 3;
      const words = this.contents.words;
      words[at] = (words[at]! & ~(0xffff << shift)) | ((value & 0xffff) << shift);
      return;
    }
    this.store8(address, value & 0xff);
    this.store8(address + 1, (value >>> 8) & 0xff);
  }

  load32(address: Address): number {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.readTags[index] === address - low && (low & 3) === 0) {
      return this.contents.words[this.readWords[index]! + (low >>> 2)]!;
    }
    return this.#loadBytes(address, 4);
  }

  store32(address: Address, value: number): void {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if ((low & 3) === 0) {
      if (this.writeTags[index] !== address - low) this.slotForWriting(address);
      this.contents.words[this.writeWords[index]! + (low >>> 2)] = value;
      return;
    }
    for (let i = 0; i < 4; i++) this.store8(address + i, (value >>> (8 * i)) & 0xff);
  }

  loadWord(address: Address): number {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if (this.readTags[index] === address - low && (low & 7) === 0) {
      const words = this.contents.words;
      const at = this.readWords[index]! + (low >>> 2);
      return words[at]! + words[at + 1]! * 0x1_0000_0000;
    }
    return this.#loadBytes(address, 4) + this.#loadBytes(address + 4, 4) * 0x1_0000_0000;
  }

  storeWord(address: Address, value: number): void {
    const low = address & 4095;
    const index = (address >>> 12) & TLB_MASK;
    if ((low & 7) === 0) {
      if (this.writeTags[index] !== address - low) this.slotForWriting(address);
      const words = this.contents.words;
      const at = this.writeWords[index]! + (low >>> 2);
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
      const pfn = this.translate(at, page, "write");
      const before = this.contents.code[pfn]!;
      this.contents.fill(pfn, offset, byte & 0xff, length);
      this.stored(pfn, page, before);
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
      const pfn = this.translate(at, Math.floor(at / PAGE_SIZE), "read");
      if (this.contents.code[pfn] !== 0) {
        out.set(this.contents.read(pfn, offset, length), done);
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
      const pfn = this.translate(at, page, "write");
      const before = this.contents.code[pfn]!;
      this.contents.write(pfn, offset, bytes.subarray(done, done + length));
      this.stored(pfn, page, before);
      done += length;
    }
  }

  #loadBytes(address: Address, count: number): number {
    let value = 0;
    for (let i = count - 1; i >= 0; i--) value = value * 256 + this.load8(address + i);
    return value;
  }

  /** A byte that the TLB could not answer. */
  #loadMissed(address: Address): number {
    const page = Math.floor(address / 4096);
    const pfn = this.translate(address, page, "read");
    const contents = this.contents;
    if (contents.code[pfn]! < 0) {
      // A second load from a page kept as one byte: it is in use, and earns a slot.
      if (this.#lastSparse === page) {
        const before = contents.code[pfn]!;
        contents.materialise(pfn);
        this.stored(pfn, page, before, "loaded");
      }
      this.#lastSparse = page;
    }
    return contents.load(pfn, address & 4095);
  }
}
