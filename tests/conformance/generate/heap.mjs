/** Random traces of the C library's allocator. */
import { choices } from "./random.mjs";

const KiB = 1024;
const MiB = 1024 * KiB;

/** Sizes where something changes: chunk, tcache, fastbin, bin, page, threshold, and one off each. */
const boundaries = [
  0, 1, 8, 16, 24, 25, 40, 41, 56, 72, 88, 104, 120, 121, 136, 152, 160, 168, 504, 1000, 1008, 1016,
  1024, 1032, 1033, 1048, 1064, 2040, 3072, 4072, 4080, 4088, 4096, 8184, 16376, 32768, 65535,
  65536, 65544, 98304, 131048, 131056, 131064, 131072, 131073, 135144, 135168, 262144, 524288,
  1048576,
];

function sizeNear(random, highest) {
  const size = random.pick(boundaries.filter((each) => each <= highest));
  return Math.max(0, size + random.pick([0, 0, 0, -16, -8, -1, 1, 8, 16]));
}

/** The shape of each suite: how sizes are drawn and how likely each command is. */
const shapes = {
  "heap-small": { size: (r) => r.logBetween(1, 1600) },
  "heap-mixed": { size: (r) => r.logBetween(1, 600_000), mallopt: 0.5 },
  "heap-align": { size: (r) => r.logBetween(1, 8000), memalign: 10 },
  "heap-edges": { size: (r) => sizeNear(r, 270_000), memalign: 2, mallopt: 0.3 },
  "heap-large": {
    size: (r) => (r.chance(0.5) ? r.logBetween(60_000, 40 * MiB) : r.logBetween(1, 70_000)),
    memalign: 1,
    mallopt: 0.3,
  },
  "heap-few-sizes": {
    size: (r) => r.pick([16, 24, 40, 104, 120, 136, 1032, 1040, 1300]),
    free: 60,
    trim: 1,
  },
  "heap-fastbins": { size: (r) => r.logBetween(1, 180), free: 70, fill: true },
  "heap-large-bins": { size: (r) => r.logBetween(900, 20_000), free: 55, fill: true },
  "heap-break": { size: (r) => r.logBetween(1, 150_000), breaks: 4, mallopt: 1, trim: 3 },
  "heap-all": {
    size: (r) => (r.chance(0.4) ? sizeNear(r, 2 * MiB) : r.logBetween(1, 300_000)),
    memalign: 6,
    mallopt: 2,
    breaks: 1,
    trim: 2,
    odd: 2,
  },
  "heap-limits": {
    size: (r) => r.logBetween(1, 400_000),
    limits: 3,
    memalign: 2,
    mallopt: 0.5,
    trim: 2,
    breaks: 0.5,
  },
  "heap-abuse": { size: (r) => r.logBetween(1, 3000), abuse: 1.5, memalign: 1 },
};

export const heapSuites = Object.keys(shapes);

/** A trace of about `length` commands as an array of lines. */
export function heapTrace(suite, seed, length = 300) {
  const shape = shapes[suite];
  const random = choices(suite, seed);
  const lines = [];
  const live = [];
  const freed = [];
  let count = 0;
  let blocks = 0;
  const fresh = () => `a${count++}`;
  const keep = (name, size) => live.push({ name, size });
  const take = () => {
    const index = random.chance(0.3)
      ? live.length - 1 - random.between(0, Math.min(3, live.length - 1))
      : random.between(0, live.length - 1);
    const [block] = live.splice(index, 1);
    freed.push(block);
    return block;
  };
  const size = () => shape.size(random);
  const actions = {
    malloc() {
      const bytes = size();
      const name = fresh();
      lines.push(`malloc ${name} ${bytes}`);
      keep(name, bytes);
    },
    calloc() {
      const members = random.between(1, 8);
      const each = Math.max(1, Math.floor(size() / members));
      const name = fresh();
      lines.push(`calloc ${name} ${members} ${each}`);
      keep(name, members * each);
    },
    realloc() {
      if (live.length === 0) return actions.malloc();
      const old = take();
      const bytes = random.chance(0.3)
        ? Math.max(1, old.size + random.between(-64, 64))
        : Math.max(1, size());
      const name = fresh();
      lines.push(`realloc ${name} ${old.name} ${bytes}`);
      keep(name, bytes);
    },
    memalign() {
      const align = random.pick([16, 32, 64, 128, 256, 1024, 4096, 8192, 65536]);
      const bytes = Math.max(1, size());
      const name = fresh();
      lines.push(`memalign ${name} ${align} ${bytes}`);
      keep(name, bytes);
    },
    free() {
      if (live.length === 0) return actions.malloc();
      lines.push(`free ${take().name}`);
    },
    usable() {
      if (live.length > 0) lines.push(`usable ${random.pick(live).name}`);
    },
    mallinfo: () => lines.push("mallinfo"),
    trim: () => lines.push(`trim ${random.pick([0, 0, 4096, 65536, 131072])}`),
    sbrk: () => lines.push("sbrk 0"),
    mallopt() {
      const [parameter, values] = random.pick([
        ["mmap_threshold", [0, 4096, 65536, 131072, 1048576]],
        ["trim_threshold", [0, 4096, 65536, 1048576]],
        ["top_pad", [0, 4096, 65536, 1048576]],
        ["mmap_max", [0, 1, 2, 65536]],
        ["mxfast", [0, 16, 64, 80, 100, 128, 160, 161, 200]],
      ]);
      lines.push(`mallopt ${parameter} ${random.pick(values)}`);
    },
    /** The break moved by another than malloc, or blocked by a mapping. */
    breaks() {
      if (random.chance(0.15) && blocks < 2) {
        blocks++;
        const at = random.logBetween(40, 600) * 4096;
        lines.push(
          `mmap b${blocks} 4096 ${random.pick(["rw", "none"])} private|anon|fixed_noreplace at=heap+${at}`,
        );
      } else if (random.chance(0.2) && blocks > 0) {
        lines.push(`munmap b${blocks} 4096`);
      } else {
        lines.push(`sbrk ${random.pick([4096, 4096, 100, 1, 65536, 131072, -4096, 16])}`);
      }
    },
    odd() {
      const name = fresh();
      const huge = [
        "0x7fffffffffffffff",
        "0x8000000000000000",
        "18446744073709551615",
        "0x7ffffffffffff000",
        "18446744073709551600",
        "128T",
        "9223372036854775790",
      ];
      const line = random.pick([
        () => `malloc ${name} ${random.pick(huge)}`,
        () => `malloc ${name} 0`,
        () => `calloc ${name} ${random.pick(huge)} ${random.between(0, 3)}`,
        () => `calloc ${name} ${random.between(0, 1)} 0`,
        () => `calloc ${name} 0x100000000 0x100000000`,
        () =>
          `memalign ${name} ${random.pick([0, 1, 2, 4, 8, 3, 12, 24, 48, 100, 1000])} ${random.between(0, 300)}`,
        () =>
          `memalign ${name} ${random.pick([16, 64, 4096, 1048576, 0x40000000])} ${random.pick(huge)}`,
        () =>
          `memalign ${name} ${random.pick([131072, 524288, 1048576])} ${random.logBetween(1, 300000)}`,
        () => "free none",
        () => "usable none",
      ])();
      lines.push(line);
      if (!line.includes("none")) keep(name, 1);
      if (random.chance(0.3) && live.length > 0) {
        const old = take();
        const again = fresh();
        const bytes = random.pick([0, "0x7fffffffffffffff", "18446744073709551615"]);
        lines.push(`realloc ${again} ${old.name} ${bytes}`);
        keep(again, 1);
        if (bytes !== 0) keep(old.name, old.size);
      }
    },
    limits() {
      const kind = random.pick(["as", "data"]);
      lines.push(
        `rlimit ${kind} ${random.pick(["0", "128K", "256K", "512K", "1M", "4M", "64M", "1G", "1T"])}`,
      );
    },
    /** What a program must not do; glibc's checks may end the trace here. */
    abuse() {
      const block = live.length > 0 ? random.pick(live) : undefined;
      const old = freed.length > 0 ? random.pick(freed.slice(-6)) : undefined;
      const options = [];
      if (old) {
        options.push(() => `free ${old.name}`);
        options.push(() => `usable ${old.name}`);
        options.push(() => `store ${old.name}+${random.between(0, 15)} ${random.between(0, 255)}`);
        options.push(() => `realloc ${fresh()} ${old.name} ${random.between(1, 2000)}`);
      }
      if (block) {
        const end = Math.max(24, Math.ceil((block.size - 8) / 16) * 16 + 8);
        options.push(() => `free ${block.name}+${random.pick([1, 4, 8, 16, 32])}`);
        options.push(() => `free ${block.name}-${random.pick([8, 16, 32])}`);
        options.push(
          () => `store ${block.name}+${end + random.between(0, 7)} ${random.between(0, 255)}`,
        );
        options.push(
          () => `store ${block.name}-${random.between(1, 16)} ${random.between(0, 255)}`,
        );
      }
      options.push(
        () => `free heap+${random.between(1, 40) * 16}`,
        () => "free top-4096",
      );
      lines.push(random.pick(options)());
    },
  };
  const weights = {
    malloc: 38,
    calloc: 8,
    realloc: 9,
    memalign: shape.memalign ?? 0,
    free: shape.free ?? 36,
    usable: 2.5,
    mallinfo: 1,
    trim: shape.trim ?? 0.3,
    sbrk: 2,
    mallopt: shape.mallopt ?? 0,
    breaks: shape.breaks ?? 0,
    odd: shape.odd ?? 0,
    limits: shape.limits ?? 0,
    abuse: shape.abuse ?? 0,
  };
  if (shape.mallopt && random.chance(0.4)) actions.mallopt();
  const middle = Math.round(length * 0.75);
  while (lines.length < middle) {
    actions[random.weighted(weights)]();
    if (shape.fill && random.chance(0.03)) burst(random, actions);
  }
  lines.push("mallinfo", "sbrk 0", "maps");
  while (live.length > 0)
    lines.push(`free ${live.splice(random.between(0, live.length - 1), 1)[0].name}`);
  lines.push("mallinfo", "trim 0", "mallinfo", "sbrk 0", "maps");
  return lines;
}

/** Many of one kind in a row, so that a tcache bin runs full or empty. */
function burst(random, actions) {
  const action = random.pick([actions.free, actions.malloc]);
  for (let i = random.between(5, 12); i > 0; i--) action();
}
