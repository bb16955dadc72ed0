/**
 * The vmas of an address space, by address: a treap, with the largest gap below a vma kept for each
 * subtree, so that a free range is found in time logarithmic in their number. It stands where Linux
 * has the maple tree (lib/maple_tree.c: mas_empty_area_rev, mas_empty_area).
 */
import { invariant } from "../core/errors.js";
import type { Address } from "../core/units.js";
import type { Gap, Vma, VmaMap } from "./model.js";

export class VmaTree implements VmaMap {
  #root: Vma | null = null;
  #first: Vma | null = null;
  #last: Vma | null = null;
  /** map_count. */
  size = 0;
  #random = 0x9e3779b9;
  /** The vma that was found last; programs tend to come back to it. */
  #recent: Vma | null = null;

  get first(): Vma | null {
    return this.#first;
  }

  get last(): Vma | null {
    return this.#last;
  }

  /** The vma that holds the address, or the first above it (find_vma). */
  find(address: Address): Vma | null {
    const recent = this.#recent;
    if (recent !== null && address >= recent.start && address < recent.end) return recent;
    let node = this.#root;
    let found: Vma | null = null;
    while (node !== null) {
      if (node.end > address) {
        found = node;
        if (node.start <= address) break;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    if (found !== null) this.#recent = found;
    return found;
  }

  /** The vma that holds the address; null where none does (vma_lookup). */
  at(address: Address): Vma | null {
    const vma = this.find(address);
    return vma !== null && vma.start <= address ? vma : null;
  }

  /** The last vma that ends at or below the address. */
  before(address: Address): Vma | null {
    const vma = this.find(address);
    return vma === null ? this.#last : vma.prev;
  }

  /** The first vma that overlaps [start, end) (find_vma_intersection). */
  intersecting(start: Address, end: Address): Vma | null {
    const vma = this.find(start);
    return vma !== null && vma.start < end ? vma : null;
  }

  insert(vma: Vma): void {
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    vma.priority = this.#random >>> 0;
    vma.left = vma.right = vma.parent = null;
    let node = this.#root;
    let parent: Vma | null = null;
    let below: Vma | null = null;
    let above: Vma | null = null;
    while (node !== null) {
      parent = node;
      if (vma.start < node.start) {
        above = node;
        node = node.left;
      } else {
        below = node;
        node = node.right;
      }
    }
    invariant(
      (below === null || below.end <= vma.start) && (above === null || vma.end <= above.start),
      "a vma is put where another is",
    );
    vma.parent = parent;
    if (parent === null) this.#root = vma;
    else if (vma.start < parent.start) parent.left = vma;
    else parent.right = vma;
    vma.prev = below;
    vma.next = above;
    if (below === null) this.#first = vma;
    else below.next = vma;
    if (above === null) this.#last = vma;
    else above.prev = vma;
    this.size++;
    this.#pull(vma);
    while (vma.parent !== null && vma.parent.priority < vma.priority) this.#rotateUp(vma);
    this.#propagate(vma);
    if (above !== null) this.#propagate(above);
  }

  remove(vma: Vma): void {
    if (this.#recent === vma) this.#recent = null;
    while (vma.left !== null || vma.right !== null) {
      const { left, right } = vma;
      if (right === null || (left !== null && left.priority > right.priority)) {
        this.#rotateUp(left!);
      } else {
        this.#rotateUp(right);
      }
    }
    const parent = vma.parent;
    if (parent === null) this.#root = null;
    else if (parent.left === vma) parent.left = null;
    else parent.right = null;
    const { prev, next } = vma;
    if (prev === null) this.#first = next;
    else prev.next = next;
    if (next === null) this.#last = prev;
    else next.prev = prev;
    vma.parent = vma.prev = vma.next = null;
    this.size--;
    if (parent !== null) this.#propagate(parent);
    if (next !== null) this.#propagate(next);
  }

  /** Moves the ends of a vma without passing a neighbour. */
  resize(vma: Vma, start: Address, end: Address): void {
    vma.start = start;
    vma.end = end;
    this.#propagate(vma);
    if (vma.next !== null) this.#propagate(vma.next);
  }

  /** The highest free range of at least `size` bytes inside [low, high), cut to it. */
  highestGap(low: Address, high: Address, size: number): Gap | null {
    if (high - low < size) return null;
    const last = this.#last;
    if (last === null || last.end < high) {
      const start = Math.max(low, last === null ? low : last.end);
      if (high - start >= size) return { start, end: high, above: null };
    }
    return this.#highest(this.#root, low, high, size);
  }

  /** The lowest free range of at least `size` bytes inside [low, high), cut to it. */
  lowestGap(low: Address, high: Address, size: number): Gap | null {
    if (high - low < size) return null;
    const found = this.#lowest(this.#root, low, high, size);
    if (found !== null) return found;
    const start = Math.max(low, this.#last === null ? low : this.#last.end);
    return high - start >= size ? { start, end: high, above: null } : null;
  }

  *[Symbol.iterator](): Generator<Vma> {
    for (let vma = this.#first; vma !== null; vma = vma.next) yield vma;
  }

  /** Throws unless order, links and gaps are right. */
  check(): void {
    let count = 0;
    for (let vma = this.#first; vma !== null; vma = vma.next) {
      count++;
      invariant(vma.start < vma.end, "a vma is empty");
      invariant(vma.prev === null || vma.prev.end <= vma.start, "two vmas overlap");
      invariant(vma.next === null ? vma === this.#last : vma.next.prev === vma, "vma links");
      const before = vma.maxGap;
      this.#pull(vma);
      invariant(before === vma.maxGap, "the largest gap of a subtree is stale");
    }
    invariant(count === this.size, "map_count differs from the vmas there are");
  }

  #highest(node: Vma | null, low: Address, high: Address, size: number): Gap | null {
    if (node === null || node.maxGap < size) return null;
    if (node.right !== null && node.end < high) {
      const found = this.#highest(node.right, low, high, size);
      if (found !== null) return found;
    }
    if (node.prev === null || node.prev.end < high) {
      const start = Math.max(low, node.prev === null ? 0 : node.prev.end);
      const end = Math.min(high, node.start);
      if (end - start >= size) return { start, end, above: node };
    }
    return node.start > low ? this.#highest(node.left, low, high, size) : null;
  }

  #lowest(node: Vma | null, low: Address, high: Address, size: number): Gap | null {
    if (node === null || node.maxGap < size) return null;
    if (node.left !== null && node.start > low) {
      const found = this.#lowest(node.left, low, high, size);
      if (found !== null) return found;
    }
    const start = Math.max(low, node.prev === null ? 0 : node.prev.end);
    const end = Math.min(high, node.start);
    if (end - start >= size) return { start, end, above: node };
    return node.start < high ? this.#lowest(node.right, low, high, size) : null;
  }

  #pull(vma: Vma): void {
    let gap = vma.start - (vma.prev === null ? 0 : vma.prev.end);
    if (vma.left !== null && vma.left.maxGap > gap) gap = vma.left.maxGap;
    if (vma.right !== null && vma.right.maxGap > gap) gap = vma.right.maxGap;
    vma.maxGap = gap;
  }

  #propagate(from: Vma): void {
    for (let node: Vma | null = from; node !== null; node = node.parent) this.#pull(node);
  }

  #rotateUp(node: Vma): void {
    const parent = node.parent!;
    const grand = parent.parent;
    if (parent.left === node) {
      parent.left = node.right;
      if (node.right !== null) node.right.parent = parent;
      node.right = parent;
    } else {
      parent.right = node.left;
      if (node.left !== null) node.left.parent = parent;
      node.left = parent;
    }
    parent.parent = node;
    node.parent = grand;
    if (grand === null) this.#root = node;
    else if (grand.left === parent) grand.left = node;
    else grand.right = node;
    this.#pull(parent);
    this.#pull(node);
  }
}
