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
  /** Each number plus 1, so that memory that was never written means "not set" and costs the host nothing. */
  #values: Float64Array;
  /** No index from here up was ever set. */
  #end = 0;

  constructor(capacity = 1024) {
    this.#values = new Float64Array(capacity);
  }

  /** NaN where nothing was set. */
  get(index: number): number {
    if (index >= this.#end) return NaN;
    const value = this.#values[index] as number;
    return value === 0 ? NaN : value - 1;
  }

  set(index: number, value: number): void {
    if (index >= this.#end) {
      if (index >= this.#values.length) this.#grow(index);
      this.#end = index + 1;
    }
    this.#values[index] = value + 1;
  }

  copy(): SparseNumbers {
    const copy = new SparseNumbers(0);
    copy.#values = this.#values.slice(0, this.#end);
    copy.#end = this.#end;
    return copy;
  }

  #grow(index: number): void {
    const larger = new Float64Array(
      Math.max(index + 1, this.#values.length + (this.#values.length >> 1)),
    );
    larger.set(this.#values);
    this.#values = larger;
  }
}
