/** Seeded choices for the generators: the same seed gives the same trace, everywhere. */

/** sfc32 seeded from a suite's name and a number. */
export function choices(suite, seed) {
  let a = 0x9e3779b9;
  let b = seed >>> 0;
  let c = Math.floor(seed / 0x1_0000_0000) >>> 0;
  let d = 1;
  for (const letter of suite) a = Math.imul(a ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  const next = () => {
    const sum = (a + b + d) >>> 0;
    d = (d + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + sum) >>> 0;
    return sum;
  };
  for (let i = 0; i < 15; i++) next();
  const fraction = () => next() / 0x1_0000_0000;
  const between = (low, high) => low + Math.floor(fraction() * (high - low + 1));
  return {
    between,
    chance: (probability) => fraction() < probability,
    pick: (items) => items[between(0, items.length - 1)],
    /** A whole number from low to high, each doubling as likely as the next. */
    logBetween: (low, high) =>
      Math.min(high, Math.floor(Math.exp(Math.log(low) + fraction() * Math.log((high + 1) / low)))),
    /** One of the keys of `weights`, as likely as its weight. */
    weighted(weights) {
      const entries = Object.entries(weights);
      let at = fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        at -= weight;
        if (at < 0) return key;
      }
      return entries.at(-1)[0];
    },
  };
}
