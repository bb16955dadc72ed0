/**
 * The locals of all frames of a stack, in the order in which they were declared: arrays, of which a frame has a piece,
 * so that a million frames with locals make no garbage.
 */
import type { Block, Placed } from "./locals.js";

/** What is known of writes to a local: none, perhaps one through a pointer, one by its name. */
export const WRITTEN = { never: 0, maybe: 1, yes: 2 } as const;

const firstRoom = 256;

export class LocalTable {
  /** Locals in use: the running frame's are the last. */
  count = 0;
  readonly placed: Placed[] = [];
  readonly blocks: (Block | undefined)[] = [];
  /** The number of the declaration that each is of. */
  declared = new Float64Array(firstRoom);
  written = new Uint8Array(firstRoom);

  /** One more, of the running frame: its number. */
  add(placed: Placed, block: Block | undefined, declared: number): number {
    const entry = this.count++;
    if (entry === this.written.length) {
      const longer = new Uint8Array(entry * 2);
      longer.set(this.written);
      this.written = longer;
      const numbers = new Float64Array(entry * 2);
      numbers.set(this.declared);
      this.declared = numbers;
    }
    this.put(entry, placed, block, declared);
    return entry;
  }

  put(entry: number, placed: Placed, block: Block | undefined, declared: number): void {
    this.placed[entry] = placed;
    this.blocks[entry] = block;
    this.declared[entry] = declared;
    this.written[entry] = WRITTEN.never;
  }

  /** Whether that declaration's object is the one there, and its block goes on. */
  holds(entry: number, declared: number): boolean {
    return this.declared[entry] === declared && this.blocks[entry]?.state !== "closed";
  }

  /**
   * A block that runs again declares the same again, in the same place: the entry of a local that is dead and is
   * declared there anew, or of an array of variable length that is gone; -1 where there is none.
   */
  dead(from: number, { name, distance }: Placed): number {
    for (let entry = from; entry < this.count; entry++) {
      if (this.blocks[entry]?.state !== "closed") continue;
      const before = this.placed[entry];
      if (before?.kind === "vla") return entry;
      if (before?.name === name && before.distance === distance) return entry;
    }
    return -1;
  }
}
