/**
 * Random traces of what mode 2 of overcommit allows (mode `overcommit-never`, which leaves room for 40 GiB): promises in pieces of
 * 16 GiB, so that no answer hangs on what other programs were promised meanwhile, or on the few MiB that the kernel's
 * count may be off. Few pages of them are touched.
 */
import { childActions, PAGE, vmState } from "./vm-state.mjs";

const PIECE = 2 ** 34;

/** The trace of a seed, some `length` commands, as an array of lines. */
export function commitTrace(suite, seed, length) {
  const state = vmState(suite, seed);
  const { random, say, children } = state;
  const total = length ?? random.between(30, 70);
  const prots = { rw: 10, r: 4, none: 3, rx: 1, rwx: 1 };
  const kinds = {
    ...{
      "private|anon": 10,
      "private|anon|noreserve": 3,
      "shared|anon": 5,
      "private|anon|stack": 1,
    },
    ...{ "shared|anon|noreserve": 2, "private|anon|growsdown": 0.3 },
  };
  const part = (map) => {
    const pieces = map.length / PIECE;
    const from = random.between(0, pieces - 1);
    return `${map.name}+${from * PIECE} ${random.between(1, pieces - from) * PIECE}`;
  };
  const withMap = (use) => {
    const map = state.anyMap();
    if (map !== undefined) use(map);
  };
  const actions = {
    map() {
      const name = state.fresh("m");
      const bytes = random.weighted({ 1: 8, 2: 4, 3: 1 }) * PIECE;
      say(`mmap ${name} ${bytes} ${random.weighted(prots)} ${random.weighted(kinds)}`);
      state.mapped(name, bytes);
    },
    mapFile() {
      const file = state.fresh("f");
      const name = state.fresh("m");
      say(`${random.pick(["file", "memfd"])} ${file} 65536`);
      const sharing = random.pick(["private", "shared"]);
      say(`mmap ${name} ${PIECE} ${random.weighted(prots)} ${sharing} ${file}`);
      state.mapped(name, PIECE);
    },
    over: () =>
      withMap((map) => {
        const kind = random.weighted(kinds);
        say(`mmap ${map.name} ${PIECE} ${random.weighted(prots)} ${kind}|fixed at=${map.name}`);
      }),
    munmap: () => withMap((map) => say(`munmap ${part(map)}`)),
    mprotect: () => withMap((map) => say(`mprotect ${part(map)} ${random.weighted(prots)}`)),
    remap: () =>
      withMap((map) => {
        const name = state.fresh("m");
        const bytes = random.between(1, 3) * PIECE;
        const flags = random.weighted({ maymove: 5, none: 2, "maymove|dontunmap": 1 });
        const to = flags.includes("dontunmap") ? map.length : bytes;
        say(`mremap ${name} ${map.name} ${map.length} ${to} ${flags}`);
        state.mapped(name, to);
      }),
    touch: () =>
      withMap((map) => {
        const where = random.between(0, map.length / PIECE - 1) * PIECE;
        say(
          `${random.pick(["read", "write"])} ${map.name}+${where} ${random.between(1, 4) * PAGE}`,
        );
      }),
    smaps: () => withMap((map) => say(`smaps ${map.name}`)),
    maps: () => say("maps"),
    sbrk: () => say(`sbrk ${random.pick([PIECE, PIECE, -PIECE])}`),
    ...childActions(state, 3),
  };
  const weights = {
    ...{
      map: 14,
      mapFile: 2,
      over: 2,
      munmap: 7,
      mprotect: 8,
      remap: 5,
      touch: 6,
      smaps: 8,
      maps: 4,
    },
    ...{ sbrk: 2, fork: 3, exit: 2 },
  };
  const inChildren = new Set(["map", "munmap", "mprotect", "remap", "touch", "smaps", "maps"]);
  while (state.lines.length < total) {
    const action = random.weighted(weights);
    if (children.length > 0 && inChildren.has(action) && random.chance(0.4)) {
      state.inProcess(random.pick(children));
    }
    actions[action]();
    state.inProcess();
  }
  say("maps");
  return state.lines;
}
