/**
 * Compares many random traces of every suite with the real system and writes what came of it to docs/accuracy.md.
 *
 *     node tests/conformance/campaign.mjs [--count 1000] [--minutes N] [--seed N] [--suite NAMES] [--mode NAMES] [--no-page]
 *
 * --mode adds the suites of those modes (modes.mjs; `all` is every one); where they change the machine's settings
 * MEMORY_COURSE_SETTINGS=change must allow it. It goes through the suites in rounds, until each has had its count of traces or the minutes are over.
 *
 * Exits 1 where an answer differs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { answering, callFiles, readCalls } from "./calls-file.mjs";
import { compareSuite, leftOut } from "./compare.mjs";
import { modeNames, modeOf } from "./modes.mjs";
import { readOptions } from "./options.mjs";
import { describeDifference } from "./differences.mjs";
import { describeSuite, recordedSuites, suites } from "./generate/index.mjs";
import { realVersions, whyNotReal } from "./real.mjs";
import { whyNotSettable, withSettings } from "./settings.mjs";
import { openSimulator } from "./simulator.mjs";

/** Traces of a suite in one round. */
const ROUND = 25;

const page = fileURLToPath(new URL("../../docs/accuracy.md", import.meta.url));
const notModelled = fileURLToPath(new URL("not-modelled.md", import.meta.url));

const percent = (part, whole) =>
  part === whole ? "100 %" : `${(Math.floor((10_000 * part) / whole) / 100).toFixed(2)} %`;

function pageText({ tallies, seed, versions, day }) {
  const sum = (field) => tallies.reduce((total, tally) => total + tally[field], 0);
  const number = (value) => value.toLocaleString("en-GB");
  const calls = callFiles
    .flatMap(readCalls)
    .reduce((total, section) => total + answering(section).length, 0);
  const rows = tallies.map(
    (t) =>
      `| \`${t.suite}\`${t.modeName === undefined ? "" : `, ${t.modeName}`} | ${describeSuite(t.suite)}${t.mode.about === undefined ? "" : `: ${t.mode.about}`} | ${number(t.traces)} | ${number(t.commands)} | ${number(t.agreeing)} | ${percent(t.agreeing, t.traces)} | ${number(t.unstable + t.endless)} |`,
  );
  return `# How accurate the simulator is

This page is written by \`node tests/conformance/campaign.mjs\`. Random memory traces are executed twice: on the real
system, by a program in C, and on the simulator. A trace agrees if every one of its answers is the same to the letter:
addresses, errors, signals, fault counts, \`/proc/self/maps\`, \`/proc/self/smaps\`, \`mincore\`, \`mallinfo2\`. At the end
of each trace the simulator's own books are checked too (in the tests of the vm suites after every command).

- real system: Linux ${versions.kernel}, ${versions.libc}, ${versions.compiler}
- day: ${day}; first seed: ${seed}
- ${number(sum("traces"))} traces with ${number(sum("commands"))} commands; ${number(sum("agreeing"))} agree (${percent(sum("agreeing"), sum("traces"))})

| suite | what it exercises | traces | commands | agree | share | left out |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
${rows.join("\n")}

*Left out* counts traces to which the real system itself did not give the same answer four times over, and those that
it does not come to an end with, ${sum("endless")} here: what it answered before that was compared.

The suites ${recordedSuites.map((name) => `\`${name}\``).join(", ")} are those of the recorded traces in
\`tests/conformance/fixtures\`, which are replayed, with two recorded programs, in every test run. The others go
further: every function, flag, advice and error argument of [the trace language](trace-language.md).

Beside the traces ${number(calls)} single calls in ${callFiles.length} files of \`tests/conformance/calls\` are compared in every test run: errors,
texts of \`/proc\`, layouts, locks, overcommit, \`wait()\`, a pool of huge pages.

${readFileSync(notModelled, "utf8").trim()}
`;
}

const values = readOptions(
  "node tests/conformance/campaign.mjs [--count 1000] [--minutes N] [--seed N] [--suite NAMES] [--mode NAMES] [--no-page]",
  {
    mode: { type: "string" },
    count: { type: "string", default: "1000" },
    minutes: { type: "string" },
    seed: { type: "string" },
    suite: { type: "string" },
    "no-page": { type: "boolean", default: false },
  },
);
const why = whyNotReal();
if (why !== undefined) {
  console.error(`campaign: cannot compare: ${why}`);
  process.exit(2);
}
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
const simulator = openSimulator();
const wanted = values.suite?.split(",") ?? suites;
const count = Number(values.count);
const deadline =
  values.minutes === undefined ? Infinity : Date.now() + Number(values.minutes) * 60_000;
const named = values.mode === "all" ? modeNames : (values.mode?.split(",") ?? []);
const tallies = [undefined, ...named].flatMap((modeName) => {
  const mode = modeOf(modeName);
  const whyNot = whyNotSettable(mode.settings);
  if (whyNot !== undefined) {
    console.error(`campaign: cannot compare in the mode ${modeName}: ${whyNot}`);
    process.exit(2);
  }
  const of = modeName === undefined ? wanted : mode.suites;
  return of.map((suite) => ({
    ...{
      suite,
      modeName,
      mode,
      traces: 0,
      commands: 0,
      agreeing: 0,
      unstable: 0,
      endless: 0,
      differing: 0,
    },
  }));
});
let shown = 0;
const show = (found) => {
  if (shown++ < 30) {
    console.log(`\n${found.suite} seed ${found.seed}:`);
    console.log(describeDifference(found.lines, found.real, found.difference));
  }
  return Promise.resolve("go on");
};
for (let done = 0; done < count && Date.now() < deadline; done += ROUND) {
  for (const total of tallies) {
    const request = {
      suite: total.suite,
      mode: total.mode,
      seed: seed + done,
      count: Math.min(ROUND, count - done),
      checks: "end",
    };
    const tally = await withSettings(total.mode.settings, () =>
      compareSuite(simulator, request, show),
    );
    for (const field of ["traces", "commands", "agreeing", "unstable", "endless", "differing"]) {
      total[field] += tally[field];
    }
  }
  console.log(
    `${done + ROUND} a suite: ${tallies.reduce((sum, { differing }) => sum + differing, 0)} differ`,
  );
}
for (const tally of tallies) {
  const { suite, traces, commands, agreeing } = tally;
  console.log(`${suite}: ${agreeing} of ${traces} agree, ${commands} commands${leftOut(tally)}`);
}
if (!values["no-page"] && values.suite === undefined) {
  const day = new Date().toISOString().slice(0, 10);
  const text = pageText({ tallies, seed, versions: realVersions(), day });
  writeFileSync(page, await format(text, { ...(await resolveConfig(page)), parser: "markdown" }));
  console.log(`wrote ${page}`);
}
process.exitCode = tallies.some((tally) => tally.differing > 0) ? 1 : 0;
