/**
 * Random calls of mmap, munmap and mremap that ask where the kernel puts things, as a section of calls-file.mjs: in the
 * layout that grows down and in the one that grows up. Each answer counts from the first mapping.
 */
import { choices } from "./random.mjs";

const layouts = {
  "top-down": { process: { fixed: "yes" }, words: ["fixed"] },
  legacy: { process: { fixed: "yes", legacy: "yes" }, words: ["fixed", "legacy"] },
};

/** A section of some `length` calls, the same for the same seed. */
export function placementSection(layout, seed, length = 60) {
  const random = choices(`placement-${layout}`, seed);
  const codes = [];
  const names = [];
  const mapped = [];
  const anyName = () => random.pick(names);
  // Never the name alone: where its call failed it is -1, and the kernel takes a fixed address of -1 for -EPERM.
  const near = () => `${anyName()} ${random.pick(["-", "+"])} ${random.between(1, 40)} * PAGE`;
  const sizes = () =>
    random.weighted({
      [`${random.between(1, 6)} * PAGE`]: 8,
      [`${random.between(1, 3) * 2} * MiB`]: 3,
      [`${random.between(300, 900)} * PAGE`]: 2,
      "3 * GiB": 0.5,
    });
  const kinds = {
    "MAP_SHARED | MAP_ANONYMOUS": 8,
    "MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE": 6,
    "MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN": 2,
    "MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT": 0.7,
  };
  const map = (hint, flags) => {
    const name = `m${names.length}`;
    const prot = random.pick(["PROT_NONE", "PROT_READ"]);
    const size = sizes();
    codes.push(`${name} = mmap(${hint}, ${size}, ${prot}, ${flags}, -1, 0)`);
    if (!flags.includes("32BIT") && !flags.includes("NOREPLACE")) codes.push(`${name} - m0`);
    names.push(name);
    mapped.push({ name, size });
  };
  map("NULL", "MAP_SHARED | MAP_ANONYMOUS");
  const actions = {
    anywhere: () => map("NULL", random.weighted(kinds)),
    hinted: () => map(near(), random.weighted(kinds)),
    noreplace: () => map(near(), "MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE"),
    // Never beyond the mapping: what lies above the first is the program's own.
    unmap() {
      const { name, size } = random.pick(mapped);
      codes.push(`munmap(${name}, ${random.chance(0.5) ? "PAGE" : size})`);
    },
    move() {
      const name = `m${names.length}`;
      const to = random.between(1, 900);
      codes.push(`${name} = mremap(${anyName()}, PAGE, ${to} * PAGE, MREMAP_MAYMOVE)`);
      names.push(name);
    },
  };
  const weights = { anywhere: 10, hinted: 8, noreplace: 2, unmap: 5, move: 2 };
  while (codes.length < length) actions[random.weighted(weights)]();
  return {
    title: `${layout}, seed ${seed}`,
    settings: {},
    ...layouts[layout],
    lines: codes.map((code, at) => ({ code, expected: undefined, at })),
  };
}

export const placementLayouts = Object.keys(layouts);
