/**
 * A slab allocator as a program would write it: page-aligned slabs of items of one size, the free list
 * inside the free items, the header found by rounding a pointer down (after J. Bonwick, "The Slab
 * Allocator", USENIX 1994; the same program in C is notebooks/listings/06-slab.c).
 *
 *     slab                                                      slab + slabBytes
 *     | next | free | used | colour |<- colour ->| item | item | … | rest |
 *
 * Everything lies in simulated memory: a dump of a slab shows what the program in C would show.
 */
import type { SlabCacheInfo, SlabInfo } from "../abi/slab-info.js";
import type { UserMemory } from "../abi/user-memory.js";
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import { PAGE_SIZE, hex } from "../core/units.js";
import { CACHE_LINE } from "./locality.js";

export interface SlabOptions {
  /** Bytes of a slab, a power of two from a page up; a page where not given. */
  readonly slabBytes?: number;
  /** `lines` shifts each further slab's items by a cache line, as far as the rest allows. */
  readonly colouring?: "none" | "lines";
}

/** Where slabs come from: posix_memalign(slabBytes, slabBytes), or mmap. 0 where there is no memory. */
export interface SlabSource {
  allocate(sizeBytes: number): Address;
  free(slab: Address): void;
}

/** `struct slab { struct slab *next; void *free; unsigned used, colour; };` */
const header = { next: 0, free: 8, used: 16, colour: 20, sizeBytes: 24 } as const;

/** A cache of items of one size. */
export class SlabCache {
  readonly itemBytes: number;
  readonly slabBytes: number;
  readonly itemsPerSlab: number;
  private first: Address = 0;
  private made = 0;
  private readonly restBytes: number;

  constructor(
    private readonly memory: UserMemory,
    private readonly source: SlabSource,
    itemBytes: number,
    private readonly options: SlabOptions = {},
  ) {
    this.itemBytes = Math.ceil(itemBytes / 8) * 8;
    this.slabBytes = options.slabBytes ?? PAGE_SIZE;
    const power = 2 ** Math.round(Math.log2(this.slabBytes));
    if (this.slabBytes < PAGE_SIZE || power !== this.slabBytes)
      throw new UsageError(
        `slabs of ${this.slabBytes} bytes`,
        "give a power of two from 4096 up: a pointer rounded down must find the header",
      );
    this.itemsPerSlab = Math.floor((this.slabBytes - header.sizeBytes) / this.itemBytes);
    if (!(itemBytes > 0) || this.itemsPerSlab < 1)
      throw new UsageError(
        `items of ${itemBytes} bytes in slabs of ${this.slabBytes}`,
        "give items from 1 byte up that fit in a slab beside its 24-byte header",
      );
    this.restBytes = this.slabBytes - header.sizeBytes - this.itemsPerSlab * this.itemBytes;
  }

  /** An item, 0 where the source has no more memory. The most recently freed is given first. */
  alloc(): Address {
    const { memory } = this;
    let slab = this.first;
    while (slab !== 0 && memory.loadWord(slab + header.free) === 0)
      slab = memory.loadWord(slab + header.next);
    if (slab === 0) slab = this.grow();
    if (slab === 0) return 0;
    const item = memory.loadWord(slab + header.free);
    memory.storeWord(slab + header.free, memory.loadWord(item));
    memory.store32(slab + header.used, memory.load32(slab + header.used) + 1);
    return item;
  }

  /** Puts the item at the head of its slab's free list. It is not checked that it was given out. */
  free(item: Address): void {
    const slab = this.slabOf(item);
    this.memory.storeWord(item, this.memory.loadWord(slab + header.free));
    this.memory.storeWord(slab + header.free, item);
    this.memory.store32(slab + header.used, this.memory.load32(slab + header.used) - 1);
  }

  /** `(struct slab *)((uintptr_t)item & ~(slabBytes - 1))`. */
  slabOf(item: Address): Address {
    return item - (item % this.slabBytes);
  }

  /** Gives back the slabs without used items; how many there were. */
  shrink(): number {
    let freed = 0;
    let link = 0;
    let slab = this.first;
    while (slab !== 0) {
      const next = this.memory.loadWord(slab + header.next);
      if (this.memory.load32(slab + header.used) === 0) {
        if (link === 0) this.first = next;
        else this.memory.storeWord(link + header.next, next);
        this.source.free(slab);
        freed++;
      } else link = slab;
      slab = next;
    }
    return freed;
  }

  info(): SlabCacheInfo {
    const slabs: SlabInfo[] = [];
    for (let slab = this.first; slab !== 0; slab = this.memory.loadWord(slab + header.next))
      slabs.push(this.slabInfo(slab));
    return { itemBytes: this.itemBytes, slabs };
  }

  private slabInfo(slab: Address): SlabInfo {
    const colourBytes = this.memory.load32(slab + header.colour);
    const freeList: Address[] = [];
    for (
      let item = this.memory.loadWord(slab + header.free);
      item !== 0 && freeList.length < this.itemsPerSlab;
      item = this.memory.loadWord(item)
    )
      freeList.push(item);
    const free = new Set(freeList);
    const start = slab + header.sizeBytes + colourBytes;
    const items = Array.from({ length: this.itemsPerSlab }, (_, i) =>
      free.has(start + i * this.itemBytes) ? ("free" as const) : ("used" as const),
    );
    return {
      address: slab,
      sizeBytes: this.slabBytes,
      headerBytes: header.sizeBytes,
      colourBytes,
      freeList,
      items,
    };
  }

  private grow(): Address {
    const { memory, itemBytes } = this;
    const slab = this.source.allocate(this.slabBytes);
    if (slab === 0) return 0;
    if (slab % this.slabBytes !== 0)
      throw new UsageError(
        `the source gave ${hex(slab)}, which is not a multiple of ${this.slabBytes}`,
        "give slabs aligned to their size: posix_memalign, aligned_alloc or mmap of a page",
      );
    const colours = Math.floor(this.restBytes / CACHE_LINE) + 1;
    const colour = this.options.colouring === "lines" ? (this.made % colours) * CACHE_LINE : 0;
    this.made++;
    const start = slab + header.sizeBytes + colour;
    const last = start + (this.itemsPerSlab - 1) * itemBytes;
    for (let item = start; item < last; item += itemBytes) memory.storeWord(item, item + itemBytes);
    memory.storeWord(last, 0);
    memory.storeWord(slab + header.next, this.first);
    memory.storeWord(slab + header.free, start);
    memory.store32(slab + header.used, 0);
    memory.store32(slab + header.colour, colour);
    this.first = slab;
    return slab;
  }
}
