/** The answers of a batch of commands, kept as numbers until they are printed. */
import { errnoName } from "../abi/errno.js";
import type { Address } from "../core/units.js";
import { ANSWER_ADDRESS, ANSWER_OK, ANSWER_UNSET } from "../libc/ptmalloc/calls.js";
import type { ByteWriter } from "./byte-writer.js";
import { addressText } from "./layout.js";
import type { Layout } from "./layout.js";

const NEWLINE = 10;

/** Kinds of answers beside those of a run of calls. */
const NUMBER = 2;
const ERROR = 3;
const TEXT = 5;
/** An answer is a double, so many times its value plus its kind. */
const KINDS = 8;
/** Numbers from here up are kept as text. */
const TOO_LARGE = 2 ** 49;

export class Answers {
  #values = new Float64Array(1024);
  #texts: string[] = [];
  count = 0;

  clear(): void {
    this.count = 0;
    this.#texts = [];
  }

  ok(): void {
    this.#push(ANSWER_OK, 0);
  }

  /** `= ADDRESS`. */
  address(address: Address): void {
    this.#push(ANSWER_ADDRESS, address);
  }

  number(value: number): void {
    if (value < TOO_LARGE) this.#push(NUMBER, value);
    else this.text(String(value));
  }

  /** The name of an error. */
  error(errno: number): void {
    this.#push(ERROR, errno);
  }

  /** A name was meant that was never set. */
  unset(): void {
    this.#push(ANSWER_UNSET, 0);
  }

  text(text: string): void {
    this.#push(TEXT, this.#texts.length);
    this.#texts.push(text);
  }

  /** The answers to a run of calls, as CallRun gives them. */
  append(answers: Float64Array): void {
    this.#makeRoom(answers.length);
    this.#values.set(answers, this.count);
    this.count += answers.length;
  }

  /** The answer to a command of the batch, without its newline. */
  lineAt(index: number, layout: Layout): string {
    const kind = this.#kindAt(index);
    const value = this.#valueAt(index);
    switch (kind) {
      case ANSWER_OK:
        return "ok";
      case ANSWER_ADDRESS:
        return `= ${addressText(layout, value)}`;
      case NUMBER:
        return String(value);
      case ERROR:
        return errnoName(value);
      case ANSWER_UNSET:
        return "unset";
      default:
        return this.#texts[value] ?? "";
    }
  }

  /** Writes the answer to a command of the batch, and a newline. */
  write(index: number, layout: Layout, out: ByteWriter): void {
    const kind = this.#kindAt(index);
    if (kind === ANSWER_OK) {
      out.text("ok\n");
      return;
    }
    const value = this.#valueAt(index);
    if (
      kind === ANSWER_ADDRESS &&
      value >= layout.heap &&
      value - layout.heap < layout.top - value
    ) {
      out.text("= heap+");
      out.hex(value - layout.heap);
    } else {
      out.text(this.lineAt(index, layout));
    }
    out.byte(NEWLINE);
  }

  #kindAt(index: number): number {
    return this.#values[index]! % KINDS;
  }

  #valueAt(index: number): number {
    return Math.floor(this.#values[index]! / KINDS);
  }

  #push(kind: number, value: number): void {
    this.#makeRoom(1);
    this.#values[this.count++] = value * KINDS + kind;
  }

  #makeRoom(more: number): void {
    if (this.count + more <= this.#values.length) return;
    const values = new Float64Array(Math.max(2 * this.count, this.count + more));
    values.set(this.#values);
    this.#values = values;
  }
}
