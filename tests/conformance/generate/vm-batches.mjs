/**
 * Random traces of what waits in the LRU's batches: pages of files that a dropped cache keeps because they are mapped, pages that
 * MADV_FREE gave up. They are unmapped, written, shared with a child while they wait; then something empties the batches, or
 * nothing does, and what faults and smaps say tells which.
 */
import { PAGE, vmState } from "./vm-state.mjs";

/** The trace of a seed, some `length` commands, as an array of lines. */
export function batchesTrace(suite, seed, length) {
  const state = vmState(suite, seed);
  const { random, say } = state;
  const total = length ?? random.between(50, 110);
  const files = [];
  const anonymous = [];
  const child = { name: "" };
  const partOf = (map) => {
    const { where, length: bytes } = state.part(map, 0);
    return `${where} ${bytes}`;
  };
  const rangeOf = (file) => {
    const from = random.chance(0.4) ? 0 : random.between(0, file.pages - 1);
    return `${from * PAGE} ${random.logBetween(1, file.pages - from) * PAGE}`;
  };
  const pickFile = () => random.pick(files);
  const pickMap = () => random.pick(pickFile().maps);
  const pickAnon = () => random.pick(anonymous);
  const newMap = (file, prot) => {
    const name = state.fresh("m");
    const sharing =
      prot === "rw" && random.chance(0.85) ? "shared" : random.pick(["shared", "private"]);
    say(`mmap ${name} ${file.pages * PAGE} ${prot} ${sharing} ${file.name}`);
    file.maps.push({ name, length: file.pages * PAGE });
  };
  const actions = {
    newFile() {
      const file = { name: state.fresh("f"), pages: random.between(20, 140), maps: [] };
      say(`file ${file.name} ${file.pages * PAGE}`);
      files.push(file);
      newMap(file, "rw");
      newMap(file, "r");
      say(`${random.chance(0.7) ? "write" : "read"} ${partOf(file.maps[0])}`);
    },
    newMap: () => newMap(pickFile(), random.pick(["r", "rw"])),
    newAnonymous() {
      const map = { name: state.fresh("a"), length: random.between(1, 50) * PAGE };
      say(`mmap ${map.name} ${map.length} rw private|anon`);
      say(`write ${map.name} ${map.length}`);
      anonymous.push(map);
    },
    /** Written before and read again, so that how soon the disk is does not count. */
    drop() {
      const file = pickFile();
      say(`fsync ${file.name}`);
      say(`dropcache ${file.name}`);
      say(`pread ${file.name} 0 4M`);
    },
    unmap() {
      const map = pickMap();
      const part = random.chance(0.3) ? `${map.name} ${map.length}` : partOf(map);
      say(random.chance(0.6) ? `madvise ${part} dontneed` : `munmap ${part}`);
    },
    /** Dropped while one mapping has most of it, which then goes; what is written next is dirty and nobody's. */
    dropUnmapWrite() {
      const file = pickFile();
      const map = random.pick(file.maps);
      for (const each of file.maps) say(`madvise ${each.name} ${each.length} dontneed`);
      say(`${random.chance(0.8) ? "write" : "read"} ${map.name} ${map.length}`);
      say(`fsync ${file.name}`);
      say(`dropcache ${file.name}`);
      const early = random.chance(0.4);
      if (early) say(`pread ${file.name} 0 4M`);
      if (early && random.chance(0.4)) actions.other();
      say(`madvise ${random.chance(0.7) ? `${map.name} ${map.length}` : partOf(map)} dontneed`);
      say(`pwrite ${file.name} ${rangeOf(file)}`);
      if (!early) say(`pread ${file.name} 0 4M`);
      if (random.chance(0.7)) actions[random.pick(["other", "free", "fsync", "msync", "fork"])]();
      say(`${random.chance(0.8) ? "read" : "write"} ${partOf(random.pick(file.maps))}`);
    },
    writeFile() {
      const file = pickFile();
      say(`pwrite ${file.name} ${rangeOf(file)}`);
    },
    touch: () => say(`${random.chance(0.35) ? "write" : "read"} ${partOf(pickMap())}`),
    fsync: () => say(`fsync ${pickFile().name}`),
    msync: () => say(`msync ${partOf(pickMap())} ${random.pick(["sync", "async"])}`),
    punch() {
      const file = pickFile();
      say(`punch ${file.name} ${rangeOf(file)}`);
    },
    free: () => say(`madvise ${partOf(pickAnon())} free`),
    touchAnonymous: () => say(`${random.chance(0.8) ? "write" : "read"} ${partOf(pickAnon())}`),
    smaps: () => say(`smaps ${(random.chance(0.6) ? pickAnon() : pickMap()).name}`),
    /** Most of these empty the batches. */
    other() {
      const part = partOf(random.chance(0.5) ? pickAnon() : pickMap());
      const calls = ["mlock", "mlock_onfault", "munlock", "mincore"].map(
        (call) => `${call} ${part}`,
      );
      const advices = [
        "cold",
        "populate_read",
        "populate_write",
        "willneed",
        "collapse",
        "pageout",
      ];
      say(random.pick([...calls, ...advices.map((advice) => `madvise ${part} ${advice}`)]));
    },
    fork() {
      if (child.name !== "") return actions.exit();
      child.name = state.fresh("c");
      say(`fork ${child.name}`);
      return undefined;
    },
    exit() {
      if (child.name === "") return;
      say(`@${child.name} exit`);
      child.name = "";
    },
    inChild() {
      if (child.name === "") return;
      const map = random.chance(0.6) ? pickAnon() : pickMap();
      const call = random.pick(["write", "read", "madvise"]);
      say(`@${child.name} ${call} ${partOf(map)}${call === "madvise" ? " free" : ""}`);
    },
  };
  const weights = {
    ...{
      drop: 5,
      dropUnmapWrite: 4,
      unmap: 8,
      writeFile: 8,
      touch: 14,
      fsync: 2,
      msync: 1.5,
      punch: 1,
      newMap: 1,
    },
    ...{ free: 12, touchAnonymous: 10, smaps: 14, other: 2, fork: 3, exit: 2, inChild: 3 },
    ...{ newFile: 0.5, newAnonymous: 1 },
  };
  actions.newFile();
  if (random.chance(0.4)) actions.newFile();
  actions.newAnonymous();
  while (state.lines.length < total) actions[random.weighted(weights)]();
  return state.lines;
}
