/**
 * The process's memory as the allocator sees it: by places instead of addresses.
 *
 * An address of 47 bits is no small integer of the JavaScript engine, and each that is passed between
 * functions costs an allocation. A place is small for all that matters:
 *
 * ```
 * 0x0000 – 0x0fff  the page of NULL, which is never there
 * 0x1000 – 0x2fff  the two pages of main_arena
 * 0x3000 – 2^44    the heap and what follows it, counted from 16 MiB below the break at the start
 * below 0          any other address, less 2^52
 * ```
 * Sizes and sums of places behave as with addresses. The low twelve bits are those of the address.
 */
import type { UserMemory } from "../../abi/user-memory.js";
import type { WordWindow } from "../../abi/word-window.js";
import { MiB, PAGE_SIZE } from "../../core/units.js";
import type { Address } from "../../core/units.js";

/** A stand-in for an address; see the head of this file. */
export type Place = number;

const ARENA_START = PAGE_SIZE;
const HEAP_START = 3 * PAGE_SIZE;
/** How far a program may move the break below where the allocator found it first. */
const ROOM_BELOW = 16 * MiB;
const HEAP_BYTES = 2 ** 44;
const ELSEWHERE = 2 ** 52;
const TWO_32 = 2 ** 32;
/** Pages of places that the tables cover at first: the room below the heap, and 16 MiB of it, half full. */
const FIRST_PAGES = 16384;

export class HeapMemory {
  readonly memory: UserMemory;
  /** The address that place 0 would have if places were counted from main_arena, or from the heap. */
  private readonly arenaZero: Address;
  private heapZero: Address = 0;
  private zeroLow = 0;
  private zeroHigh = 0;
  private readonly arenaLow: number;
  private readonly arenaHigh: number;

  /** By page of places: the index of its first word, plus 1; 0 where it is not known. */
  private readAt: Int32Array;
  private writeAt: Int32Array;
  private words: Int32Array = new Int32Array(0);
  private pool: Uint32Array | undefined;
  private readonly window: WordWindow | undefined;
  private lastPage = 0;

  constructor(memory: UserMemory, mainArena: Address) {
    this.memory = memory;
    this.window = memory.window;
    this.arenaZero = mainArena - (mainArena % PAGE_SIZE) - ARENA_START;
    this.arenaLow = this.arenaZero | 0;
    this.arenaHigh = Math.floor(this.arenaZero / TWO_32);
    const pages = this.window === undefined ? 1 : FIRST_PAGES;
    this.readAt = new Int32Array(pages);
    this.writeAt = new Int32Array(pages);
    this.window?.watch(this);
  }

  /** Counts places from the page of `heapStart`; before any place of the heap is used. */
  setHeap(heapStart: Address): void {
    this.heapZero = heapStart - (heapStart % PAGE_SIZE) - ROOM_BELOW - HEAP_START;
    this.zeroLow = this.heapZero | 0;
    this.zeroHigh = Math.floor(this.heapZero / TWO_32);
  }

  /** Where places of the heap count from, for a child's own view of the same addresses. */
  get heapStart(): Address {
    return this.heapZero + HEAP_START + ROOM_BELOW;
  }

  /** Before a run of accesses: the words may be in another array since the last. */
  enter(): void {
    if (this.window !== undefined && this.window.words !== this.pool) this.refresh();
  }

  place(address: Address): Place {
    const fromArena = address - this.arenaZero;
    if (fromArena >= ARENA_START && fromArena < HEAP_START) return fromArena;
    const fromHeap = address - this.heapZero;
    if (fromHeap >= HEAP_START && fromHeap < HEAP_BYTES) return fromHeap;
    return address < ARENA_START ? address : address - ELSEWHERE;
  }

  address(place: Place): Address {
    if (place >= HEAP_START) return place + this.heapZero;
    if (place < -HEAP_BYTES) return place + ELSEWHERE;
    if (place >= ARENA_START) return place + this.arenaZero;
    return place >= 0 ? place : place + this.heapZero;
  }

  /** 32 bits as a signed integer. */
  load32(place: Place): number {
    if ((place | 0) === place && (place & 3) === 0) {
      const at = this.readAt[place >>> 12]!;
      if (at > 0) return this.words[at - 1 + ((place >>> 2) & 1023)]!;
    }
    return this.missed32(place);
  }

  store32(place: Place, value: number): void {
    if ((place | 0) === place && (place & 3) === 0) {
      const at = this.writeAt[place >>> 12]!;
      if (at > 0) {
        this.words[at - 1 + ((place >>> 2) & 1023)] = value;
        return;
      }
    }
    const address = this.address(place);
    this.memory.store32(address, value);
    this.learn(place, address);
  }

  /** 64 bits as a number: exact below 2^53. */
  loadWord(place: Place): number {
    if ((place | 0) === place && (place & 7) === 0) {
      const at = this.readAt[place >>> 12]!;
      if (at > 0) {
        const index = at - 1 + ((place >>> 2) & 1023);
        const low = this.words[index]!;
        const high = this.words[index + 1]!;
        if (high === 0 && low >= 0) return low;
        return (low >>> 0) + (high >>> 0) * TWO_32;
      }
    }
    const address = this.address(place);
    const value = this.memory.loadWord(address);
    this.learn(place, address);
    return value;
  }

  /** Stores a whole number from 0 up as 64 bits. */
  storeWord(place: Place, value: number): void {
    if ((place | 0) === place && (place & 7) === 0 && (value | 0) === value) {
      const at = this.writeAt[place >>> 12]!;
      if (at > 0) {
        const index = at - 1 + ((place >>> 2) & 1023);
        this.words[index] = value;
        this.words[index + 1] = 0;
        return;
      }
    }
    const address = this.address(place);
    this.memory.storeWord(address, value);
    this.learn(place, address);
  }

  /** Two halves of 64 bits. */
  storePair(place: Place, low: number, high: number): void {
    if ((place | 0) === place && (place & 7) === 0) {
      const at = this.writeAt[place >>> 12]!;
      if (at > 0) {
        const index = at - 1 + ((place >>> 2) & 1023);
        this.words[index] = low;
        this.words[index + 1] = high;
        return;
      }
    }
    this.store32(place, low);
    this.store32(place + 4, high);
  }

  /** The place that the 64 bits point to. From 2^47 up they are no address of a program. */
  loadLink(place: Place): Place {
    if ((place | 0) === place && (place & 7) === 0) {
      const at = this.readAt[place >>> 12]!;
      if (at > 0) {
        const index = at - 1 + ((place >>> 2) & 1023);
        return this.placeOf(this.words[index]!, this.words[index + 1]!);
      }
    }
    const address = this.address(place);
    const value = this.memory.loadWord(address);
    this.learn(place, address);
    return this.place(value);
  }

  /** Stores the address of `target`. */
  storeLink(place: Place, target: Place): void {
    if ((place | 0) === place && (place & 7) === 0 && (target | 0) === target && target >= 0) {
      const at = this.writeAt[place >>> 12]!;
      if (at > 0) {
        const index = at - 1 + ((place >>> 2) & 1023);
        if (target >= HEAP_START) {
          const low = (this.zeroLow + target) | 0;
          this.words[index] = low;
          this.words[index + 1] = this.zeroHigh + (low >>> 0 < this.zeroLow >>> 0 ? 1 : 0);
        } else if (target === 0) {
          this.words[index] = 0;
          this.words[index + 1] = 0;
        } else {
          this.words[index] = (this.arenaLow + target) | 0;
          this.words[index + 1] = this.arenaHigh;
        }
        return;
      }
    }
    const address = this.address(place);
    this.memory.storeWord(address, this.address(target));
    this.learn(place, address);
  }

  /**
   * Copies 64 bits from one place to another, xored with the address of `position` shifted right by
   * 12: safe-linking's PROTECT_PTR and REVEAL_PTR, exact for any bits.
   */
  copyProtected(to: Place, from: Place, position: Place): void {
    if (
      (to | 0) === to &&
      (from | 0) === from &&
      ((to | from) & 7) === 0 &&
      (position | 0) === position &&
      position >= HEAP_START
    ) {
      const readAt = this.readAt[from >>> 12]!;
      const writeAt = this.writeAt[to >>> 12]!;
      if (readAt > 0 && writeAt > 0) {
        const source = readAt - 1 + ((from >>> 2) & 1023);
        const target = writeAt - 1 + ((to >>> 2) & 1023);
        const low = (this.zeroLow + position) | 0;
        const high = this.zeroHigh + (low >>> 0 < this.zeroLow >>> 0 ? 1 : 0);
        this.words[target] = this.words[source]! ^ ((low >>> 12) | (high << 20));
        this.words[target + 1] = this.words[source + 1]! ^ (high >>> 12);
        return;
      }
    }
    this.copyProtectedSlowly(to, from, position);
  }

  /** The place that the safe-linked pointer at `position` leads to. */
  revealed(position: Place): Place {
    const low = this.load32(position);
    const high = this.load32(position + 4);
    const address = this.address(position);
    return this.placeOf(
      low ^ ((address / PAGE_SIZE) | 0),
      high ^ Math.floor(address / (PAGE_SIZE * TWO_32)),
    );
  }

  /** The low 32 bits of what a link at `position` is xored with. */
  protectionOf(position: Place): number {
    return (this.address(position) / PAGE_SIZE) | 0;
  }

  load64(place: Place): bigint {
    return this.memory.load64(this.address(place));
  }

  /** memset(3), page by page. */
  fill(place: Place, byte: number, bytes: number): void {
    const end = place + bytes;
    const small = byte === 0 && (place | 0) === place && ((place | bytes) & 7) === 0;
    for (let at = place; at < end;) {
      const count = Math.min(PAGE_SIZE - (at & 4095), end - at);
      const known = small ? this.writeAt[at >>> 12]! : 0;
      if (known > 0) {
        const first = known - 1 + ((at >>> 2) & 1023);
        const last = first + (count >>> 2);
        if (count > 256) this.words.fill(0, first, last);
        else for (let i = first; i < last; i++) this.words[i] = 0;
      } else {
        this.memory.fill(this.address(at), byte, count);
        this.enter();
      }
      at += count;
    }
  }

  /** memcpy(3) of areas that do not overlap, page by page. */
  copy(to: Place, from: Place, bytes: number): void {
    const small = (to | 0) === to && (from | 0) === from && ((to | from | bytes) & 7) === 0;
    for (let done = 0; done < bytes;) {
      const target = to + done;
      const source = from + done;
      const room = Math.min(PAGE_SIZE - (target & 4095), PAGE_SIZE - (source & 4095));
      const count = Math.min(room, bytes - done);
      const readAt = small ? this.readAt[source >>> 12]! : 0;
      const writeAt = small ? this.writeAt[target >>> 12]! : 0;
      if (readAt > 0 && writeAt > 0) {
        const first = readAt - 1 + ((source >>> 2) & 1023);
        const into = writeAt - 1 + ((target >>> 2) & 1023);
        const words = count >>> 2;
        if (count > 256) this.words.copyWithin(into, first, first + words);
        else for (let i = 0; i < words; i++) this.words[into + i] = this.words[first + i]!;
      } else {
        this.memory.copy(this.address(target), this.address(source), count);
        this.enter();
      }
      done += count;
    }
  }

  /** What the memory tells of pages that it moved or unmapped. */
  forgetPages(start: Address, end: Address): void {
    this.forget(start - this.arenaZero, Math.min(end - this.arenaZero, HEAP_START));
    this.forget(Math.max(start - this.heapZero, HEAP_START), end - this.heapZero);
  }

  private forget(from: Place, to: Place): void {
    const first = Math.max(0, Math.floor(from / PAGE_SIZE));
    const last = Math.min(this.lastPage, Math.ceil(to / PAGE_SIZE) - 1);
    for (let page = first; page <= last; page++) {
      this.readAt[page] = 0;
      this.writeAt[page] = 0;
    }
  }

  private refresh(): void {
    if (this.window === undefined) return;
    this.pool = this.window.words;
    this.words = new Int32Array(this.pool.buffer, this.pool.byteOffset, this.pool.length);
  }

  /** After an access that the tables could not serve: keeps where the page is, where it is small enough. */
  private learn(place: Place, address: Address): void {
    const { window } = this;
    if (window === undefined) return;
    if (window.words !== this.pool) this.refresh();
    if (place < ARENA_START || place >= 2 ** 31) return;
    const page = place >>> 12;
    if (page >= this.readAt.length / 2) this.growTables(page);
    this.readAt[page] = Math.max(window.readableAt(address), -1) + 1;
    this.writeAt[page] = Math.max(window.writableAt(address), -1) + 1;
    if (page > this.lastPage) this.lastPage = page;
  }

  /** Well before they are full, so that a fast path seldom asks beyond their end. */
  private growTables(page: number): void {
    const length = 2 ** Math.ceil(Math.log2(2 * page + 2));
    const grown = (old: Int32Array): Int32Array => {
      const table = new Int32Array(length);
      table.set(old);
      return table;
    };
    this.readAt = grown(this.readAt);
    this.writeAt = grown(this.writeAt);
  }

  private missed32(place: Place): number {
    const address = this.address(place);
    const value = this.memory.load32(address) | 0;
    this.learn(place, address);
    return value;
  }

  private placeOf(low: number, high: number): Place {
    const fromHeap = (low - this.zeroLow) | 0;
    const borrow = low >>> 0 < this.zeroLow >>> 0 ? 1 : 0;
    if (high - borrow === this.zeroHigh && fromHeap >= HEAP_START) return fromHeap;
    if (high === this.arenaHigh) {
      const fromArena = (low - this.arenaLow) | 0;
      if (fromArena >= ARENA_START && fromArena < HEAP_START) return fromArena;
    }
    return this.place((low >>> 0) + (high >>> 0) * TWO_32);
  }

  private copyProtectedSlowly(to: Place, from: Place, position: Place): void {
    const key = Math.floor(this.address(position) / PAGE_SIZE);
    const low = this.load32(from) ^ (key | 0);
    const high = this.load32(from + 4) ^ Math.floor(key / TWO_32);
    this.storePair(to, low, high);
  }
}
