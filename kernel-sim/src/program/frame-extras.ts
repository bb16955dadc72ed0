/** What few frames have: blocks, dynamic room, and the places that locals of blocks share. */
import { invariant } from "../core/errors.js";
import type { Address } from "../core/units.js";
import type { CType } from "./ctype.js";
import type { LocalTable } from "./local-table.js";
import type { Block, Placed } from "./locals.js";

interface Slot {
  readonly address: Address;
  readonly sizeBytes: number;
}

/** gcc shares the slots of dead block-locals from this size up (param min-size-for-stack-sharing). */
const sharedFromBytes = 32;

export class FrameExtras {
  /** The running block; `undefined` in the function's own. */
  block: Block | undefined;
  /** alloca's rooms, the oldest first; a loop may make very many. */
  readonly rooms: Placed[] = [];
  /** Places kept for locals that come after dynamic room, by their declarations. */
  reserved: Map<string, Address> | undefined;
  /** Places of small locals, by their blocks and declarations: each time the same. */
  private readonly slots = new Map<string, Address>();
  private readonly freeSlots: Slot[] = [];

  open(label: string, stackPointer: Address): Block {
    const around = this.block;
    this.block = { label, around, state: "open", stackPointer, vla: "none", alloca: "none" };
    return this.block;
  }

  /** The block's end: the places of its large locals are free for others. `locals` are of the frame, from `first` on. */
  close(block: Block, bp: Address, locals: LocalTable, first: number): void {
    block.state = "closed";
    this.block = block.around;
    for (let entry = first; entry < locals.count; entry++) {
      const placed = locals.placed[entry];
      if (placed?.kind !== "local" || placed.sizeBytes < sharedFromBytes) continue;
      if (locals.blocks[entry] !== block) continue;
      this.freeSlots.push({ address: bp - placed.distance, sizeBytes: placed.sizeBytes });
    }
  }

  addRoom(room: Placed): void {
    this.rooms.push(room);
    for (let { block } = this; block !== undefined; block = block.around) block.alloca = "some";
  }

  /** Where a block's local lies: where it lay before, in a dead one's place, or where `placeBelow` puts it. */
  placeInBlock(key: string, type: CType, block: Block, placeBelow: () => Address): Address {
    const own = `${labelsOf(block)}/${key}`;
    const known = this.slots.get(own);
    if (known !== undefined) return known;
    const shared = type.sizeBytes >= sharedFromBytes;
    const index = this.freeSlots.findIndex((slot) => slot.sizeBytes >= type.sizeBytes);
    if (shared && index >= 0) {
      const [slot] = this.freeSlots.splice(index, 1);
      invariant(slot !== undefined, "a free slot was found");
      return slot.address;
    }
    const address = placeBelow();
    if (!shared) this.slots.set(own, address);
    return address;
  }
}

/**
 * Whether the block's end moves the stack pointer back: where it has an array of variable length, and its text no
 * alloca(), called or not; the compiler decides by the text (gcc/gimplify.cc, keep_stack).
 */
export function givesBack(block: Block, body: () => unknown): boolean {
  return block.vla === "some" && block.alloca === "none" && !/\.alloca\(/.test(String(body));
}

/** The labels of a block and of those around it, the outermost first. */
function labelsOf(block: Block): string {
  return block.around === undefined ? block.label : `${labelsOf(block.around)}/${block.label}`;
}
