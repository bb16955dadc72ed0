/**
 * Random traces in phases, as programs have them: blocks pile up and are given back in an order, one block grows step by
 * step, a working set is replaced; between, parameters are set to whatever an int can be, the break is moved or blocked,
 * limits are drawn, a child goes on with the heap it was given. What the allocator touched of its pages is asked, too.
 */
import { choices } from "./random.mjs";

const KiB = 1024;
const MiB = 1024 * KiB;
const INT_MIN = "0x80000000";
const MINUS_ONE = "0xffffffffffffffff";

/** Values for each parameter of mallopt(3). */
const parameters = {
  mxfast: [0, 1, 7, 8, 24, 80, 120, 159, 160, 161, 1000, MINUS_ONE],
  trim_threshold: [0, 1, 4096, 131_071, 131_072, MiB, "0x7fffffff", INT_MIN, MINUS_ONE],
  top_pad: [0, 1, 4095, 4096, 65_536, 131_072, MiB, 16 * MiB],
  mmap_threshold: [0, 1, 64, 4096, 65_536, 131_072, 40 * MiB, "0x7fffffff", INT_MIN, MINUS_ONE],
  mmap_max: [0, 1, 2, 3, 65_536, "0x7fffffff", MINUS_ONE],
};

/** A trace of about `length` commands as an array of lines. */
export function heapPhasesTrace(suite, seed, length = 300) {
  const random = choices(suite, seed);
  const lines = [];
  /** Names of blocks by process: "" is the trace's own, "@c " its child. */
  let live = [];
  let count = 0;
  let prefix = "";
  let blocked = 0;
  let hasForked = false;
  const say = (line) => lines.push(prefix + line);
  const fresh = () => `a${count++}`;
  const take = (index) => live.splice(index, 1)[0];

  /** A way to draw sizes, kept for a phase. */
  function sizes() {
    const fixed = random.logBetween(1, 300_000);
    const low = random.logBetween(1, 40_000);
    return random.pick([
      () => fixed,
      () => low + random.between(0, 64),
      () => random.logBetween(1, 2000),
      () => random.logBetween(1, 200_000),
      () => random.logBetween(1, 30 * MiB),
      () => (random.chance(0.9) ? random.logBetween(8, 600) : random.logBetween(4000, 700_000)),
      () => 16 * random.between(1, 80) + random.between(-9, 9),
      () => 4096 * random.between(1, 80) + random.between(-40, 8),
    ]);
  }

  function allocate(size) {
    const name = fresh();
    const bytes = Math.max(0, size);
    const kind = random.weighted({ malloc: 30, calloc: 5, memalign: 2 });
    if (kind === "malloc") say(`malloc ${name} ${bytes}`);
    if (kind === "calloc") say(`calloc ${name} ${random.pick([1, 1, 2, 3])} ${bytes}`);
    if (kind === "memalign") say(`memalign ${name} ${2 ** random.between(3, 20)} ${bytes}`);
    live.push({ name, size: bytes });
  }

  const phases = {
    pile() {
      const size = sizes();
      for (let i = random.between(5, 40); i > 0; i--) allocate(size());
    },
    giveBack() {
      const order = random.pick(["first", "last", "random", "others"]);
      for (let i = random.between(5, 40), at = 0; i > 0 && live.length > 0; i--) {
        const last = live.length - 1;
        const of = {
          first: 0,
          last,
          random: random.between(0, last),
          others: Math.min(at++, last),
        };
        say(`free ${take(of[order]).name}`);
      }
    },
    grow() {
      let size = random.logBetween(1, 100_000);
      const [factor, step] = random.pick([
        [2, 0],
        [1.5, 1],
        [1, 100],
        [1, 4096],
        [1.2, 17],
        [0.6, 0],
      ]);
      let name = fresh();
      say(`malloc ${name} ${size}`);
      for (let i = random.between(4, 20); i > 0 && size < 60 * MiB; i--) {
        size = Math.floor(size * factor) + step;
        const next = fresh();
        say(`realloc ${next} ${name} ${size}`);
        name = next;
        if (random.chance(0.3)) allocate(random.logBetween(1, 500));
        if (random.chance(0.15)) say(`mincore ${name}-${random.pick([16, 4096])} ${size}`);
      }
      live.push({ name, size });
    },
    churn() {
      const size = sizes();
      for (let i = random.between(5, 30); i > 0; i--) {
        if (live.length > 0) say(`free ${take(random.between(0, live.length - 1)).name}`);
        allocate(size());
        if (random.chance(0.05)) say("mallinfo");
      }
    },
    resize() {
      const size = sizes();
      for (let i = random.between(3, 15); i > 0 && live.length > 0; i--) {
        const old = take(random.between(0, live.length - 1));
        const bytes = Math.max(
          1,
          random.chance(0.3) ? old.size + random.between(-600, 600) : size(),
        );
        const name = fresh();
        say(`realloc ${name} ${old.name} ${bytes}`);
        live.push({ name, size: bytes });
      }
    },
    options() {
      for (let i = random.between(1, 3); i > 0; i--) {
        const name = random.pick(Object.keys(parameters));
        say(`mallopt ${name} ${random.pick(parameters[name])}`);
      }
    },
    /** The break moved by others. What is taken from the heap's end is put back, or taken while top is large. */
    foreign() {
      const step = random.pick([1, 8, 16, 100, 4096, 12_345, 65_536, MiB]);
      say(`sbrk ${step}`);
      if (random.chance(0.3)) allocate(sizes()());
      if (random.chance(0.4)) say(`sbrk -${random.pick([step, step, 1, 4096])}`);
    },
    block() {
      if (blocked > 0 && random.chance(0.5))
        return say(`munmap b${blocked} ${random.pick([4096, 65_536])}`);
      blocked++;
      const at = 4096 * random.logBetween(34, 3000);
      say(
        `mmap b${blocked} 4096 ${random.pick(["rw", "none"])} private|anon|fixed_noreplace at=heap+${at}`,
      );
    },
    limit() {
      const [kind, value] = [
        random.pick(["as", "data"]),
        random.pick(["0", "64K", "300K", "1M", "5M", "64M", "200M"]),
      ];
      say(`rlimit ${kind} ${value}`);
      phases[random.pick(["pile", "grow", "resize"])]();
      if (random.chance(0.7)) say(`rlimit ${kind} 100T`);
    },
    trim: () => say(`trim ${random.pick([0, 0, 1, 4095, 4096, 100_000, MiB, MINUS_ONE])}`),
    look() {
      say(random.pick(["mallinfo", "sbrk 0", "maps"]));
      say(`mincore heap ${4096 * random.logBetween(1, 200)}`);
      if (live.length === 0) return;
      const { name, size } = random.pick(live);
      say(size === 0 || random.chance(0.4) ? `usable ${name}` : `write ${name} ${size}`);
    },
    fork() {
      if (hasForked || prefix !== "") return;
      hasForked = true;
      say("fork c");
      const ours = [...live];
      prefix = "@c ";
      for (let i = random.between(1, 3); i > 0; i--) {
        phases[random.pick(["pile", "giveBack", "churn", "resize", "trim", "look"])]();
      }
      say("exit");
      prefix = "";
      live = ours;
    },
  };
  const weights = {
    ...{ pile: 10, giveBack: 9, grow: 4, churn: 6, resize: 4, trim: 2, look: 4 },
    ...random.pick([
      {},
      { options: 4 },
      { foreign: 3, block: 1.5 },
      { limit: 2 },
      { fork: 2 },
      { options: 2, foreign: 1, block: 1, limit: 0.7, fork: 0.5 },
    ]),
  };
  while (lines.length < length * 0.8) phases[random.weighted(weights)]();
  lines.push("mallinfo", "sbrk 0", "maps");
  while (live.length > 0) say(`free ${take(random.between(0, live.length - 1)).name}`);
  lines.push("mallinfo", "trim 0", "mallinfo", "sbrk 0", "maps");
  return lines;
}
