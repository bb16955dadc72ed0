/** Random traces of virtual memory, in the manner of the recorded suites. */
import { actionsOf } from "./vm-actions.mjs";
import { PAGE, vmState } from "./vm-state.mjs";
import { weights } from "./vm-weights.mjs";

const MiB = 1 << 20;

export const vmSuites = Object.keys(weights);

/** How many commands a trace of a suite has. */
function lengthOf(suite, random) {
  if (suite === "vm-dense") return random.between(120, 320);
  if (suite === "vm-huge") return random.between(50, 70);
  return random.between(50, suite === "vm-anon" || suite === "vm-deep-fork" ? 130 : 100);
}

/** A trace of about `length` commands as an array of lines. */
export function vmTrace(suite, seed, length) {
  const state = vmState(suite, seed);
  const { random, say } = state;
  const actions = actionsOf(state, suite);
  const total = length ?? lengthOf(suite, random);
  begin(state, suite, actions);
  const allowed = weights[suite];
  const early = suite === "vm-deep-fork" ? [0.1] : [0.2, 0.35, 0.5];
  const late = allowed.fork === undefined ? 0 : Math.round(total * random.pick(early));
  const deep = suite === "vm-deep-fork" ? 0.7 : 0.1;
  while (state.lines.length < total) {
    const action = random.weighted(allowed);
    if (action === "fork" && state.lines.length < late) continue;
    const inChild = action === "fork" ? deep : 0.5;
    if (state.children.length > 0 && random.chance(inChild)) {
      state.inProcess(random.pick(state.children));
    }
    // Few names, so that what is done meets itself.
    if (suite === "vm-dense" && state.maps.length > 7) {
      state.maps.splice(random.between(0, state.maps.length - 1), 1);
    }
    actions[action]();
    state.inProcess();
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
  if (suite === "vm-file" || suite === "vm-private-file" || suite === "vm-file-fork") {
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
  if (suite === "vm-fork" || suite === "vm-deep-fork") {
    say(`${suite === "vm-fork" || random.chance(0.5) ? "memfd" : "file"} f 65536`);
    state.files.push({ name: "f", size: 65536 });
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
  if (suite === "vm-folios") {
    for (let i = random.between(1, 2); i > 0; i--) actions.newLargeFile();
    actions.writeLarge();
    actions.mapFile();
  }
  if (suite === "vm-huge-file")
    for (let i = random.between(1, 2); i > 0; i--) actions.mapHugeFile();
  if (suite === "vm-huge-odd") for (let i = random.between(1, 3); i > 0; i--) actions.mapHuge();
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
