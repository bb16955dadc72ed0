/** Growable arrays of numbers, for a trace of a million commands. */

/** 32-bit integers; they may be cleared and filled again without being allocated anew. */
export class Int32List {
  values: Int32Array;
  length = 0;

  constructor(capacity = 1024) {
    this.values = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(2 * this.length);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  /** The value at an index below the length. */
  at(index: number): number {
    return this.values[index] as number;
  }
}

/** A growable array of whole numbers from 0 up, NaN wherever nothing was set. */
export class SparseNumbers {
  /** Each number plus 1, 0 where none was set. */
  #values: Float64Array;

  constructor(values: Float64Array) {
    this.#values = values;
  }

  /** NaN where nothing was set. */
  get(index: number): number {
    const value = this.#values[index] ?? 0;
    return value === 0 ? NaN : value - 1;
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) {
      const larger = new Float64Array(Math.max(index + 1, 2 * this.#values.length));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[index] = value + 1;
  }

  /** The numbers, each plus 1; 0 where none was set. */
  copied(): Float64Array {
    return this.#values.slice();
  }
}
