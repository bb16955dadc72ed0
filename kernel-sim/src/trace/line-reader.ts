/** Reads one line of a trace, word by word, from bytes. */

const SPACE = 32;
const TAB = 9;
const CARRIAGE_RETURN = 13;
const HASH = 35;
const ZERO = 48;
const NINE = 57;

/** Thrown where a word is not what was expected; the parser adds file and line. */
export class Unexpected extends Error {
  readonly expected: string;
  readonly start: number;
  readonly end: number;

  constructor(expected: string, start: number, end: number) {
    super(expected);
    this.expected = expected;
    this.start = start;
    this.end = end;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN;
}

export class LineReader {
  bytes: Uint8Array = new Uint8Array(0);
  /** The word that was read last: bytes [start, end). */
  start = 0;
  end = 0;
  #lineEnd = 0;

  /** Begins a line, bytes [start, end); a comment counts as its end. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = this.end = start;
    let at = start;
    while (at < end && bytes[at] !== HASH) at++;
    this.#lineEnd = at;
  }

  /** Moves to the next word; false where the line has ended. */
  next(): boolean {
    let at = this.end;
    while (at < this.#lineEnd && isSpace(this.bytes[at])) at++;
    this.start = at;
    while (at < this.#lineEnd && !isSpace(this.bytes[at])) at++;
    this.end = at;
    return at > this.start;
  }

  /** Moves to the next word, which must be there. */
  require(expected: string): void {
    if (!this.next()) this.fail(expected);
  }

  /** The word as text. */
  text(start: number = this.start, end: number = this.end): string {
    return String.fromCharCode(...this.bytes.subarray(start, end));
  }

  /** Whether the bytes [start, end) are those of a word. */
  is(word: Uint8Array, start: number, end: number): boolean {
    if (end - start !== word.length) return false;
    for (let i = 0; i < word.length; i++) if (this.bytes[start + i] !== word[i]) return false;
    return true;
  }

  fail(expected: string, start: number = this.start): never {
    throw new Unexpected(expected, start, this.end);
  }

  /** The number in bytes [start, end of the word): decimal or 0x, with a suffix of K M G T; exact. */
  number(start: number = this.start): number | bigint {
    const bytes = this.bytes;
    let value = 0;
    let at = start;
    if (bytes[at] === ZERO && bytes[at + 1] === 0x78 && this.end > at + 2) {
      return this.#exactNumber(start);
    }
    for (; at < this.end; at++) {
      const byte = bytes[at] as number;
      if (byte < ZERO || byte > NINE) break;
      value = value * 10 + byte - ZERO;
    }
    if (at === start) this.fail("a number", start);
    if (at < this.end || value > Number.MAX_SAFE_INTEGER) return this.#exactNumber(start);
    return value;
  }

  #exactNumber(start: number): number | bigint {
    const match = /^(0x[0-9a-f]+|[0-9]+)([KMGT]?)$/i.exec(this.text(start));
    const digits = match?.[1];
    const suffix = match?.[2];
    if (digits === undefined || suffix === undefined) {
      this.fail("a number: decimal or 0x hex, with K, M, G or T after it where wanted", start);
    }
    const shift = 10n * BigInt(suffix === "" ? 0 : "KMGT".indexOf(suffix.toUpperCase()) + 1);
    const value = BigInt(digits) << shift;
    if (value >= 1n << 64n) this.fail("a number below 2^64", start);
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }
}
