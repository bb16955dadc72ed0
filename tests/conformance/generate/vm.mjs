/** Random traces of virtual memory, in the manner of the recorded suites. */
import { advices, PAGE, vmState } from "./vm-state.mjs";

const MiB = 1 << 20;

/** What each suite may do, and how likely. */
const weights = {
  "vm-anon": {
    mapAnon: 17,
    touch: 24,
    smaps: 13,
    maps: 5,
    munmap: 7,
    mprotect: 7,
    mincore: 6,
    mlock: 4,
    munlock: 2,
    dontneed: 5,
  },
  "vm-place": {
    place: 40,
    munmapAny: 14,
    touch: 8,
    maps: 14,
    remap: 10,
    unmapThenMap: 3,
    bigMap: 3,
    wrong: 1,
  },
  "vm-file": {
    mapFile: 10,
    touch: 30,
    smaps: 20,
    maps: 4,
    munmap: 3,
    mprotect: 2,
    mincore: 3,
    dontneed: 4,
    msync: 4,
    ftruncate: 3,
    punch: 3,
    pread: 3,
    pwrite: 5,
  },
  "vm-fork": {
    touch: 40,
    smaps: 26,
    maps: 3,
    munmap: 2,
    mprotect: 2,
    dontneed: 2,
    fork: 2.2,
    exit: 1,
  },
  "vm-advice": {
    mapAnon: 7,
    advise: 28,
    touch: 20,
    smaps: 17,
    maps: 3,
    mlock: 2,
    onfault: 1,
    munlock: 1,
    fork: 1.6,
  },
  "vm-huge": { touch: 26, smaps: 24, maps: 1, munmap: 3, mprotect: 3, adviseHuge: 6, fork: 1.5 },
  "vm-remap": {
    mapAnon: 8,
    mapFile: 3,
    remapAny: 24,
    touch: 18,
    smaps: 10,
    maps: 8,
    munmap: 6,
    mprotect: 4,
    mlock: 2,
    dontneed: 2,
    fork: 0.8,
    mincore: 3,
  },
  "vm-grow": {
    growsdown: 5,
    mapAnon: 4,
    touchBelow: 16,
    touch: 8,
    smaps: 8,
    maps: 8,
    munmap: 4,
    mprotect: 4,
    mlock: 1,
    remap: 3,
  },
  "vm-private-file": {
    mapFile: 10,
    touch: 30,
    smaps: 16,
    maps: 3,
    munmap: 4,
    mprotect: 3,
    mincore: 3,
    dontneed: 5,
    ftruncate: 4,
    punch: 3,
    pwrite: 4,
    pread: 2,
    fork: 1.4,
    advise: 3,
    storeLoad: 4,
    dropcache: 1,
    fsync: 1,
    mlock: 2,
  },
  "vm-hugetlb": { mapHugetlb: 6, mapAnon: 6, touch: 10, smaps: 10, maps: 4, munmap: 4 },
  "vm-errors": {
    mapAnon: 8,
    mapFile: 4,
    wrong: 40,
    touch: 10,
    smaps: 5,
    maps: 6,
    munmap: 3,
    mprotect: 3,
    mlock: 3,
    remapAny: 4,
  },
  "vm-limits": {
    mapAnon: 14,
    rlimit: 5,
    touch: 12,
    maps: 4,
    smaps: 6,
    munmap: 5,
    mprotect: 4,
    mlock: 5,
    remapAny: 5,
    sbrk: 4,
    growsdown: 1,
  },
  "vm-all": {
    mapAnon: 9,
    mapFile: 6,
    place: 4,
    touch: 24,
    storeLoad: 4,
    smaps: 14,
    maps: 3,
    munmap: 5,
    mprotect: 5,
    mincore: 4,
    mlock: 2,
    onfault: 1,
    munlock: 2,
    dontneed: 3,
    advise: 8,
    adviseAny: 3,
    remapAny: 5,
    msync: 2,
    ftruncate: 2,
    punch: 2,
    pread: 2,
    pwrite: 2,
    dropcache: 1,
    fsync: 1,
    fork: 1,
    exit: 0.3,
    sbrk: 0.5,
    wrong: 1,
    heap: 2,
  },
};

export const vmSuites = Object.keys(weights);

function actionsOf(state, suite) {
  const { random, say } = state;
  const onPart = (command, beyond) => {
    const map = state.anyMap();
    if (map === undefined) return undefined;
    const part = state.part(map, beyond);
    return { map, ...part, text: `${command} ${part.where} ${part.length}` };
  };
  const simple =
    (command, tail = () => "", beyond = 0.05) =>
    () => {
      const part = onPart(command, beyond);
      if (part) say(part.text + tail(part));
    };
  const file = () => (state.files.length === 0 ? newFile() : random.pick(state.files));
  function newFile() {
    const name = state.fresh("f");
    const size = random.chance(0.85) ? random.between(1, 54) * PAGE : random.between(1, 60 * PAGE);
    say(`${random.chance(0.4) ? "file" : "memfd"} ${name} ${size}`);
    const made = { name, size };
    state.files.push(made);
    return made;
  }
  const mapAnon = () => {
    const name = state.fresh("m");
    const length = state.pages() * PAGE;
    const prot = random.weighted({ rw: 14, r: 2, none: 2, rwx: 1, rx: 1 });
    const kind = random.weighted({
      "private|anon": 14,
      "shared|anon": 6,
      "private|anon|noreserve": 1,
      "shared|anon|noreserve": 1,
      "private|anon|populate": 2,
      "private|anon|locked": suite === "vm-anon" || suite === "vm-limits" ? 0.5 : 0.1,
      "shared|anon|populate": 1,
      "private|anon|stack": 0.3,
    });
    say(`mmap ${name} ${length} ${prot} ${kind}`);
    state.mapped(name, length);
  };
  const protections = () => random.weighted({ r: 6, rw: 6, none: 1.5, rx: 1, rwx: 0.5 });
  const actions = {
    mapAnon,
    mapFile() {
      const made = file();
      const name = state.fresh("m");
      const offset = random.chance(0.75)
        ? 0
        : random.between(0, Math.floor(made.size / PAGE)) * PAGE;
      let length = Math.max(PAGE, Math.ceil((made.size - offset) / PAGE) * PAGE);
      if (random.chance(0.25)) length += random.between(1, 4) * PAGE;
      const sharing =
        suite === "vm-private-file"
          ? random.weighted({ private: 4, shared: 1 })
          : random.weighted({ private: 1, shared: 1.4 });
      const populate = random.chance(suite === "vm-all" || suite === "vm-private-file" ? 0.1 : 0)
        ? "|populate"
        : "";
      say(
        `mmap ${name} ${length} ${random.weighted({ rw: 5, r: 2, rx: 0.3 })} ${sharing}${populate} ${made.name} off=${offset}`,
      );
      state.mapped(name, length, { file: made });
    },
    touch: () => simple(random.chance(0.55) ? "write" : "read", undefined, 0.08)(),
    storeLoad() {
      const map = state.anyMap();
      if (!map) return;
      const where = `${map.name}+${random.between(0, map.length - 1)}`;
      if (random.chance(0.5)) say(`store ${where} ${random.between(0, 255)}`);
      else say(`load ${where}`);
    },
    smaps() {
      const map = state.anyMap();
      if (map) say(`smaps ${state.part(map, 0).where}`);
    },
    maps: () => say("maps"),
    munmap: simple("munmap"),
    munmapAny() {
      if (random.chance(0.35))
        say(`munmap base+${random.between(0, 4090) * PAGE} ${random.between(1, 9) * PAGE}`);
      else actions.munmap();
    },
    mprotect: simple("mprotect", () => ` ${protections()}`),
    mincore: simple("mincore"),
    mlock: simple("mlock"),
    onfault: simple("mlock_onfault"),
    munlock: simple("munlock"),
    dontneed: simple("madvise", () => " dontneed"),
    advise: simple("madvise", () => ` ${random.pick(advices)}`),
    adviseAny: simple(
      "madvise",
      () =>
        ` ${random.pick([...advices, "remove", "mergeable", "unmergeable", "hugepage", "nohugepage", "pageout", "dontneed_locked"])}`,
    ),
    adviseHuge: simple(
      "madvise",
      () => ` ${random.pick(["hugepage", "nohugepage", "dontneed", "free", "hugepage"])}`,
      0,
    ),
    msync: simple("msync", () => ` ${random.pick(["sync", "async"])}`),
    ftruncate() {
      const made = file();
      made.size = random.chance(0.9) ? random.between(0, 60) * PAGE : random.between(0, 60 * PAGE);
      say(`ftruncate ${made.name} ${made.size}`);
    },
    punch() {
      const made = file();
      const total = Math.max(1, Math.ceil(made.size / PAGE));
      const from = random.between(0, total - 1);
      if (random.chance(0.85))
        say(`punch ${made.name} ${from * PAGE} ${random.between(1, total - from + 1) * PAGE}`);
      else say(`punch ${made.name} ${random.between(0, made.size)} ${random.between(1, 3 * PAGE)}`);
    },
    pread: () =>
      say(`pread ${file().name} ${random.between(0, 55 * PAGE)} ${random.logBetween(1, 20_000)}`),
    pwrite() {
      const made = file();
      const offset = random.between(0, Math.max(1, made.size));
      const length = random.logBetween(1, 20_000);
      made.size = Math.max(made.size, offset + length);
      say(`pwrite ${made.name} ${offset} ${length}`);
    },
    fsync: () => say(`fsync ${file().name}`),
    dropcache() {
      // Whether a dirty page is dropped depends on how soon the disk has written it: it is written before.
      const { name } = file();
      say(`fsync ${name}`);
      say(`dropcache ${name}`);
    },
    fork() {
      if (state.children.length >= 3) return;
      const name = state.fresh("c");
      say(`fork ${name}`);
      state.children.push(name);
    },
    exit() {
      if (state.children.length === 0) return;
      const [name] = state.children.splice(random.between(0, state.children.length - 1), 1);
      state.lines.push(`@${name} exit`);
    },
    remap() {
      const map = state.anyMap();
      if (!map) return;
      const name = state.fresh("m");
      const length = Math.max(
        PAGE,
        random.chance(0.5) ? map.length + random.between(-4, 20) * PAGE : state.pages(60) * PAGE,
      );
      say(`mremap ${name} ${map.name} ${map.length} ${length} ${random.pick(["none", "maymove"])}`);
      state.mapped(name, length);
    },
    remapAny() {
      const map = state.anyMap();
      if (!map) return;
      const part = random.chance(0.5) ? { where: map.name, length: map.length } : state.part(map);
      const name = state.fresh("m");
      const grown = Math.max(
        PAGE,
        random.chance(0.3) ? part.length : part.length + random.between(-6, 12) * PAGE,
      );
      const flags = random.weighted({
        none: 3,
        maymove: 6,
        "maymove|fixed": 3,
        "maymove|dontunmap": 2,
      });
      const other = state.anyMap();
      const at =
        flags === "maymove|fixed" || random.chance(0.05)
          ? ` at=${other.name}+${random.between(-8, 20) * PAGE}`.replace("+-", "-")
          : "";
      const newLength = flags === "maymove|dontunmap" && random.chance(0.85) ? part.length : grown;
      say(`mremap ${name} ${part.where} ${part.length} ${newLength} ${flags}${at}`);
      state.mapped(name, newLength);
    },
    place() {
      const name = state.fresh("m");
      const length = (random.chance(0.05) ? random.logBetween(100, 3000) : state.pages()) * PAGE;
      const map = state.anyMap();
      const style = random.weighted({ free: 14, fixed: 8, noreplace: 4, hint: 7 });
      const base = `base+${random.between(0, 4095) * PAGE}`;
      const near = map
        ? `${map.name}+${random.between(-20, 20 + map.length / PAGE) * PAGE}`.replace("+-", "-")
        : base;
      const where = {
        free: "",
        fixed: `|fixed at=${base}`,
        noreplace: `|fixed_noreplace at=${base}`,
        hint: ` at=${near}`,
      }[style];
      const prot = random.weighted({ rw: 12, r: 2, none: 1.5, rwx: 1, rx: 1 });
      const kind =
        style === "free"
          ? random.weighted({
              "private|anon": 8,
              "shared|anon": 4,
              "private|anon|populate": 1,
              "private|anon|noreserve": 1,
              "shared|anon|populate": 0.5,
            })
          : "private|anon";
      say(`mmap ${name} ${length} ${prot} ${kind}${where}`);
      state.mapped(name, length);
    },
    unmapThenMap() {
      const map = state.anyMap();
      if (!map) return;
      say(`munmap ${map.name} ${map.length}`);
      actions.place();
    },
    bigMap() {
      const name = state.fresh("m");
      const length = random.chance(0.6)
        ? random.between(1, 8) * 2 * MiB
        : random.between(400, 5000) * PAGE;
      say(
        `mmap ${name} ${length} rw ${random.pick(["private|anon", "shared|anon", "private|anon|noreserve"])}`,
      );
      state.mapped(name, length);
    },
    mapHugetlb() {
      const name = state.fresh("m");
      const length = random.pick([PAGE, 2 * MiB, 4 * MiB, 3 * MiB]);
      say(
        `mmap ${name} ${length} rw ${random.pick(["private|anon|hugetlb", "shared|anon|hugetlb", "private|anon|hugetlb|noreserve"])}`,
      );
      state.mapped(name, length);
    },
    growsdown() {
      const name = state.fresh("m");
      const length = state.pages(10) * PAGE;
      const gap = random.chance(0.6)
        ? 2 * MiB + random.between(0, 40) * PAGE
        : random.between(0, 300) * PAGE;
      say(`mmap ${name}g ${length + gap} none private|anon`);
      say(`munmap ${name}g ${gap}`);
      say(`mmap ${name} ${length} rw private|anon|growsdown|fixed at=${name}g+${gap}`);
      state.mapped(name, length, { grows: true });
    },
    touchBelow() {
      const growing = state.maps.filter((map) => map.grows);
      if (growing.length === 0) return actions.growsdown();
      const map = random.pick(growing);
      const below = random.chance(0.7) ? random.between(1, 6) : random.between(1, 600);
      say(
        `${random.pick(["read", "write"])} ${map.name}-${below * PAGE} ${random.pick([1, below]) * PAGE}`,
      );
    },
    rlimit() {
      const kind = random.pick(["as", "data", "memlock", "stack"]);
      say(`rlimit ${kind} ${random.pick(["0", "64K", "256K", "1M", "1M", "4M", "64M", "1T"])}`);
    },
    sbrk: () => say(`sbrk ${random.pick([0, 4096, 8192, 65536, -4096, 100, 1 << 20])}`),
    heap() {
      const name = state.fresh("a");
      say(`malloc ${name} ${random.logBetween(1, 300_000)}`);
      if (random.chance(0.6)) say(`free ${name}`);
    },
    wrong: () => wrong(state, actions),
  };
  return actions;
}

/** Arguments that the manual pages name an error for. */
function wrong(state, actions) {
  const { random, say } = state;
  const map = state.anyMap();
  if (map === undefined) return actions.mapAnon();
  const name = state.fresh("z");
  const odd = `${map.name}+${random.pick([1, 5, 100, 2048, 4095])}`;
  const part = state.part(map, 0.3);
  const file = state.files.length > 0 ? random.pick(state.files) : undefined;
  const huge = random.pick([
    "128T",
    "0x7ffffffff000",
    "0xfffffffffffff000",
    "0xffffffffffffffff",
    "120T",
    "0x8000000000000000",
  ]);
  /* Beyond the end of the address space: less would reach what the program itself needs. */
  const wraps = random.pick(["0xfffffffffffff000", "0xffffffffffffffff", "0xffffffffffffe001"]);
  const calls = [
    `mmap ${name} 0 rw private|anon`,
    `mmap ${name} ${huge} rw private|anon`,
    `mmap ${name} 4096 rw private|anon|fixed at=${odd}`,
    `mmap ${name} 4096 rw anon`,
    `mmap ${name} 4096 rw private|shared|anon`,
    `mmap ${name} 4096 rw private|anon at=${odd}`,
    `mmap ${name} 4096 rw private`,
    `mmap ${name} 5000 rw private|anon`,
    `mmap ${name} 4096 rw private|anon|fixed_noreplace at=${map.name}`,
    `mmap ${name} 4096 rw shared|anon|growsdown`,
    `munmap ${odd} 4096`,
    `munmap ${part.where} 0`,
    `munmap ${part.where} ${huge}`,
    `munmap ${part.where} ${part.length + 1}`,
    `mprotect ${odd} 4096 r`,
    `mprotect ${part.where} 0 r`,
    `mprotect ${part.where} ${wraps} r`,
    `mprotect ${part.where} ${part.length + 100 * PAGE} rw`,
    `madvise ${odd} 4096 dontneed`,
    `madvise ${part.where} 0 dontneed`,
    `madvise ${part.where} ${wraps} dontneed`,
    `madvise ${part.where} ${part.length} ${random.pick(["remove", "mergeable", "free", "wipeonfork", "collapse", "populate_write", "populate_read", "pageout", "cold", "willneed"])}`,
    `mlock ${odd} 4096`,
    `mlock ${part.where} 0`,
    `mlock ${part.where} ${part.length + 64 * PAGE}`,
    `mlock ${part.where} ${wraps}`,
    `munlock ${part.where} ${part.length + 64 * PAGE}`,
    `mlock_onfault ${odd} 4096`,
    `msync ${odd} 4096 sync`,
    `msync ${part.where} 0 async`,
    `msync ${part.where} ${part.length + 64 * PAGE} sync`,
    `mincore ${odd} 4096`,
    `mincore ${part.where} ${huge}`,
    `mremap ${name} ${odd} 4096 8192 maymove`,
    `mremap ${name} ${map.name} 4096 0 maymove`,
    `mremap ${name} ${map.name} 0 8192 maymove`,
    `mremap ${name} ${map.name} 4096 8192 fixed at=${map.name}`,
    `mremap ${name} ${map.name} 4096 8192 maymove|fixed at=${map.name}`,
    `mremap ${name} ${map.name} 4096 8192 maymove|fixed at=${odd}`,
    `mremap ${name} ${map.name} 4096 8192 dontunmap`,
    `mremap ${name} ${map.name} 4096 8192 maymove|dontunmap`,
    `mremap ${name} ${map.name} ${huge} 8192 maymove`,
    `mremap ${name} ${map.name} 4096 ${huge} maymove`,
    `mremap ${name} ${map.name} ${map.length + 32 * PAGE} ${map.length + 40 * PAGE} maymove`,
    `munmap nobody 4096`,
    `smaps nobody`,
    `sbrk -64M`,
    `sbrk 120T`,
  ];
  if (file !== undefined) {
    calls.push(
      `mmap ${name} 4096 rw private ${file.name} off=${random.pick([1, 100, 4095, 6000])}`,
      `mmap ${name} 4096 rw shared ${file.name} off=0x7ffffffffffff000`,
      `mmap ${name} 0 rw shared ${file.name}`,
      `ftruncate ${file.name} 0x8000000000000000`,
      `punch ${file.name} 0 0`,
      `punch ${file.name} 0x7fffffffffffffff 10`,
      `pread ${file.name} 0xffffffffffffffff 10`,
      `mmap ${name} 4096 rw shared|noreserve ${file.name}`,
    );
  }
  say(random.pick(calls));
}

/** A trace of about `length` commands as an array of lines. */
export function vmTrace(suite, seed, length) {
  const state = vmState(suite, seed);
  const { random, say } = state;
  const actions = actionsOf(state, suite);
  const total =
    length ?? random.between(50, suite === "vm-huge" ? 70 : suite === "vm-anon" ? 130 : 100);
  begin(state, suite, actions);
  let allowed = weights[suite];
  const late = allowed.fork === undefined ? 0 : Math.round(total * random.pick([0.2, 0.35, 0.5]));
  while (state.lines.length < total) {
    const action = random.weighted(allowed);
    if (action === "fork" && state.lines.length < late) continue;
    const inChild =
      state.children.length > 0 &&
      !["fork", "exit", "mapFile", "ftruncate"].includes(action) &&
      random.chance(0.5);
    if (
      inChild &&
      ![
        "touch",
        "smaps",
        "maps",
        "munmap",
        "mprotect",
        "dontneed",
        "advise",
        "adviseHuge",
        "mlock",
        "onfault",
        "munlock",
        "storeLoad",
        "mincore",
        "remapAny",
        "msync",
        "adviseAny",
      ].includes(action)
    )
      continue;
    if (inChild) state.inChild(random.pick(state.children));
    actions[action]();
    state.inChild("");
  }
  if (suite === "vm-fork") for (const map of state.maps.slice(0, 8)) say(`smaps ${map.name}`);
  else say("maps");
  return state.lines;
}

/** What a suite begins with. */
function begin(state, suite, actions) {
  const { random, say } = state;
  if (suite === "vm-place") {
    say("mmap base 16777216 none private|anon|noreserve");
    state.mapped("base", 16777216);
    state.maps.length = 0;
  }
  if (suite === "vm-file" || suite === "vm-private-file") {
    const count = random.between(1, 3);
    for (let i = 0; i < count; i++) {
      const name = state.fresh("f");
      const size = random.chance(0.85)
        ? random.between(1, 54) * PAGE
        : random.between(1, 60 * PAGE);
      say(`${random.chance(0.4) ? "file" : "memfd"} ${name} ${size}`);
      state.files.push({ name, size });
    }
    actions.mapFile();
  }
  if (suite === "vm-fork") {
    say("memfd f 65536");
    for (let i = random.between(4, 7); i > 0; i--) {
      const name = state.fresh("m");
      const kind = random.weighted({ file: 2, private: 6, shared: 1.5 });
      const length = kind === "file" ? 65536 : random.between(1, 26) * PAGE;
      const flags = {
        file: `${random.pick(["private", "shared"])} f`,
        private: `private|anon${random.chance(0.2) ? "|populate" : ""}`,
        shared: "shared|anon",
      }[kind];
      say(
        `mmap ${name} ${length} ${kind === "file" ? "rw" : random.weighted({ rw: 8, r: 1, rwx: 1 })} ${flags}`,
      );
      state.mapped(name, length);
    }
  }
  if (suite === "vm-huge") {
    for (let i = random.between(1, 3); i > 0; i--) {
      const name = state.fresh("m");
      const length = random.chance(0.6)
        ? random.between(2, 6) * 2 * MiB
        : random.between(600, 2500) * PAGE;
      say(`mmap ${name} ${length} rw private|anon`);
      const map = state.mapped(name, length);
      if (random.chance(0.7)) say(`madvise ${name} ${length} hugepage`);
      else if (random.chance(0.5)) {
        const part = state.part(map, 0);
        say(`madvise ${part.where} ${part.length} hugepage`);
      }
    }
  }
}
