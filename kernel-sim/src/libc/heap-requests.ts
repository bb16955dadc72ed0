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
  /** Bytes asked for, by the pointer. */
  readonly live = new Map<Address, number>();
  private readonly freed = new Map<Address, number>();

  add(mem: Address, sizeBytes: number): void {
    if (mem === 0) return;
    this.live.set(mem, sizeBytes);
    if (this.freed.size > 0) this.freed.delete(mem);
  }

  remove(mem: Address): void {
    const sizeBytes = this.live.get(mem);
    if (sizeBytes === undefined) return;
    this.live.delete(mem);
    this.freed.set(mem, sizeBytes);
  }

  /** The object that malloc gave at that very address; `undefined` where it gave none, or other memory lies there now. */
  at(mem: Address): HeapObject | undefined {
    const live = this.live.get(mem);
    if (live !== undefined) return { sizeBytes: live, state: "live" };
    const freed = this.freed.get(mem);
    if (freed === undefined) return undefined;
    if (!this.isUsedAgain(mem, freed)) return { sizeBytes: freed, state: "freed" };
    this.freed.delete(mem);
    return undefined;
  }

  private isUsedAgain(mem: Address, sizeBytes: number): boolean {
    for (const [start, size] of this.live)
      if (start < mem + sizeBytes && mem < start + size) return true;
    return false;
  }
}
