/**
 * The locals of all frames of a stack, in the order in which they were declared: arrays, of which a frame has a piece,
 * so that a million frames with locals make no garbage.
 */
import type { Block, Placed } from "./locals.js";

/** What is known of writes to a local: none, perhaps one through a pointer, one by its name, some of its parts. */
export const WRITTEN = { never: 0, maybe: 1, yes: 2, partly: 3 } as const;

const firstRoom = 256;
/** Of a larger local one write counts for the whole. */
const mostBytesInParts = 65_536;
const bitsOfPart = 32;

export class LocalTable {
  /** Locals in use: the running frame's are the last. */
  count = 0;
  readonly placed: Placed[] = [];
  readonly blocks: (Block | undefined)[] = [];
  /** The number of the declaration that each is of. */
  declared: Float64Array = new Float64Array(firstRoom);
  written: Uint8Array = new Uint8Array(firstRoom);
  /** Of small locals that were written in parts, a bit for each byte stored; of larger ones a byte. */
  private bits = new Uint32Array(firstRoom);
  private readonly parts = new Map<number, Uint8Array>();

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
      const bits = new Uint32Array(entry * 2);
      bits.set(this.bits);
      this.bits = bits;
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

  /** Bytes [from, to) of a local of `sizeBytes` were stored. */
  writePart(entry: number, from: number, to: number, sizeBytes: number): void {
    if (sizeBytes > mostBytesInParts) {
      this.written[entry] = WRITTEN.yes;
      return;
    }
    const first = this.written[entry] === WRITTEN.never;
    this.written[entry] = WRITTEN.partly;
    if (sizeBytes < bitsOfPart) {
      this.bits[entry] = (first ? 0 : (this.bits[entry] ?? 0)) | bitRange(from, to);
      return;
    }
    if (first) this.parts.set(entry, new Uint8Array(sizeBytes));
    this.parts.get(entry)?.fill(1, from, to);
  }

  /** Whether all of those bytes were stored, of a local of `sizeBytes` that was written in parts. */
  isWritten(entry: number, from: number, to: number, sizeBytes: number): boolean {
    if (sizeBytes < bitsOfPart) return (~(this.bits[entry] ?? 0) & bitRange(from, to)) === 0;
    return this.parts.get(entry)?.subarray(from, to).includes(0) !== true;
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

/** The bits from `from` up to and without `to`; both are less than 32. */
function bitRange(from: number, to: number): number {
  return (1 << to) - (1 << from);
}
