/**
 * Random traces of a program that overwrites the allocator's records: chunks of every kind of bin are made, some bytes
 * of their headers, feet and links are set, of top's and of the tcache's struct too, and the allocator is used on.
 */
import { choices } from "./random.mjs";

/** Sizes by the place where a freed block ends up, beyond the seven of the tcache. */
const sizesOf = {
  fast: [1, 24, 40, 56, 72, 100, 120],
  small: [136, 152, 200, 264, 500, 700, 1000, 1008],
  large: [1032, 1040, 1100, 1500, 2000, 2040, 3000, 5000, 20_000, 70_000],
  mapped: [131_072, 140_000, 200_000, 500_000],
};
const kinds = Object.keys(sizesOf);

/** The size of the chunk behind a request. */
const chunkOf = (bytes) => Math.max(32, Math.ceil((bytes + 8) / 16) * 16);

/** Where the fields of a chunk are, counted from its memory; `foot` begins behind it. */
const fields = { prevSize: -16, size: -8, fd: 0, bk: 8, fdNextSize: 16, bkNextSize: 24 };

/** A trace of at most about `length` commands as an array of lines; the first command that aborts ends it. */
export function heapOverwriteTrace(suite, seed, length = 300) {
  const random = choices(suite, seed);
  const lines = [];
  const live = [];
  const freed = [];
  let count = 0;
  const palette = kinds.flatMap((kind) => [random.pick(sizesOf[kind]), random.pick(sizesOf[kind])]);
  const take = (list) => list.splice(random.between(0, list.length - 1), 1)[0];
  const allocate = (size) => {
    const name = `a${count++}`;
    const command = random.weighted({ malloc: 8, calloc: 1, memalign: 1 });
    const words = {
      malloc: `malloc ${name} ${size}`,
      calloc: `calloc ${name} 1 ${size}`,
      memalign: `memalign ${name} ${random.pick([32, 64, 256, 4096])} ${size}`,
    };
    lines.push(words[command]);
    return { name, size };
  };
  const free = (block) => {
    lines.push(`free ${block.name}`);
    freed.push(block);
  };

  /** Blocks of one size, of which some and more than the tcache takes are freed, with others between. */
  function group(size) {
    const blocks = [];
    for (let i = random.between(2, 12); i > 0; i--) {
      blocks.push(allocate(size));
      if (random.chance(0.4)) live.push(allocate(random.pick([24, 24, 40, size])));
    }
    while (blocks.length > random.between(0, 3)) free(take(blocks));
    live.push(...blocks);
  }

  /** Sets one byte, most often one that a size or a distance is told by. */
  function overwrite() {
    const block = random.pick(random.chance(0.6) && freed.length > 0 ? freed : live);
    if (block === undefined) return;
    const chunk = chunkOf(block.size);
    const field = random.pick(["size", "size", "fd", "bk", ...Object.keys(fields), "next", "foot"]);
    const start =
      field === "next" ? chunk - 8 : field === "foot" ? chunk - 16 : (fields[field] ?? 0);
    const at = start + random.pick([0, 0, 0, 0, 0, 0, 1, 1, random.between(0, 7)]);
    const values = [
      ...[0, 0, 1, 8, 16, 0x10, 0x11, 0x20, 0x20, 0x21, 0x31, 0x31, 0x40, 0x80, 0x91, 0xff],
      chunk | random.pick([0, 0, 0, 1, 1, 2, 3, 4, 5]),
      (chunk >> 8) + random.pick([-1, 0, 1, 2]),
      (chunk + random.pick([-16, 16, 32])) | 1,
      (chunk + random.pick([-16, 16, 32])) | 1,
      random.between(0, 255),
    ];
    const where = at < 0 ? `${block.name}${at}` : at === 0 ? block.name : `${block.name}+${at}`;
    lines.push(`store ${where} ${random.pick(values) & 0xff}`);
  }

  /** Sets a count or the low byte of a first entry in the tcache's struct, which is the first chunk. */
  function overwriteTcache() {
    const bin = chunkOf(random.pick(palette)) / 16 - 2;
    const index = bin < 64 ? bin : random.between(0, 63);
    lines.push(
      random.chance(0.6)
        ? `store heap+${0x10 + 2 * index} ${random.pick([0, 1, 2, 6, 7, 8, 255])}`
        : `store heap+${0x90 + 8 * index} ${random.pick([0, 16, 0x40, 0xa0, 0xf0, 8])}`,
    );
  }

  /** A chunk's header inside of a block, and the pointer behind it freed or looked at. */
  function fake() {
    const holder = allocate(random.pick([200, 700, 3000]));
    live.push(holder);
    const at = 16 * random.between(1, 4);
    const size = random.pick([0x20, 0x30, 0x50, 0x90, 0x100, 0x410, 0x1000]);
    const flags = random.pick([0, 1, 1, 1, 1, 1, 2, 3, 5]);
    const put = (offset, value) => {
      for (const [i, byte] of [value & 0xff, value >> 8].entries()) {
        lines.push(`store ${holder.name}+${offset + i} ${byte}`);
      }
    };
    put(at - 8, size | flags);
    put(at - 16, random.pick([0, 0, 0x20, 0x30, size]));
    if (random.chance(0.8)) put(at - 8 + size, random.pick([0x21, 0x20, 0x31, 0x101, 1, 0x10]));
    if (random.chance(0.5)) put(at - 8 + size + 0x20, random.pick([0x21, 0x20]));
    lines.push(`${random.pick(["free", "free", "free", "usable"])} ${holder.name}+${at}`);
  }

  /** The header of a chunk that is a mapping of its own, whole pages of the heap, which free() then unmaps. */
  function fakeMapping() {
    const page = 4096 * random.between(1, 6);
    const header = [...Array(8).fill(0), 2, 16 * random.pick([1, 1, 2]), ...Array(6).fill(0)];
    for (const [i, byte] of header.entries()) lines.push(`store heap+${page + i} ${byte}`);
    lines.push(`free heap+${page + 16}`, "mallinfo", "maps");
  }

  /** Pages of the heap lose what they held, or the right to be written, or are mapped anew. */
  function pages() {
    const where = `heap+${4096 * random.between(0, 12)}`;
    const length = 4096 * random.between(1, 3);
    lines.push(
      random.pick([
        `madvise ${where} ${length} ${random.pick(["dontneed", "dontneed", "free", "cold"])}`,
        `mprotect ${where} ${length} ${random.pick(["r", "none", "rw"])}`,
        `munmap ${where} ${length}`,
        `mmap p${count++} ${length} ${random.pick(["rw", "r"])} private|anon|fixed at=${where}`,
        `write ${where} ${length}`,
        `mlock ${where} ${length}`,
      ]),
    );
    if (random.chance(0.3)) lines.push(`mprotect ${where} ${length} rw`);
  }

  const actions = {
    malloc: () => live.push(allocate(random.pick(palette))),
    group: () => group(random.pick(palette)),
    free: () => (live.length > 0 ? free(take(live)) : actions.malloc()),
    again: () => (freed.length > 0 ? lines.push(`free ${random.pick(freed).name}`) : undefined),
    realloc() {
      const old = live.length > 0 ? take(live) : undefined;
      if (old === undefined) return actions.malloc();
      const size = random.pick([...palette, old.size + random.between(-40, 40), 0]);
      const name = `a${count++}`;
      lines.push(`realloc ${name} ${old.name} ${Math.max(0, size)}`);
      live.push({ name, size: Math.max(0, size) });
    },
    usable: () => lines.push(`usable ${random.pick([...live, ...freed, { name: "heap" }]).name}`),
    mallinfo: () => lines.push("mallinfo"),
    trim: () => lines.push(`trim ${random.pick([0, 4096])}`),
    mallopt: () => lines.push(`mallopt ${random.pick(["mxfast 0", "mxfast 160", "mmap_max 2"])}`),
    sbrk: () => lines.push(`sbrk ${random.pick([0, 4096, 16, -4096, -65536])}`),
    overwrite,
    overwriteTcache,
    fake,
    fakeMapping,
    pages,
  };
  const use = {
    ...{ malloc: 40, group: 4, free: 30, realloc: 6, usable: 4, mallinfo: 4, trim: 1, sbrk: 0.3 },
    ...{ again: 0.6, mallopt: 0.4, overwrite: 2, overwriteTcache: 0.6, fake: 0.6, pages: 0.4 },
  };
  const change = {
    ...{ overwrite: 10, overwriteTcache: 1.5, fake: 2, fakeMapping: 0.4, again: 1, pages: 2 },
  };
  for (let groups = random.between(2, 5); groups > 0; groups--) group(random.pick(palette));
  if (random.chance(0.6)) lines.push(`malloc s${count++} ${random.pick([900, 80_000])}`);
  for (let changes = random.between(1, 4); changes > 0; changes--) {
    actions[random.weighted(change)]();
  }
  const most = Math.min(length, lines.length + random.between(20, 120));
  while (lines.length < most) actions[random.weighted(use)]();
  lines.push("mallinfo", "sbrk 0", "maps");
  while (live.length > 0) lines.push(`free ${take(live).name}`);
  lines.push("mallinfo", "trim 0", "mallinfo", "sbrk 0", "maps");
  return lines;
}
