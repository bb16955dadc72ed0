/** Commands for files of up to some MiB: large folios of the page cache, and huge pages of shared memory. */
import { PAGE } from "./vm-state.mjs";

const MiB = 1 << 20;

/** Each action says one command, or a few that belong together; `file` picks a file of the trace, or makes one. */
export function largeActions(state, file) {
  const { random, say } = state;
  return {
    /** Files of up to 2 MiB, written and read in pieces that large folios of the page cache serve. */
    newLargeFile() {
      const name = state.fresh("f");
      const size =
        random.between(16, 512) * PAGE - (random.chance(0.2) ? random.between(1, 4095) : 0);
      say(`${random.chance(0.85) ? "file" : "memfd"} ${name} ${size}`);
      state.files.push({ name, size });
    },
    writeLarge() {
      const made = file();
      const from = random.chance(0.3) ? 0 : random.between(0, Math.floor(made.size / PAGE)) * PAGE;
      const length = random.logBetween(2, 256) * PAGE;
      const odd = random.chance(0.2) ? random.between(1, 4095) : 0;
      say(`pwrite ${made.name} ${from + odd} ${length}`);
      made.size = Math.max(made.size, from + odd + length);
      if (random.chance(0.5)) say(`fsync ${made.name}`);
    },
    readLarge() {
      const made = file();
      say(`pread ${made.name} ${random.between(0, made.size)} ${random.logBetween(1, 300) * PAGE}`);
    },
    cutLarge() {
      const made = file();
      if (random.chance(0.5)) {
        made.size =
          random.between(0, 520) * PAGE + (random.chance(0.3) ? random.between(1, 4095) : 0);
        say(`ftruncate ${made.name} ${made.size}`);
      } else {
        const odd = random.chance(0.3) ? random.between(1, 4095) : 0;
        say(
          `punch ${made.name} ${random.between(0, 500) * PAGE + odd} ${random.logBetween(1, 400) * PAGE + odd}`,
        );
      }
    },
    /** Sizes and holes that meet huge pages. */
    cutHuge() {
      const made = file();
      if (random.chance(0.5)) {
        made.size = random.between(0, 1600) * PAGE + (random.chance(0.2) ? 100 : 0);
        say(`ftruncate ${made.name} ${made.size}`);
      } else {
        say(
          `punch ${made.name} ${random.between(0, 1500) * PAGE} ${random.logBetween(1, 1600) * PAGE}`,
        );
      }
    },
    /** All of a map: where it is large, whole blocks of 2 MiB. */
    giveAll() {
      const map = state.anyMap();
      const advice = random.pick(["pageout", "pageout", "cold", "free"]);
      if (map) say(`madvise ${map.name} ${map.length} ${advice}`);
    },
    collapseAll() {
      const map = state.anyMap();
      if (map) say(`madvise ${map.name} ${map.length} collapse`);
    },
    /** Memory of some huge pages behind a descriptor, or without one, mapped where huge pages fit or do not. */
    mapHugeFile() {
      const name = state.fresh("m");
      const blocks = random.between(1, 3);
      const fill = () => {
        for (let i = 0; i < blocks; i++) {
          if (random.chance(0.9))
            say(`write ${name}+${random.between(0, 511) * PAGE + i * 2 * MiB} 4096`);
        }
        if (random.chance(0.6)) say(`madvise ${name} ${blocks * 2 * MiB} collapse`);
      };
      if (random.chance(0.3)) {
        say(`mmap ${name} ${blocks * 2 * MiB} rw shared|anon`);
        state.mapped(name, blocks * 2 * MiB);
        fill();
        return;
      }
      let made =
        state.files.length > 1 && random.chance(0.6) ? random.pick(state.files) : undefined;
      if (made === undefined) {
        const size = blocks * 2 * MiB + (random.chance(0.5) ? 0 : random.between(-300, 300) * PAGE);
        made = { name: state.fresh("f"), size };
        say(`memfd ${made.name} ${made.size}`);
        state.files.push(made);
      }
      const offset = random.weighted({ 0: 8, [2 * MiB]: 2, [PAGE * 16]: 0.5 });
      const length = blocks * 2 * MiB;
      const prot = random.weighted({ rw: 6, r: 2, none: 0.3 });
      say(
        `mmap ${name} ${length} ${prot} ${random.weighted({ shared: 3, private: 1.5 })} ${made.name} off=${offset}`,
      );
      state.mapped(name, length, { file: made });
      fill();
    },
  };
}
