/**
 * Runs of malloc, calloc, realloc and free that do not leave the allocator's module between two calls
 * (kernel-sim/assembly/run.ts says how a call is written). The calls are copied into the linear memory a
 * part at a time; the answers lie there until the next run.
 */
import type { Address } from "../../core/units.js";
import type { MallocState } from "./state.js";

/** 32-bit words of calls that are copied at a time. Each call has at least three, and one answer. */
const PART_WORDS = 24 * 1024;
/** Words of the longest call. */
const LONGEST_CALL = 4;
const PART_ANSWERS = PART_WORDS / 3;

/** The calls of one list, of which some part is in linear memory. */
interface Part {
  readonly words: Int32Array;
  readonly from: number;
  readonly to: number;
}

export class CallRun {
  /** The address of each name, by its number; NaN where it was never set. */
  readonly addresses: NameAddresses;
  /** How many words the last run executed, and how many answers it gave. */
  words = 0;
  answers = 0;
  readonly #state: MallocState;
  readonly #commandsAt: number;
  readonly #answersAt: number;
  #part: Part | undefined;

  constructor(state: MallocState, expectedNames = 1024) {
    this.#state = state;
    const { window } = state.memory;
    this.#commandsAt = window.reserve(4 * PART_WORDS);
    this.#answersAt = window.reserve(8 * PART_ANSWERS);
    this.addresses = new NameAddresses(state, expectedNames);
  }

  /** Forgets the list of the last run: its words may be others now. */
  begin(): void {
    this.#part = undefined;
  }

  /**
   * Executes the calls from word `from` of a list on, at most `most`, up to one that it does not know; what
   * was done is in {@link words} and {@link answers}, also where the program ended in it.
   */
  run(list: Int32Array, length: number, from: number, most: number): void {
    const { module } = this.#state;
    const part = this.#partAt(list, length, from);
    const start = this.#commandsAt + 4 * (from - part.from);
    try {
      module.run(
        start,
        this.#commandsAt + 4 * (part.to - part.from),
        this.#answersAt,
        Math.min(most, PART_ANSWERS),
      );
    } finally {
      this.words = ((module.progressAt.value >>> 0) - start) / 4;
      this.answers = module.progressAnswers.value;
    }
  }

  /** The answers of the last run; they hold until the next. */
  answersOfRun(): Float64Array {
    return new Float64Array(this.#state.memory.window.pool.buffer, this.#answersAt, this.answers);
  }

  #partAt(words: Int32Array, length: number, from: number): Part {
    const old = this.#part;
    if (old?.words === words && from >= old.from && holdsCall(old, from, length)) return old;
    const to = Math.min(length, from + PART_WORDS);
    const target = new Int32Array(
      this.#state.memory.window.pool.buffer,
      this.#commandsAt,
      PART_WORDS,
    );
    target.set(words.subarray(from, to));
    this.#part = { words, from, to };
    return this.#part;
  }
}

/** Whether the part goes on to the list's end, or far enough to hold a whole call at `from`. */
function holdsCall(part: Part, from: number, length: number): boolean {
  return part.to - from >= (part.to === length ? 0 : LONGEST_CALL);
}

/** The addresses that names stand for, in linear memory, where the module reads and writes them. */
export class NameAddresses {
  readonly #state: MallocState;
  #at: number;
  #capacity: number;
  #view: Float64Array;
  /** One more than the highest name that was set from here. */
  #end = 0;

  constructor(state: MallocState, capacity: number) {
    this.#state = state;
    this.#capacity = capacity;
    this.#at = state.memory.window.reserve(8 * capacity);
    this.#view = new Float64Array(0);
    this.#tell();
  }

  /** NaN where nothing was set. */
  get(name: number): Address {
    if (name >= this.#capacity) return NaN;
    const value = this.#values()[name]!;
    return value === 0 ? NaN : value - 1;
  }

  set(name: number, address: Address): void {
    if (name >= this.#capacity) this.#grow(name);
    this.#end = Math.max(this.#end, name + 1);
    this.#values()[name] = address + 1;
  }

  /** Each address plus 1, 0 where there is none. */
  copied(): Float64Array {
    const endOfRuns = (this.#state.module.namesEnd.value - this.#at) / 8;
    return this.#values().slice(0, Math.max(this.#end, endOfRuns));
  }

  #values(): Float64Array {
    const { buffer } = this.#state.memory.window.pool;
    if (this.#view.buffer !== buffer) {
      this.#view = new Float64Array(buffer, this.#at, this.#capacity);
    }
    return this.#view;
  }

  #grow(name: number): void {
    const { window } = this.#state.memory;
    const old = this.copied();
    window.release(this.#at, 8 * this.#capacity);
    this.#end = old.length;
    this.#capacity = Math.max(name + 1, 2 * this.#capacity);
    this.#at = window.reserve(8 * this.#capacity);
    this.#view = new Float64Array(0);
    this.#values().set(old);
    this.#tell();
  }

  #tell(): void {
    this.#state.module.namesTable.value = this.#at;
    this.#state.module.namesCount.value = this.#capacity;
    this.#state.module.namesEnd.value = this.#at;
  }
}
