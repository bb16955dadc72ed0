/** A memory of plain pages for specs of this floor: every page that a test maps is there, no other is. */
import { ProgramTerminated } from "../abi/signal.js";
import type { SignalInfo } from "../abi/signal.js";
import type { Syscalls } from "../abi/syscalls.js";
import type { UserMemory } from "../abi/user-memory.js";
import type { Address } from "../core/units.js";
import { MiB, PAGE_SIZE, pageCeil } from "../core/units.js";
import { HeapRequests } from "../libc/heap-requests.js";
import type { Program } from "./program.js";
import { createProgram } from "./program.js";
import { RunningProgram } from "./running-program.js";

export class PlainMemory implements UserMemory {
  private readonly pages = new Map<number, DataView>();
  readonly ranges: { start: Address; end: Address }[] = [];
  deliver: (info: SignalInfo) => "resume" | "terminate" = () => "terminate";

  map(start: Address, end: Address): void {
    this.ranges.push({ start, end });
  }

  unmap(start: Address, end: Address): void {
    const index = this.ranges.findIndex((range) => range.start === start && range.end === end);
    if (index >= 0) this.ranges.splice(index, 1);
  }

  private lastNumber = -1;
  private lastPage: DataView | undefined;

  private page(address: Address): DataView {
    const number = Math.floor(address / PAGE_SIZE);
    if (number === this.lastNumber && this.lastPage !== undefined) return this.lastPage;
    let page = this.pages.get(number);
    while (!this.ranges.some((range) => address >= range.start && address < range.end)) {
      const info = { signal: "SIGSEGV", code: "MAPERR", address } as const;
      if (this.deliver(info) === "terminate") throw new ProgramTerminated(info);
    }
    if (page === undefined) {
      page = new DataView(new ArrayBuffer(PAGE_SIZE));
      this.pages.set(number, page);
    }
    this.lastNumber = number;
    this.lastPage = page;
    return page;
  }

  private at(address: Address): number {
    return address % PAGE_SIZE;
  }

  load8(address: Address): number {
    return this.page(address).getUint8(this.at(address));
  }
  load16(address: Address): number {
    return this.load8(address) | (this.load8(address + 1) << 8);
  }
  load32(address: Address): number {
    const at = this.at(address);
    if (at <= PAGE_SIZE - 4) return this.page(address).getUint32(at, true);
    return (this.load16(address) | (this.load16(address + 2) << 16)) >>> 0;
  }
  loadWord(address: Address): number {
    return this.load32(address) + this.load32(address + 4) * 2 ** 32;
  }
  load64(address: Address): bigint {
    return BigInt(this.load32(address)) | (BigInt(this.load32(address + 4)) << 32n);
  }
  store8(address: Address, value: number): void {
    this.page(address).setUint8(this.at(address), value);
  }
  store16(address: Address, value: number): void {
    this.store8(address, value & 0xff);
    this.store8(address + 1, value >>> 8);
  }
  store32(address: Address, value: number): void {
    const at = this.at(address);
    if (at <= PAGE_SIZE - 4) this.page(address).setUint32(at, value, true);
    else {
      this.store16(address, value & 0xffff);
      this.store16(address + 2, value >>> 16);
    }
  }
  storeWord(address: Address, value: number): void {
    this.store32(address, value % 2 ** 32);
    this.store32(address + 4, Math.floor(value / 2 ** 32));
  }
  store64(address: Address, value: bigint): void {
    this.store32(address, Number(value & 0xffff_ffffn));
    this.store32(address + 4, Number(value >> 32n));
  }
  fill(address: Address, byte: number, sizeBytes: number): void {
    for (let i = 0; i < sizeBytes; i++) this.store8(address + i, byte);
  }
  copy(destination: Address, source: Address, sizeBytes: number): void {
    this.write(destination, this.read(source, sizeBytes));
  }
  read(address: Address, sizeBytes: number): Uint8Array {
    return Uint8Array.from({ length: sizeBytes }, (_, i) => this.load8(address + i));
  }
  write(address: Address, bytes: Uint8Array): void {
    bytes.forEach((byte, i) => this.store8(address + i, byte));
  }
  touch(address: Address, sizeBytes: number, access: "read" | "write"): void {
    for (let at = address; at < address + sizeBytes; at += PAGE_SIZE)
      if (access === "read") this.load8(at);
      else this.store8(at, 1);
  }
}

export const testStackEnd = 0x7fff_ffff_f000;

/** A program on plain memory with a stack of `stackBytes` (8 MiB where not given). */
export function testProgram(stackBytes = 8 * MiB): {
  c: Program;
  memory: PlainMemory;
  heap: HeapRequests;
} {
  const heap = new HeapRequests();
  const memory = new PlainMemory();
  memory.map(testStackEnd - stackBytes, testStackEnd);
  memory.map(0x5555_5555_8000, 0x5555_5555_9000);
  let next = 0x7f00_0000_0000;
  const refuse = (): never => {
    throw new Error("not in this test");
  };
  const syscalls: Syscalls = {
    brk: refuse,
    mremap: refuse,
    abort: refuse,
    mmap(_address, length) {
      next -= pageCeil(length);
      memory.map(next, next + pageCeil(length));
      return next;
    },
    munmap(address, length) {
      memory.unmap(address, address + pageCeil(length));
      return 0;
    },
    mprotect: () => 0,
    madvise: () => 0,
  };
  const stack = {
    name: "[stack]",
    end: testStackEnd,
    lowest: () => testStackEnd - stackBytes,
    pointer: 0x7fff_ffff_e5e0,
  };
  const c = createProgram({
    memory,
    syscalls,
    stack,
    textStart: 0x5555_5555_5000,
    data: { start: 0x5555_5555_8000, end: 0x5555_5555_9000 },
    stackLimitBytes: stackBytes,
    name: "the program of a test",
    running: new RunningProgram(),
    heapObjectAt: (address) => heap.at(address),
  });
  memory.deliver = (info) => c.deliverSignal(info);
  return { c, memory, heap };
}
