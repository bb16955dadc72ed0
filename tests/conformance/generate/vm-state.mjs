/** What the vm generators know of a trace so far: its processes with their maps and files, and ways to name parts of them. */
import { choices } from "./random.mjs";
import { respell } from "./spelling.mjs";

export const PAGE = 4096;

export function vmState(suite, seed) {
  const random = choices(suite, seed);
  const lines = [];
  let count = 0;
  const root = { name: "", maps: [], files: [] };
  const children = [];
  let process = root;
  const state = {
    random,
    lines,
    /** The children that run. */
    children,
    /** The maps and files that the process of the next command knows. */
    get maps() {
      return process.maps;
    },
    get files() {
      return process.files;
    },
    fresh: (letter) => `${letter}${count++}`,
    say(line) {
      const shown = random.chance(0.07) ? respell(random, line) : line;
      lines.push((process === root ? "" : `@${process.name} `) + shown);
    },
    /** Says what follows in a child, or in the first process where there is none. */
    inProcess(child) {
      process = child ?? root;
    },
    /** The process of the next command forks. */
    forked(name) {
      children.push({ name, maps: [...process.maps], files: [...process.files] });
    },
    /** The process of the next command, a child, ends. */
    ended() {
      children.splice(children.indexOf(process), 1);
      process = root;
    },
    isChild: () => process !== root,
    pages: (most = 40) => random.logBetween(1, most),
    anyMap() {
      const { maps } = process;
      return maps.length === 0
        ? undefined
        : random.pick(random.chance(0.5) ? maps.slice(-6) : maps);
    },
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
      process.maps.push(map);
      return map;
    },
  };
  return state;
}

/** fork and exit of the processes of a trace, with at most so many children at a time. */
export function childActions(state, mostChildren) {
  const { random, say, children } = state;
  return {
    fork() {
      if (children.length >= mostChildren) return;
      const name = state.fresh("c");
      say(`fork ${name}`);
      state.forked(name);
    },
    exit() {
      if (children.length === 0) return;
      state.inProcess(random.pick(children));
      say("exit");
      state.ended();
    },
  };
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

/** Those that the recorded suites leave out; MADV_HWPOISON and MADV_SOFT_OFFLINE take real memory out of use. */
export const rareAdvices = [
  "remove",
  "mergeable",
  "unmergeable",
  "hugepage",
  "nohugepage",
  "pageout",
  "dontneed_locked",
];
