/**
 * Random traces of reading: files of up to 16 MiB that are holes, which a disk need not be waited for, read by read(2) and
 * through mappings, forwards, backwards, in strides and anywhere, under each advice; mincore tells what is in memory.
 */
import { PAGE, vmState } from "./vm-state.mjs";

/** The trace of a seed, some `length` commands, as an array of lines. */
export function readAheadTrace(suite, seed, length) {
  const state = vmState(suite, seed);
  const { random, say } = state;
  const total = length ?? random.between(40, 110);
  const readers = [];
  const newFile = () => {
    const pages = random.logBetween(8, 4096);
    const name = state.fresh("f");
    say(`file ${name} ${pages * PAGE - (random.chance(0.2) ? random.between(1, 4095) : 0)}`);
    const file = { name, pages, at: 0 };
    readers.push(file);
    newMap(file);
    if (random.chance(0.3)) newMap(file);
  };
  function newMap(file) {
    const from = random.chance(0.6) ? 0 : random.between(0, file.pages - 1);
    const pages = file.pages - from + (random.chance(0.1) ? 3 : 0);
    const name = state.fresh("m");
    const prot = random.weighted({ r: 8, rw: 2, rx: 1, x: 0.5 });
    const sharing = random.pick(["shared", "private"]);
    say(`mmap ${name} ${pages * PAGE} ${prot} ${sharing} ${file.name} off=${from * PAGE}`);
    file.maps = [...(file.maps ?? []), { name, from, pages, file }];
  }
  const pickFile = () => random.pick(readers);
  const pickMap = () => random.pick(pickFile().maps);
  /** A page to begin at: where the last read of the file ended, mostly. */
  const startIn = (file) => {
    const kind = random.weighted({ on: 6, near: 2, anywhere: 3, begin: 0.7 });
    if (kind === "begin") return 0;
    if (kind === "anywhere") return random.between(0, file.pages - 1);
    const near = kind === "near" ? random.between(-40, 80) : 0;
    return Math.max(0, Math.min(file.pages - 1, file.at + near));
  };
  const actions = {
    readSome() {
      const file = pickFile();
      const from = startIn(file);
      const bytes = random.chance(0.3)
        ? random.between(1, 20_000)
        : random.logBetween(1, 200) * PAGE;
      const odd = random.chance(0.15) ? random.between(1, 4095) : 0;
      say(`pread ${file.name} ${from * PAGE + odd} ${bytes}`);
      file.at = Math.floor((from * PAGE + odd + bytes) / PAGE);
    },
    readRun() {
      const file = pickFile();
      const size = random.logBetween(1, 40) * PAGE;
      let at = startIn(file);
      for (let i = random.between(2, 6); i > 0; i--) {
        say(`pread ${file.name} ${at * PAGE} ${size}`);
        at += size / PAGE;
      }
      file.at = at;
    },
    touchSome() {
      const map = pickMap();
      const page = Math.max(0, Math.min(map.pages - 1, startIn(map.file) - map.from));
      const pages = random.chance(0.5) ? 1 : random.logBetween(1, 300);
      const access = random.chance(0.15) ? "write" : "read";
      if (access === "write") map.file.isWritten = true;
      say(`${access} ${map.name}+${page * PAGE} ${Math.min(pages, map.pages - page) * PAGE}`);
      map.file.at = map.from + page + pages;
    },
    stride() {
      const map = pickMap();
      const step = random.pick([-1, 1, 2, 5, 16, -16, 33, 64, -40]);
      let page = random.between(0, map.pages - 1);
      for (let i = random.between(2, 7); i > 0 && page >= 0 && page < map.pages; i--) {
        say(`read ${map.name}+${page * PAGE} 4096`);
        page += step;
      }
    },
    look() {
      const map = pickMap();
      say(`mincore ${map.name} ${map.pages * PAGE}`);
    },
    smaps: () => say(`smaps ${pickMap().name}`),
    advise() {
      const map = pickMap();
      const advice = random.weighted({
        ...{ sequential: 3, random: 3, normal: 3, willneed: 3, dontneed: 2, cold: 1, pageout: 1 },
        ...{ populate_read: 1.5, hugepage: 0.3, nohugepage: 0.3 },
      });
      const { where, length: bytes } = state.part({ name: map.name, length: map.pages * PAGE });
      if (random.chance(0.6)) say(`madvise ${map.name} ${map.pages * PAGE} ${advice}`);
      else say(`madvise ${where} ${bytes} ${advice}`);
    },
    newMap: () => newMap(pickFile()),
    newFile,
    unmap() {
      const file = pickFile();
      if (file.maps.length < 2) return;
      const [map] = file.maps.splice(random.between(0, file.maps.length - 1), 1);
      say(`munmap ${map.name} ${map.pages * PAGE}`);
    },
    /** Where nothing was written, so that no disk has to be waited for. */
    dropClean() {
      const file = pickFile();
      if (!file.isWritten) say(`dropcache ${file.name}`);
    },
  };
  const weights = {
    ...{ readSome: 12, readRun: 5, touchSome: 16, stride: 5, look: 12, smaps: 4, advise: 6 },
    ...{ newMap: 1, newFile: 0.7, unmap: 1, dropClean: 3 },
  };
  newFile();
  while (state.lines.length < total) actions[random.weighted(weights)]();
  for (const file of readers) say(`mincore ${file.maps[0].name} ${file.maps[0].pages * PAGE}`);
  return state.lines;
}
