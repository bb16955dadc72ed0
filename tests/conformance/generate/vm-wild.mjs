/**
 * Random traces that keep to no plan: any call with any flags, lengths and offsets that are no multiples of a page, ranges
 * that begin in one mapping and end in another, few names that are given again and again, in several processes.
 */
import { advices, PAGE, rareAdvices, vmState } from "./vm-state.mjs";

const NAMES = ["a", "b", "c", "d", "e", "g", "h", "i"];
const FILES = ["f0", "f1", "f2", "f3"];
const CHILDREN = ["p", "q", "r"];
const protections = ["rw", "rw", "rw", "r", "none", "w", "x", "rx", "wx", "rwx"];
const mapFlags = ["populate", "noreserve", "locked", "growsdown", "stack"];

/** The trace of a seed, some `length` commands, as an array of lines. */
export function wildTrace(suite, seed, length) {
  const state = vmState(suite, seed);
  const { random, say } = state;
  const total = length ?? random.between(80, 240);
  const running = new Set();
  /** The C library's blocks by their names, with their sizes. */
  const blocks = new Map();
  const isLarge = random.chance(0.2);
  const most = isLarge ? 1600 : random.pick([6, 20, 60]);
  const anyName = () => random.pick(NAMES);
  const anyFile = () => random.pick(FILES);
  /** A number of bytes about that of some pages. */
  const bytes = (limit = most) => {
    const whole = random.logBetween(1, limit) * PAGE;
    return random.chance(0.15) ? whole - random.pick([1, 100, 4095, 2048]) : whole;
  };
  const shift = (limit = most) => {
    const pages = random.chance(0.4) ? 0 : random.logBetween(1, limit);
    const odd = random.chance(0.06) ? random.between(1, 4095) : 0;
    return pages * PAGE + odd;
  };
  const where = () => `${anyName()}${random.chance(0.9) ? "+" : "-"}${shift()}`;
  const aligned = () =>
    `${anyName()}${random.chance(0.85) ? "+" : "-"}${random.between(0, most) * PAGE}`;
  const flags = () => {
    const chosen = mapFlags.filter(() => random.chance(0.12));
    if (random.chance(0.03)) chosen.push("hugetlb");
    return chosen.map((flag) => `|${flag}`).join("");
  };
  const place = () => {
    const kind = random.weighted({ none: 10, hint: 2, fixed: 3, fixed_noreplace: 2 });
    if (kind === "none") return ["", ""];
    const at = ` at=${random.chance(0.9) ? aligned() : where()}`;
    return kind === "hint" ? ["", at] : [`|${kind}`, at];
  };
  const advice = () =>
    random.pick([
      ...advices,
      ...rareAdvices,
      "collapse",
      "dontneed",
      "free",
      ...(isLarge ? ["hugepage"] : []),
    ]);
  const offset = () => {
    const at = random.chance(0.4) ? 0 : random.logBetween(1, 80) * PAGE;
    return random.chance(0.04) ? at + 512 : at;
  };
  const actions = {
    mmap() {
      const [fixed, at] = place();
      const isAnon = random.chance(0.6);
      const sharing = random.weighted({ private: 10, shared: 7, "private|shared": 0.3 });
      const anon = isAnon ? "|anon" : "";
      const source = isAnon ? "" : ` ${anyFile()} off=${offset()}`;
      say(
        `mmap ${anyName()} ${bytes()} ${random.pick(protections)} ${sharing}${anon}${flags()}${fixed}${source}${at}`,
      );
    },
    munmap: () => say(`munmap ${where()} ${bytes()}`),
    mprotect: () => say(`mprotect ${where()} ${bytes()} ${random.pick(protections)}`),
    madvise: () => say(`madvise ${where()} ${bytes()} ${advice()}`),
    mremap() {
      const chosen = ["maymove", "fixed", "dontunmap"].filter((flag) =>
        random.chance(flag === "maymove" ? 0.8 : 0.25),
      );
      const at = chosen.includes("fixed") || random.chance(0.05) ? ` at=${aligned()}` : "";
      const old = random.chance(0.04) ? 0 : bytes();
      const fresh = random.chance(0.4) ? old : bytes();
      say(
        `mremap ${anyName()} ${where()} ${old} ${fresh} ${chosen.length === 0 ? "none" : chosen.join("|")}${at}`,
      );
    },
    lock: () =>
      say(`${random.pick(["mlock", "mlock", "mlock_onfault", "munlock"])} ${where()} ${bytes()}`),
    msync: () => say(`msync ${where()} ${bytes()} ${random.pick(["sync", "async"])}`),
    mincore: () => say(`mincore ${where()} ${bytes()}`),
    touch: () => say(`${random.chance(0.6) ? "write" : "read"} ${where()} ${bytes()}`),
    byte() {
      if (random.chance(0.5)) say(`store ${where()} ${random.between(0, 255)}`);
      else say(`load ${where()}`);
    },
    smaps: () => say(`smaps ${where()}`),
    maps: () => say("maps"),
    file() {
      const kind = random.pick(["file", "memfd"]);
      say(`${kind} ${anyFile()} ${random.chance(0.1) ? 0 : bytes(80)}`);
    },
    cut: () => say(`ftruncate ${anyFile()} ${random.chance(0.1) ? 0 : bytes(80)}`),
    punch: () => say(`punch ${anyFile()} ${shift(80)} ${bytes(40)}`),
    pwrite: () => say(`pwrite ${anyFile()} ${shift(80)} ${bytes(20)}`),
    pread: () => say(`pread ${anyFile()} ${shift(80)} ${bytes(20)}`),
    fsync: () => say(`fsync ${anyFile()}`),
    fork() {
      const name = CHILDREN.find((each) => !running.has(each));
      if (name === undefined) return;
      say(`fork ${name}`);
      running.add(name);
      state.forked(name);
    },
    exit() {
      if (running.size === 0) return;
      const name = random.pick([...running]);
      state.inProcess(state.children.find((child) => child.name === name));
      say("exit");
      running.delete(name);
      state.ended();
    },
    rlimit: () =>
      say(
        `rlimit ${random.pick(["as", "data", "stack", "memlock"])} ${random.pick(["0", "64K", "1M", "64M", "8G", "1T"])}`,
      ),
    /** Blocks of the C library, in one process: what is freed has to be what was allocated there. */
    heap() {
      if (state.isChild()) return;
      const name = random.pick(["x", "y", "z", "w"]);
      const size = random.chance(0.25)
        ? random.logBetween(130_000, 3_000_000)
        : random.logBetween(1, 200_000);
      const allocate = {
        malloc: `malloc ${name} ${size}`,
        calloc: `calloc ${name} ${random.between(1, 5)} ${Math.ceil(size / 3)}`,
        memalign: `memalign ${name} ${2 ** random.between(3, 16)} ${size}`,
      };
      if (blocks.has(name)) {
        const touch = `${random.pick(["read", "write"])} ${name} ${Math.min(blocks.get(name), size)}`;
        const kind = random.weighted({ touch: 3, usable: 1, free: 3, realloc: 2 });
        if (kind === "free") blocks.delete(name);
        if (kind === "realloc") blocks.set(name, size);
        const calls = { touch, usable: `usable ${name}` };
        say({ ...calls, free: `free ${name}`, realloc: `realloc ${name} ${name} ${size}` }[kind]);
      } else {
        say(allocate[random.pick(Object.keys(allocate))]);
        blocks.set(name, size);
      }
      if (random.chance(0.1)) say(random.pick(["mallinfo", "trim 0", "trim 65536"]));
    },
    sbrk: () => say(`sbrk ${random.pick([0, 4096, 100, 65536, -4096, -65536, 1 << 20])}`),
  };
  const weights = {
    ...{
      mmap: 14,
      munmap: 5,
      mprotect: 7,
      madvise: 10,
      mremap: 7,
      lock: 3,
      msync: 1.5,
      mincore: 3,
    },
    ...{
      touch: 24,
      byte: 4,
      smaps: 18,
      maps: 4,
      file: 2,
      cut: 3,
      punch: 2.5,
      pwrite: 3,
      pread: 1.5,
    },
    ...{ fsync: 1, fork: 1.2, exit: 0.5, rlimit: 0.1, sbrk: 0.5, heap: 4 },
  };
  // Above it lie the program's own mappings, which no range may reach.
  say("mmap guard 64M none private|anon");
  for (let i = 0; i < 3; i++) actions.file();
  for (let i = 0; i < 4; i++)
    say(`mmap ${NAMES[i]} ${bytes()} rw ${random.pick(["private", "shared"])}|anon`);
  while (state.lines.length < total) {
    const action = random.weighted(weights);
    if (state.children.length > 0 && random.chance(0.4)) {
      if (action !== "fork") state.inProcess(random.pick(state.children));
    }
    actions[action]();
    state.inProcess();
  }
  say("maps");
  return state.lines;
}
