/** Seeded random numbers: the same seed gives the same sequence, in Node and in a browser. */

/** A sequence of pseudo-random numbers (sfc32, seeded by splitmix32 from one integer). */
export interface Random {
  /** A whole number from 0 up to, not including, 2^32. */
  nextUint32(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One of the items, each as likely; throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const split = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = split();
  let b = split();
  let c = split();
  let counter = split();
  const nextUint32 = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + sum) >>> 0;
    return sum;
  };
  const between = (low: number, high: number): number =>
    low + Math.floor((nextUint32() / 0x1_0000_0000) * (high - low + 1));
  return {
    nextUint32,
    between,
    pick(items) {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new RangeError("pick() from an empty list");
      return item;
    },
  };
}
