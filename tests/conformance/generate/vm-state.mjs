/** What the vm generators know of a trace so far: its maps and files, and ways to name parts of them. */
import { choices } from "./random.mjs";

export const PAGE = 4096;

export function vmState(suite, seed) {
  const random = choices(suite, seed);
  const lines = [];
  const maps = [];
  const files = [];
  const children = [];
  let count = 0;
  let process = "";
  const state = {
    random,
    lines,
    maps,
    files,
    children,
    fresh: (letter) => `${letter}${count++}`,
    say: (line) => lines.push(process + line),
    /** Says what follows in a child, or in the process itself for "". */
    inChild(name) {
      process = name === "" ? "" : `@${name} `;
    },
    pages: (most = 40) => random.logBetween(1, most),
    anyMap: () =>
      maps.length === 0 ? undefined : random.pick(random.chance(0.5) ? maps.slice(-6) : maps),
    /** A part of a map, in whole pages, within it or, rarely, a page or two beyond its end. */
    part(map, beyond = 0.04) {
      const total = Math.max(1, Math.ceil(map.length / PAGE));
      const from = random.between(0, total - 1);
      let pages = random.chance(0.35) ? 1 : random.between(1, total - from);
      if (random.chance(0.25)) pages = Math.min(total - from, random.between(1, 3));
      if (random.chance(beyond)) pages += random.between(1, 2);
      return { where: `${map.name}+${from * PAGE}`, length: pages * PAGE, from: from * PAGE };
    },
    mapped(name, length, more = {}) {
      const map = { name, length, ...more };
      maps.push(map);
      return map;
    },
  };
  return state;
}

export const advices = [
  "normal",
  "random",
  "sequential",
  "willneed",
  "dontneed",
  "free",
  "dontfork",
  "dofork",
  "wipeonfork",
  "keeponfork",
  "dontdump",
  "dodump",
  "cold",
  "populate_read",
  "populate_write",
];
