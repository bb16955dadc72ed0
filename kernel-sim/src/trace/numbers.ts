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

  at(index: number): number {
    return this.values[index] ?? 0;
  }
}

/** A growable array that holds NaN wherever nothing was set. */
export class SparseNumbers {
  #values: Float64Array;

  constructor(capacity = 1024) {
    this.#values = new Float64Array(capacity).fill(NaN);
  }

  /** NaN where nothing was set. */
  get(index: number): number {
    return index < this.#values.length ? (this.#values[index] as number) : NaN;
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) this.#grow(index);
    this.#values[index] = value;
  }

  copy(): SparseNumbers {
    const copy = new SparseNumbers(0);
    copy.#values = this.#values.slice();
    return copy;
  }

  #grow(index: number): void {
    const larger = new Float64Array(
      Math.max(index + 1, this.#values.length + (this.#values.length >> 1)),
    ).fill(NaN);
    larger.set(this.#values);
    this.#values = larger;
  }
}
