/**
 * A pool (arena, region): chunks from malloc, cut from front to back, all freed at once; the same
 * program in C is notebooks/listings/07-pool.c.
 *
 *     chunk
 *     | previous | end | object | object | … free … |
 */
import type { ChunkInfo } from "../abi/slab-info.js";
import type { UserMemory } from "../abi/user-memory.js";
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";

/** `struct chunk { struct chunk *previous; char *end; };` */
const header = { previous: 0, end: 8, sizeBytes: 16 } as const;
const alignment = 16;

export interface PoolSource {
  allocate(sizeBytes: number): Address;
  free(chunk: Address): void;
}

export class Pool {
  private newest: Address = 0;
  private next: Address = 0;
  private end: Address = 0;
  /** How far each older chunk was filled: a program in C does not keep it, a picture wants it. */
  private readonly filled = new Map<Address, number>();

  constructor(
    private readonly memory: UserMemory,
    private readonly source: PoolSource,
    readonly chunkBytes: number,
  ) {
    if (!(chunkBytes >= 2 * header.sizeBytes))
      throw new UsageError(
        `a pool with chunks of ${chunkBytes} bytes`,
        "give at least 32: a chunk begins with a 16-byte header",
      );
  }

  /** The newest chunk; 0 where there is none. */
  get chunk(): Address {
    return this.newest;
  }

  /** Room of that size, a multiple of 16; 0 where the source has no more. */
  alloc(sizeBytes: number): Address {
    const size = Math.ceil(sizeBytes / alignment) * alignment;
    if (this.newest === 0 || this.end - this.next < size) {
      const bytes = Math.max(this.chunkBytes, size + header.sizeBytes);
      const chunk = this.source.allocate(bytes);
      if (chunk === 0) return 0;
      if (this.newest !== 0) this.filled.set(this.newest, this.next);
      this.memory.storeWord(chunk + header.previous, this.newest);
      this.memory.storeWord(chunk + header.end, chunk + bytes);
      this.newest = chunk;
      this.next = chunk + header.sizeBytes;
      this.end = chunk + bytes;
    }
    const object = this.next;
    this.next += size;
    return object;
  }

  /** Frees every object at once; how many chunks went back. */
  freeAll(): number {
    let chunks = 0;
    while (this.newest !== 0) {
      const previous = this.memory.loadWord(this.newest + header.previous);
      this.source.free(this.newest);
      this.newest = previous;
      chunks++;
    }
    this.next = this.end = 0;
    this.filled.clear();
    return chunks;
  }

  /** The newest chunk first. */
  chunks(): readonly ChunkInfo[] {
    const chunks: ChunkInfo[] = [];
    for (let chunk = this.newest; chunk !== 0; chunk = this.memory.loadWord(chunk)) {
      const end = this.memory.loadWord(chunk + header.end);
      const used = chunk === this.newest ? this.next : (this.filled.get(chunk) ?? end);
      chunks.push({
        address: chunk,
        sizeBytes: end - chunk,
        headerBytes: header.sizeBytes,
        usedBytes: used - chunk - header.sizeBytes,
      });
    }
    return chunks;
  }
}
