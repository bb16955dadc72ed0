/**
 * What a program asked of malloc, which glibc does not remember: of memory in use and of memory that was freed, as
 * AddressSanitizer keeps it.
 */
import type { Address } from "../core/units.js";

/** An object of the heap, by the pointer that malloc gave. */
export interface HeapObject {
  readonly sizeBytes: number;
  readonly state: "live" | "freed";
}

export class HeapRequests {
  /** Bytes asked for, by the pointer; of freed memory -1 less them. */
  private readonly requests: Map<Address, number>;

  /** Empty, or as the parent's of a child process. */
  constructor(parent?: HeapRequests) {
    this.requests = new Map(parent?.requests);
  }

  add(mem: Address, sizeBytes: number): void {
    if (mem !== 0) this.requests.set(mem, sizeBytes);
  }

  remove(mem: Address): void {
    const sizeBytes = this.requests.get(mem);
    if (sizeBytes !== undefined && sizeBytes >= 0) this.requests.set(mem, -1 - sizeBytes);
  }

  /** Bytes asked for of memory in use; `undefined` for any other address. */
  get(mem: Address): number | undefined {
    const sizeBytes = this.requests.get(mem);
    return sizeBytes === undefined || sizeBytes < 0 ? undefined : sizeBytes;
  }

  /** The object that malloc gave at that very address; `undefined` where it gave none, or other memory lies there now. */
  at(mem: Address): HeapObject | undefined {
    const sizeBytes = this.requests.get(mem);
    if (sizeBytes === undefined) return undefined;
    if (sizeBytes >= 0) return { sizeBytes, state: "live" };
    const freed = -1 - sizeBytes;
    if (!this.isUsedAgain(mem, freed)) return { sizeBytes: freed, state: "freed" };
    this.requests.delete(mem);
    return undefined;
  }

  private isUsedAgain(mem: Address, sizeBytes: number): boolean {
    for (const [start, size] of this.requests)
      if (size >= 0 && start < mem + sizeBytes && mem < start + size) return true;
    return false;
  }
}
