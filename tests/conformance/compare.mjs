/**
 * Random traces, real against simulated.
 *
 *     node tests/conformance/compare.mjs --suite vm-anon [--seed 1] [--count 100] [--reduce] [--all]
 *     node tests/conformance/compare.mjs --file FILE.trace [--reduce]
 *
 * --suite   one suite or several, joined by commas; `recorded`, `heap`, `vm` or `all`
 * --seed    the first seed; without it one is drawn, and printed
 * --count   how many traces a suite (100)
 * --length  commands a trace (the suite's own)
 * --reduce  reduces the first trace that differs to the shortest that still does
 * --all     goes on after the first trace of a suite that differs (shows at most --show, 5)
 * --mode    settings of the machine or the process, one of modes.mjs: `thp-always`, say. Where they are the whole
 *           machine's, MEMORY_COURSE_SETTINGS=change must allow it; they are put back at the end
 * --no-invariants  does not check the machine's own books after each command
 *
 * Exits 1 where a trace differs. Traces to which the real system gives two answers are left out, and counted; so
 * are those that the real system does not come to an end with, once what it answered before has been compared.
 */
import { readFileSync } from "node:fs";
import {
  describeDifference,
  firstDifference,
  isStable,
  describeHeap,
  reduce,
  sidesOf,
} from "./differences.mjs";
import { modeOf } from "./modes.mjs";
import { readOptions, runAsCommand } from "./options.mjs";
import { randomTrace, recordedSuites, suites } from "./generate/index.mjs";
import { realAnswers, whyNotReal } from "./real.mjs";
import { leftBehind, whyNotSettable, withSettings } from "./settings.mjs";
import { commandsOf, noEnd, openSimulator } from "./simulator.mjs";

const BATCH = 50;

/** The mode with the machine as it is before the next trace. */
const modeNow = (mode) => ({ ...mode, machine: { ...mode.machine, ...leftBehind(mode.settings) } });

/** How many traces the real system executes at once: one where each may leave something behind for the next. */
const batchOf = (mode) => (Object.keys(leftBehind(mode.settings)).length > 0 ? 1 : BATCH);

/**
 * The first difference of a trace whose real answers are known. Where the real system did not come to an end, the
 * commands before that are compared, and the simulator is not asked for the rest.
 */
async function differenceOf(simulator, lines, real, options) {
  const end = real.indexOf(noEnd);
  const count = end < 0 ? lines.length : end;
  if (count === 0) return undefined;
  const simulated = await simulator.answers(lines.slice(0, count).join("\n"), options);
  return firstDifference(end < 0 ? real : real.slice(0, end), simulated);
}

/** Says where a trace has left huge pages behind that nobody can have; the next ones begin with them (settings.mjs). */
function warnOfLoss(seed, { settings, machine }) {
  const lost = (leftBehind(settings).lostHugePages ?? 0) - (machine.lostHugePages ?? 0);
  if (lost > 0) console.log(`seed ${seed} left ${lost} huge pages promised to nobody`);
}

/** Compares `count` traces of a suite from a seed on; `onDifference` may end it by returning "stop". */
export async function compareSuite(
  simulator,
  { suite, seed, count, length, checks, mode: asked = modeOf() },
  onDifference,
) {
  const batch = batchOf(asked);
  const tally = {
    ...{ suite, seed, traces: 0, commands: 0, agreeing: 0, unstable: 0, endless: 0, differing: 0 },
  };
  for (let from = 0; from < count; from += batch) {
    const mode = modeNow(asked);
    const seeds = Array.from({ length: Math.min(batch, count - from) }, (_, i) => seed + from + i);
    const traces = seeds.map((each) => randomTrace(suite, each, length));
    const answers = await realAnswers(
      traces.map((lines) => lines.join("\n")),
      mode,
    );
    for (const [i, lines] of traces.entries()) {
      const real = answers[i];
      warnOfLoss(seeds[i], mode);
      const difference = await differenceOf(simulator, lines, real, { checks, mode });
      if (difference === undefined && real.includes(noEnd)) {
        tally.endless++;
        continue;
      }
      // Up to the difference only: what varies behind it does not excuse it.
      const told = real.slice(0, (difference?.index ?? 0) + 1);
      if (difference !== undefined && !(await isStable(lines.join("\n"), told, mode))) {
        tally.unstable++;
        continue;
      }
      tally.traces++;
      tally.commands += real.length;
      if (difference === undefined) {
        tally.agreeing++;
        continue;
      }
      tally.differing++;
      const verdict = await onDifference({ suite, seed: seeds[i], lines, real, difference });
      if (verdict === "stop") return tally;
    }
  }
  return tally;
}

/** What a tally left out, in words. */
export function leftOut({ unstable, endless }) {
  return [
    unstable > 0 ? `, ${unstable} left out (the real answer varies)` : "",
    endless > 0 ? `, ${endless} left out (the real system does not come to an end)` : "",
  ].join("");
}

function suitesOf(text) {
  const groups = {
    recorded: recordedSuites,
    all: suites,
    heap: suites.filter((suite) => suite.startsWith("heap-")),
    vm: suites.filter((suite) => suite.startsWith("vm-")),
  };
  return text.split(",").flatMap((name) => groups[name] ?? [name]);
}

async function main() {
  const values = readOptions(
    "node tests/conformance/compare.mjs [--suite NAMES | --file TRACE] [--seed N] [--count N] [--length N] [--show N] [--mode NAME] [--reduce] [--all] [--no-invariants]",
    {
      suite: { type: "string" },
      file: { type: "string" },
      seed: { type: "string" },
      count: { type: "string", default: "100" },
      length: { type: "string" },
      mode: { type: "string" },
      show: { type: "string", default: "5" },
      reduce: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      "no-invariants": { type: "boolean", default: false },
    },
  );
  const why = whyNotReal();
  if (why !== undefined) throw new Error(`cannot compare: ${why}`);
  const mode = modeOf(values.mode);
  const whyNot = whyNotSettable(mode.settings);
  if (whyNot !== undefined) throw new Error(`cannot compare in this mode: ${whyNot}`);
  return withSettings(mode.settings, () => compareAsAsked(values, mode));
}

async function compareAsAsked(values, asked) {
  const mode = modeNow(asked);
  const checks = values["no-invariants"] ? "never" : "each";
  const simulator = openSimulator();
  const showReduced = async (lines) => {
    const best = await reduce(sidesOf(simulator, { checks, mode }), lines);
    const [real] = await realAnswers([best.join("\n")], mode);
    const difference = await differenceOf(simulator, best, real, { checks, mode });
    console.log(`reduced to ${best.length} commands:`);
    console.log(describeDifference(best, real, difference, 100));
    console.log(await describeHeap(simulator, best, difference));
  };
  if (values.file !== undefined) {
    const lines = commandsOf(readFileSync(values.file, "utf8"));
    const [real] = await realAnswers([lines.join("\n")], mode);
    const difference = await differenceOf(simulator, lines, real, { checks, mode });
    if (difference === undefined) {
      console.log(`${lines.length} commands agree`);
      return 0;
    }
    console.log(describeDifference(lines, real, difference));
    console.log(await describeHeap(simulator, lines, difference));
    if (values.reduce) await showReduced(lines);
    return 1;
  }
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
  let failed = 0;
  for (const suite of suitesOf(values.suite ?? "recorded")) {
    let shown = 0;
    const request = { suite, seed, count: Number(values.count), checks, mode: asked };
    if (values.length !== undefined) request.length = Number(values.length);
    const tally = await compareSuite(
      simulator,
      request,
      async ({ seed: at, lines, real, difference }) => {
        if (shown++ < Number(values.show)) {
          console.log(
            `\n${suite} seed ${at} differs in command ${difference.index + 1} of ${lines.length}:`,
          );
          console.log(describeDifference(lines, real, difference));
          console.log(await describeHeap(simulator, lines, difference));
          if (values.reduce && shown === 1) await showReduced(lines);
        }
        return values.all ? "go on" : "stop";
      },
    );
    failed += tally.differing;
    const { traces, commands, agreeing } = tally;
    console.log(
      `${suite} seed ${seed}: ${agreeing} of ${traces} traces agree (${commands} commands)${leftOut(tally)}`,
    );
  }
  return failed === 0 ? 0 : 1;
}

await runAsCommand(import.meta.url, main);
