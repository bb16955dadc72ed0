/** A process of a trace, with the names that it knows. */
import type { Address } from "../core/units.js";
import { BASE_HEAP, BASE_TOP } from "./command-list.js";
import type { Layout } from "./layout.js";
import { SparseNumbers } from "./numbers.js";
import type { TracedProcess } from "./traced-process.js";

/** The address of each name, by its number; NaN where it was never set. */
export interface Addresses {
  get(name: number): Address;
  set(name: number, address: Address): void;
  /** The addresses, each plus 1; 0 where none was set. */
  copied(): Float64Array;
}

export class TracedState {
  readonly process: TracedProcess;
  readonly layout: Layout;
  readonly addresses: Addresses;
  /** The file descriptor of each name. */
  readonly files: SparseNumbers;

  constructor(
    process: TracedProcess,
    layout: Layout,
    addresses: Addresses,
    files: SparseNumbers = new SparseNumbers(new Float64Array(16)),
  ) {
    this.process = process;
    this.layout = layout;
    this.addresses = addresses;
    this.files = files;
  }

  /** The state of a child after its fork: it knows what its parent knew. */
  copyFor(child: TracedProcess): TracedState {
    return new TracedState(
      child,
      this.layout,
      new SparseNumbers(this.addresses.copied()),
      new SparseNumbers(this.files.copied()),
    );
  }

  /** The address that a base stands for; NaN where it was never set. */
  base(base: number): Address {
    if (base === BASE_HEAP) return this.layout.heap;
    if (base === BASE_TOP) return this.layout.top;
    return this.addresses.get(base);
  }
}
