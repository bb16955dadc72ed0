/** The answers of a batch of commands, kept as numbers until they are printed. */
import { errnoName } from "../abi/errno.js";
import type { Address } from "../core/units.js";
import type { ByteWriter } from "./byte-writer.js";
import { addressText } from "./layout.js";
import type { Layout } from "./layout.js";

const NEWLINE = 10;

const OK = 0;
const ADDRESS = 1;
const NUMBER = 2;
const ERROR = 3;
const UNSET = 4;
const TEXT = 5;

export class Answers {
  #kinds = new Uint8Array(1024);
  #values = new Float64Array(1024);
  #texts: string[] = [];
  count = 0;

  clear(): void {
    this.count = 0;
    this.#texts = [];
  }

  ok(): void {
    this.#push(OK, 0);
  }

  /** `= ADDRESS`. */
  address(address: Address): void {
    this.#push(ADDRESS, address);
  }

  number(value: number): void {
    this.#push(NUMBER, value);
  }

  /** The name of an error. */
  error(errno: number): void {
    this.#push(ERROR, errno);
  }

  /** A name was meant that was never set. */
  unset(): void {
    this.#push(UNSET, 0);
  }

  text(text: string): void {
    this.#push(TEXT, this.#texts.length);
    this.#texts.push(text);
  }

  /** The answer to a command of the batch, without its newline. */
  lineAt(index: number, layout: Layout): string {
    const value = this.#values[index] ?? 0;
    switch (this.#kinds[index]) {
      case OK:
        return "ok";
      case ADDRESS:
        return `= ${addressText(layout, value)}`;
      case NUMBER:
        return String(value);
      case ERROR:
        return errnoName(value);
      case UNSET:
        return "unset";
      default:
        return this.#texts[value] ?? "";
    }
  }

  /** Writes the answer to a command of the batch, and a newline. */
  write(index: number, layout: Layout, out: ByteWriter): void {
    const value = this.#values[index] ?? 0;
    const kind = this.#kinds[index];
    if (kind === OK) {
      out.text("ok\n");
      return;
    }
    if (kind === ADDRESS && value >= layout.heap && value - layout.heap < layout.top - value) {
      out.text("= heap+");
      out.hex(value - layout.heap);
    } else {
      out.text(this.lineAt(index, layout));
    }
    out.byte(NEWLINE);
  }

  #push(kind: number, value: number): void {
    if (this.count === this.#kinds.length) {
      const kinds = new Uint8Array(2 * this.count);
      kinds.set(this.#kinds);
      this.#kinds = kinds;
      const values = new Float64Array(2 * this.count);
      values.set(this.#values);
      this.#values = values;
    }
    this.#kinds[this.count] = kind;
    this.#values[this.count++] = value;
  }
}
