/**
 * Replays a trace again and again in this process, each time on a new machine, and prints the seconds of
 * each: `node tests/bench/warm-replay.mjs TRACE REPEATS`. The first is that of a fresh process.
 */
import { readFileSync } from "node:fs";

const dist = new URL("../../kernel-sim/dist/", import.meta.url);
const load = (name) => import(new URL(name, dist).href);
const [{ boot }, { tracedProcess }, { CommandList, Replay, TraceParser }] = await Promise.all([
  load("machine.js"),
  load("traced-process.js"),
  load("trace/index.js"),
]);
const [path, repeats] = process.argv.slice(2);
const list = new CommandList();
new TraceParser(path).parse(readFileSync(path), list, "last");
for (let i = 0; i < Number(repeats); i++) {
  const replay = new Replay(tracedProcess(boot().spawn("trace")));
  const start = process.hrtime.bigint();
  replay.execute(list);
  console.log(Number(process.hrtime.bigint() - start) / 1e9);
}
