/** The names of a trace, each with a number, in the order in which they first occur. */

/** FNV-1a (its published constants), over bytes. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash >>> 0;
}

/** A hash table in typed arrays: hundreds of thousands of names cost some 20 bytes each. */
export class NameTable {
  #slots: Int32Array;
  #starts: Int32Array;
  #bytes: Uint8Array;
  #count = 0;

  /** `expected` names fit without growing; what is not used of that costs the host nothing. */
  constructor(expected = 1024) {
    this.#slots = new Int32Array(2 ** Math.max(11, Math.ceil(Math.log2(expected))));
    this.#starts = new Int32Array(expected + 1);
    this.#bytes = new Uint8Array(8 * expected);
  }

  get count(): number {
    return this.#count;
  }

  /** The number of the name in bytes [start, end), a new one where it is new. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(bytes, start, end) & mask;
    for (;;) {
      const entry = this.#slots[slot] as number;
      if (entry === 0) break;
      if (this.#is(entry - 1, bytes, start, end)) return entry - 1;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.#append(bytes, start, end) + 1;
    if (4 * this.#count > 3 * this.#slots.length) this.#rehash();
    return this.#count - 1;
  }

  /** The name that has a number. */
  text(number: number): string {
    const bytes = this.#bytes.subarray(this.#starts[number], this.#starts[number + 1]);
    return String.fromCharCode(...bytes);
  }

  #is(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[number] as number;
    if ((this.#starts[number + 1] as number) - from !== end - start) return false;
    for (let i = start; i < end; i++) {
      if (bytes[i] !== this.#bytes[from + i - start]) return false;
    }
    return true;
  }

  #append(bytes: Uint8Array, start: number, end: number): number {
    const number = this.#count++;
    if (number + 2 > this.#starts.length)
      this.#starts = grown(this.#starts, number + (number >> 1) + 2);
    const from = this.#starts[number] as number;
    const to = from + end - start;
    if (to > this.#bytes.length) this.#bytes = grown(this.#bytes, to + (to >> 1));
    // Byte by byte, since a name is short and a subarray is an object.
    for (let i = start; i < end; i++) this.#bytes[from + i - start] = bytes[i] as number;
    this.#starts[number + 1] = to;
    return number;
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.#count; number++) {
      const from = this.#starts[number] as number;
      const to = this.#starts[number + 1] as number;
      let slot = hashOf(this.#bytes, from, to) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}

function grown<T extends Int32Array | Uint8Array>(array: T, length: number): T {
  const larger = new (array.constructor as new (length: number) => T)(length);
  larger.set(array);
  return larger;
}
