/**
 * Split stacks: a function's prologue compares what it needs with what its stacklet has left, and
 * takes another stacklet where it does not fit (gcc -fsplit-stack, libgcc's generic-morestack.c;
 * Go before 1.3).
 */
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import { PAGE_SIZE, pageCeil } from "../core/units.js";
import type { FunctionInfo, StackRegion } from "./stack-types.js";

/** One piece of a split stack. */
export interface Stacklet {
  readonly low: Address;
  readonly end: Address;
}

export interface SplitStackOptions {
  /**
   * The least size of a new stacklet; a larger frame gets whole pages more. libgcc of gcc 12 takes
   * sysconf(_SC_SIGSTKSZ) in whole pages: 16,384 bytes on a processor with AVX-512, 49,152 on one with AMX.
   */
  readonly stackletBytes: number;
  /** What becomes of a stacklet that its function left: Go freed it, libgcc keeps it for the next call. */
  readonly onReturn: "free" | "keep";
  /** What of the first stack counts as the first stacklet; libgcc assumes 16,000 bytes. */
  readonly firstBytes?: number;
}

/** What the split has cost so far. */
export interface SplitStackCost {
  /** Calls that did not fit and changed stacklets. */
  readonly switches: number;
  readonly allocated: number;
  readonly freed: number;
  readonly live: number;
}

/** Where the room for a stacklet comes from. */
export interface StackletSource {
  allocate(bytes: number): Address;
  free(low: Address, bytes: number): void;
}

/** What a split stack looks at. */
interface SplitHost {
  readonly sp: Address;
  readonly depth: number;
  readonly region: StackRegion;
}

/**
 * Bytes of a stacklet that no frame gets: its header (struct stack_segment, 56), and what is kept free for
 * __morestack and functions that do not check (BACKOFF in libgcc/config/i386/morestack.S, 3,584).
 */
const slackBytes = 56 + 3584;
/** A smaller frame is not added to the stack pointer before the comparison (gcc's SPLIT_STACK_AVAILABLE). */
const smallFrameBytes = 256;

interface Entry {
  readonly stacklet: Stacklet;
  /** The stack's depth at which this stacklet was entered. */
  readonly depth: number;
}

export class SplitStack {
  private switches = 0;
  private allocated = 0;
  private freed = 0;
  private readonly entries: Entry[] = [];
  private readonly kept: Stacklet[] = [];
  private low: Address;

  constructor(
    private readonly options: SplitStackOptions,
    private readonly source: StackletSource,
    pointer: Address,
  ) {
    if (!(options.stackletBytes >= PAGE_SIZE))
      throw new UsageError(
        `a stacklet of ${options.stackletBytes} bytes holds no frame`,
        "give stackletBytes from 4096 up: 3,640 of them are for the switch itself",
      );
    this.low = pointer - (options.firstBytes ?? 16_000);
  }

  get cost(): SplitStackCost {
    const { switches, allocated, freed } = this;
    return { switches, allocated, freed, live: this.entries.length };
  }

  /** The stacklets in use, oldest first, without the first stack. */
  stacklets(): readonly Stacklet[] {
    return this.entries.map((entry) => entry.stacklet);
  }

  /** The stack pointer on which the call of `fn` is made: the same, or the top of another stacklet. */
  prologue(stack: SplitHost, fn: FunctionInfo): Address {
    if (fn.frameBytes === undefined)
      throw new UsageError(
        `${fn.name}() runs on a split stack, and its frame's size is not known at entry`,
        "give it: c.define(header, body, { frameBytes: N }), as `sub $N,%rsp` in its disassembly",
      );
    const need = fn.frameBytes + 16;
    const checked = fn.frameBytes < smallFrameBytes ? 8 : need;
    if (stack.sp - checked >= this.low) return stack.sp;
    this.switches++;
    const stacklet = this.take(need);
    this.entries.push({ stacklet, depth: stack.depth });
    this.low = stacklet.low + slackBytes;
    return stacklet.end;
  }

  /** After a return: leaves the stacklet where the function that entered it is gone. */
  epilogue(stack: SplitHost): void {
    const last = this.entries.at(-1);
    if (last === undefined || last.depth !== stack.depth) return;
    this.entries.pop();
    const { stacklet } = last;
    if (this.options.onReturn === "free") {
      this.source.free(stacklet.low, stacklet.end - stacklet.low);
      this.freed++;
    } else this.kept.push(stacklet);
    const previous = this.entries.at(-1);
    this.low =
      previous === undefined
        ? stack.region.pointer - (this.options.firstBytes ?? 16_000)
        : previous.stacklet.low + slackBytes;
  }

  private take(need: number): Stacklet {
    const fits = this.kept.findLastIndex((one) => one.end - one.low >= need + slackBytes);
    const [known] = fits < 0 ? [] : this.kept.splice(fits, 1);
    if (known !== undefined) return known;
    const bytes = pageCeil(Math.max(this.options.stackletBytes, need + slackBytes));
    const low = this.source.allocate(bytes);
    this.allocated++;
    return { low, end: low + bytes };
  }
}
