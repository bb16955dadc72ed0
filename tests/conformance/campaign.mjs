/**
 * Compares many random traces of every suite with the real system, keeps what came of it in fixtures/campaigns.json and
 * draws docs/accuracy.md anew.
 *
 *     node tests/conformance/campaign.mjs [--count 1000] [--minutes N] [--seed N] [--suite NAMES] [--mode NAMES] [--add] [--no-page]
 *
 * --suite  suites, joined by commas, in place of all
 * --mode   the modes (modes.mjs) to compare in, joined by commas: `usual` unless said otherwise; `all` is every one. Where they
 *          change the machine's settings MEMORY_COURSE_SETTINGS=change must allow it
 * --add    the traces count beside those of earlier campaigns; without it they take the place of those of the same suite and mode
 *
 * It goes through the suites in rounds, until each has had its count of traces or the minutes are over. Exits 1 where an
 * answer differs.
 */
import { compareSuite, leftOut } from "./compare.mjs";
import { writePage } from "./accuracy-page.mjs";
import { describeDifference } from "./differences.mjs";
import { suites } from "./generate/index.mjs";
import { modeNames, modeOf } from "./modes.mjs";
import { readOptions } from "./options.mjs";
import { realVersions, whyNotReal } from "./real.mjs";
import { mergeResults, readResults, writeResults } from "./results.mjs";
import { whyNotSettable, withSettings } from "./settings.mjs";
import { openSimulator } from "./simulator.mjs";

/** Traces of a suite in one round. */
const ROUND = 25;
/** Differences that are printed. */
const SHOWN = 30;
const counts = ["traces", "commands", "agreeing", "unstable", "endless"];

function stop(reason) {
  console.error(`campaign: cannot compare${reason}`);
  process.exit(2);
}

/** The suites to compare, each in a mode. */
function tasksOf(values) {
  const asked = values.mode === "all" ? ["usual", ...modeNames] : values.mode.split(",");
  return asked.flatMap((name) => {
    const mode = modeOf(name === "usual" ? undefined : name);
    const whyNot = whyNotSettable(mode.settings);
    if (whyNot !== undefined) stop(` in the mode ${name}: ${whyNot}`);
    const all = name === "usual" ? suites : mode.suites;
    const wanted = values.suite?.split(",") ?? all;
    const zeros = Object.fromEntries(counts.map((field) => [field, 0]));
    return wanted
      .filter((suite) => name === "usual" || all.includes(suite))
      .map((suite) => ({ suite, name, mode, ...zeros, differing: 0 }));
  });
}

function keep(tasks, seed, how) {
  const day = new Date().toISOString().slice(0, 10);
  const found = tasks.map(({ suite, name, ...task }) => ({
    ...{ suite, mode: name, seeds: [seed], day, ...realVersions() },
    ...Object.fromEntries(counts.map((field) => [field, task[field]])),
  }));
  writeResults(mergeResults(readResults(), found, how));
}

const values = readOptions(
  "node tests/conformance/campaign.mjs [--count 1000] [--minutes N] [--seed N] [--suite NAMES] [--mode NAMES] [--add] [--no-page]",
  {
    mode: { type: "string", default: "usual" },
    count: { type: "string", default: "1000" },
    minutes: { type: "string" },
    seed: { type: "string" },
    suite: { type: "string" },
    add: { type: "boolean", default: false },
    "no-page": { type: "boolean", default: false },
  },
);
const why = whyNotReal();
if (why !== undefined) stop(`: ${why}`);
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
const count = Number(values.count);
const deadline =
  values.minutes === undefined ? Infinity : Date.now() + Number(values.minutes) * 60_000;
const simulator = openSimulator();
const tasks = tasksOf(values);
let shown = 0;
const show = (found) => {
  if (shown++ < SHOWN) {
    console.log(`\n${found.suite} seed ${found.seed}:`);
    console.log(describeDifference(found.lines, found.real, found.difference));
  }
  return Promise.resolve("go on");
};
for (let done = 0; done < count && Date.now() < deadline; done += ROUND) {
  for (const task of tasks) {
    const { suite, mode } = task;
    const size = Math.min(ROUND, count - done);
    const request = { suite, mode, seed: seed + done, count: size, checks: "end" };
    const tally = await withSettings(mode.settings, () => compareSuite(simulator, request, show));
    for (const field of [...counts, "differing"]) task[field] += tally[field];
  }
  const differing = tasks.reduce((sum, task) => sum + task.differing, 0);
  console.log(`${Math.min(done + ROUND, count)} a suite: ${differing} differ`);
}
for (const task of tasks) {
  const { suite, name, traces, commands, agreeing } = task;
  const where = name === "usual" ? suite : `${suite}, ${name}`;
  console.log(`${where}: ${agreeing} of ${traces} agree, ${commands} commands${leftOut(task)}`);
}
if (!values["no-page"]) {
  keep(tasks, seed, values.add ? "add" : "replace");
  console.log(`wrote ${await writePage()}`);
}
process.exitCode = tasks.some((task) => task.differing > 0) ? 1 : 0;
