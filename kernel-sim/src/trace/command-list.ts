/**
 * Parsed commands, compactly: each is a run of 32-bit words.
 *
 *     op | has child << 8   [child's name]   operands, in the language's order
 *
 * An operand takes one word (a name's number, a constant, a number), an address two (its base and its
 * distance), the flags of mmap and mremap five (flags, file or NONE, offset, base of at= or NONE, distance).
 * A number that needs more than 31 bits, or has a sign, is kept in a table beside, and its word is -1 - index.
 */
import { Int32List } from "./numbers.js";

export const HAS_CHILD = 0x100;
/** In the place of a name: there is none. */
export const NONE = -1;
/** In the place of an address's base: the heap's start, the top of the mmap area. */
export const BASE_HEAP = -2;
export const BASE_TOP = -3;

export class CommandList {
  readonly words = new Int32List(16 * 1024);
  #large: (number | bigint)[] = [];
  /** How many commands there are. */
  count = 0;

  clear(): void {
    this.words.length = 0;
    this.#large = [];
    this.count = 0;
  }

  pushNumber(value: number | bigint): void {
    if (typeof value === "number" && value >= 0 && value <= 0x7fffffff) {
      this.words.push(value);
    } else {
      this.#large.push(value);
      this.words.push(-this.#large.length);
    }
  }

  /** The number in a word, exact: beyond 2^53 a bigint. */
  exactAt(index: number): number | bigint {
    const word = this.words.at(index);
    return word >= 0 ? word : (this.#large[-1 - word] ?? 0);
  }

  /** The number in a word, rounded where it is beyond 2^53: for sizes that the kernel refuses anyway. */
  numberAt(index: number): number {
    const word = this.words.at(index);
    return word >= 0 ? word : Number(this.#large[-1 - word]);
  }
}
