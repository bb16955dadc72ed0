/**
 * Random traces of huge pages from a pool that holds some (mode `pool`): reservations, faults, copies, and what is left
 * when it is empty. Without mremap: where it moves a part of a private mapping, Linux 6.18 forgets to give back what was
 * reserved for the rest (mm/mremap.c: copy_vma_and_data clears the reservations of the whole vma), and the machine is
 * short of these pages until it boots again.
 */
import { childActions, PAGE, vmState } from "./vm-state.mjs";

const HUGE = 2 << 20;

const weights = {
  map: 12,
  touch: 30,
  smaps: 18,
  maps: 3,
  munmap: 7,
  mprotect: 4,
  advise: 7,
  storeLoad: 6,
  mincore: 3,
  mlock: 1,
  msync: 1,
  fork: 2.5,
  exit: 2,
  wrong: 3,
};
const inChildren = [
  ...["touch", "smaps", "maps", "munmap", "mprotect", "advise", "storeLoad", "mincore"],
];

/** The trace of a seed, some `length` commands, as an array of lines. */
export function hugetlbPoolTrace(suite, seed, length) {
  const state = vmState(suite, seed);
  const { random, say, children } = state;

  /** Some of a map's huge pages. */
  function part(map) {
    const total = map.length / HUGE;
    const from = random.between(0, total - 1);
    const count = random.chance(0.5) ? 1 : random.between(1, total - from);
    return { where: `${map.name}+${from * HUGE}`, length: count * HUGE };
  }
  /** The same; rarely one more than the map has. */
  function partOrMore(map) {
    const { where, length: bytes } = part(map);
    return { where, length: random.chance(0.04) ? bytes + HUGE : bytes };
  }
  const withPart = (command, tail = () => "", choose = partOrMore) => {
    const map = state.anyMap();
    if (map === undefined) return;
    const { where, length: bytes } = choose(map);
    say(`${command} ${where} ${bytes}${tail()}`);
  };
  const kinds = {
    "private|anon|hugetlb": 8,
    "shared|anon|hugetlb": 6,
    "private|anon|hugetlb|noreserve": 3,
    "shared|anon|hugetlb|noreserve": 2,
    "private|anon|hugetlb|populate": 1,
    "shared|anon|hugetlb|populate": 1,
    "private|anon|hugetlb|locked": 0.3,
  };
  const actions = {
    map() {
      const name = state.fresh("m");
      const bytes = random.weighted({ 1: 6, 2: 4, 3: 3, 4: 2, 9: 0.5 }) * HUGE;
      const asked = random.chance(0.1) ? bytes - random.between(1, HUGE - 1) : bytes;
      const prot = random.weighted({ rw: 14, r: 2, none: 1 });
      say(`mmap ${name} ${asked} ${prot} ${random.weighted(kinds)}`);
      state.mapped(name, bytes);
    },
    touch() {
      const map = state.anyMap();
      if (map === undefined) return;
      const { where, length: bytes } = partOrMore(map);
      // Also within a huge page: the faults are of 2 MiB whatever is touched.
      const offset = random.chance(0.3) ? random.between(0, 511) * PAGE : 0;
      const most = random.chance(0.5) ? 3 * PAGE : bytes - offset;
      say(
        `${random.chance(0.6) ? "write" : "read"} ${where}+${offset} ${most}`.replace(
          /\+(\d+)\+(\d+)/,
          (_, a, b) => `+${Number(a) + Number(b)}`,
        ),
      );
    },
    smaps() {
      const map = state.anyMap();
      if (map) say(`smaps ${part(map).where}`);
    },
    maps: () => say("maps"),
    // Never more than the map: above the highest lies what is the C program's own, with its page tables.
    munmap: () => withPart("munmap", () => "", part),
    mprotect: () => withPart("mprotect", () => ` ${random.weighted({ r: 4, rw: 4, none: 1 })}`),
    advise: () =>
      withPart("madvise", () => {
        const advice = {
          dontneed: 6,
          remove: 4,
          dontfork: 1,
          dofork: 1,
          wipeonfork: 1,
          free: 1,
          cold: 1,
          willneed: 1,
          populate_read: 2,
          populate_write: 2,
          dontdump: 1,
          hugepage: 1,
        };
        return ` ${random.weighted(advice)}`;
      }),
    storeLoad() {
      const map = state.anyMap();
      if (map === undefined) return;
      const where = `${map.name}+${random.between(0, map.length - 1)}`;
      say(random.chance(0.5) ? `store ${where} ${random.between(0, 255)}` : `load ${where}`);
    },
    mincore: () => withPart("mincore"),
    mlock: () => withPart(random.pick(["mlock", "munlock"])),
    msync: () => withPart("msync", () => ` ${random.pick(["sync", "async"])}`),
    ...childActions(state, 3),
    /** Parts of a huge page, which munmap and its like refuse. */
    wrong() {
      const map = state.anyMap();
      if (map === undefined) return;
      const name = state.fresh("z");
      say(
        random.pick([
          `munmap ${map.name} ${PAGE}`,
          `munmap ${map.name}+${PAGE} ${HUGE}`,
          `mprotect ${map.name} ${PAGE} r`,
          `mprotect ${map.name}+${PAGE} ${HUGE} r`,
          `madvise ${map.name} ${PAGE} dontneed`,
          `madvise ${map.name}+${PAGE} ${HUGE} dontneed`,
          `mmap ${name} ${HUGE} rw private|anon|hugetlb|fixed at=${map.name}+${PAGE}`,
          `mmap ${name} ${PAGE} rw private|anon|fixed at=${map.name}`,
          `mmap ${name} ${HUGE} rw private|anon|hugetlb|fixed at=${map.name}`,
          `mmap ${name} ${HUGE} rw private|anon|hugetlb at=${map.name}-${PAGE}`,
        ]),
      );
    },
  };
  const total = length ?? random.between(50, 90);
  while (state.lines.length < total) {
    const action = random.weighted(weights);
    const inChild = children.length > 0 && inChildren.includes(action) && random.chance(0.5);
    if (inChild) state.inProcess(random.pick(children));
    actions[action]();
    state.inProcess();
  }
  say("maps");
  return state.lines;
}
