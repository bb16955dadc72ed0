/** The commands of the vm suites: each action says one, or a few that belong together. */
import { advices, childActions, PAGE, rareAdvices } from "./vm-state.mjs";
import { largeActions } from "./vm-actions-large.mjs";
import { wrong } from "./vm-wrong.mjs";

const MiB = 1 << 20;

export function actionsOf(state, suite) {
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
    const length = state.pages(suite === "vm-dense" ? 14 : 40) * PAGE;
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
      "private|anon|growsdown": 0.15,
      "private|anon|locked|populate": 0.1,
      "shared|anon|locked": 0.1,
      "private|anon|noreserve|populate": 0.2,
      "shared|anon|stack": 0.1,
    });
    say(`mmap ${name} ${length} ${prot} ${kind}`);
    state.mapped(name, length, { isPrivate: kind.startsWith("private") });
  };
  /** What was taken out of the cache is read again: how soon the disk is does not count then. */
  const adviseOf = (choices) => {
    const advice = random.pick(choices);
    simple("madvise", () => ` ${advice}`)();
    if (advice !== "pageout") return;
    if (random.chance(0.3)) simple("mincore")();
    for (const made of state.files) say(`pread ${made.name} 0 4M`);
  };
  const protections = () => random.weighted({ r: 6, rw: 6, none: 1.5, rx: 1, rwx: 0.5 });
  const actions = {
    ...largeActions(state, file),
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
      const populate = random.chance(0.06)
        ? random.pick(["|populate", "|populate", "|noreserve", "|locked"])
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
    adviseAny: () => adviseOf([...advices, ...rareAdvices, "collapse"]),
    /** Given up, and then something else that may or may not make it count. */
    free: simple("madvise", () => " free", 0),
    collapse: simple("madvise", () => " collapse", 0),
    adviseHuge: simple(
      "madvise",
      () => ` ${random.pick(["hugepage", "nohugepage", "dontneed", "free", "hugepage"])}`,
      0,
    ),
    msync: simple("msync", () => ` ${random.pick(["sync", "async"])}`),
    ftruncate() {
      const made = file();
      made.size =
        random.weighted({ pages: 8, bytes: 2, nothing: 0.6 }) === "pages"
          ? random.between(0, 60) * PAGE
          : random.chance(0.8)
            ? random.between(0, 60 * PAGE)
            : random.between(0, 10);
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
    coldOrOut: () => adviseOf(["cold", "pageout", "willneed", "populate_read"]),
    pread: () =>
      say(`pread ${file().name} ${random.between(0, 55 * PAGE)} ${random.logBetween(1, 20_000)}`),
    pwrite() {
      const made = file();
      const beyond = random.chance(0.12) ? random.between(1, 12 * PAGE) : 0;
      const offset = random.between(0, Math.max(1, made.size)) + beyond;
      const length = random.logBetween(1, 20_000);
      made.size = Math.max(made.size, offset + length);
      say(`pwrite ${made.name} ${offset} ${length}`);
    },
    fsync: () => say(`fsync ${file().name}`),
    /**
     * Whether a dirty page is dropped, and whether a page that is read ahead is there for the next
     * command, depends on how soon the disk is: pages are written before, and waited for after a touch.
     */
    dropcache() {
      const made = file();
      say(`fsync ${made.name}`);
      say(`dropcache ${made.name}`);
      const maps = state.maps.filter((map) => map.file === made);
      // Of a large file some are in memory before others.
      if (maps.length > 0 && suite !== "vm-folios" && random.chance(0.8)) {
        const part = state.part(random.pick(maps));
        say(`${random.chance(0.5) ? "write" : "read"} ${part.where} ${part.length}`);
      }
      say(`pread ${made.name} 0 4M`);
    },
    ...childActions(state, suite === "vm-deep-fork" ? 7 : 3),
    /** A range that is named by its distance from top or from the heap. */
    anywhere() {
      const below = random.logBetween(1, 200);
      const pages = random.between(1, Math.min(below, 12));
      const where = random.chance(0.85) ? `top-${below * PAGE}` : `heap+${below * PAGE}`;
      const range = `${where} ${pages * PAGE}`;
      say(
        random.pick([
          `smaps ${where}`,
          `read ${range}`,
          `write ${range}`,
          `mincore ${range}`,
          `mprotect ${range} ${protections()}`,
          `madvise ${range} ${random.pick([...advices, ...rareAdvices])}`,
          `munmap ${range}`,
          `mlock ${range}`,
          `munlock ${range}`,
        ]),
      );
    },
    mapHuge() {
      const name = state.fresh("m");
      const length = random.between(300, 2200) * PAGE;
      const kind = random.pick(["private|anon", "private|anon", "shared|anon"]);
      say(`mmap ${name} ${length} rw ${kind}`);
      state.mapped(name, length, { isPrivate: kind === "private|anon" });
      if (random.chance(0.8)) say(`madvise ${name} ${length} hugepage`);
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
        "maymove|fixed|dontunmap": 0.7,
        fixed: 0.1,
        dontunmap: 0.1,
      });
      const other = state.anyMap();
      const at =
        flags.includes("fixed") || random.chance(0.05)
          ? ` at=${other.name}+${random.between(-8, 20) * PAGE}`.replace("+-", "-")
          : "";
      const newLength = flags.includes("dontunmap") && random.chance(0.85) ? part.length : grown;
      const oldLength = random.chance(0.03) ? 0 : part.length;
      say(`mremap ${name} ${part.where} ${oldLength} ${newLength} ${flags}${at}`);
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
      say(
        random.pick([
          `free ${name}`,
          `free ${name}`,
          `realloc ${name}r ${name} ${random.logBetween(1, 300_000)}`,
          `${random.pick(["write", "read"])} ${name} ${random.between(1, 3) * PAGE}`,
          `usable ${name}`,
          `calloc ${name}c 3 ${random.logBetween(1, 50_000)}`,
          `memalign ${name}m 4096 ${random.logBetween(1, 50_000)}`,
          "mallinfo",
          "trim 0",
        ]),
      );
    },
    wrong: () => wrong(state, actions),
  };
  return actions;
}
