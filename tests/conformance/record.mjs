/**
 * Records the real system's answers to random traces, for machines that cannot be asked: fixtures/random/SUITE.tsv.gz, or
 * SUITE@MODE.tsv.gz where a mode (modes.mjs) is named. A trace is kept only if all runs of it agree.
 *
 *     node tests/conformance/record.mjs [--suite NAMES] [--mode NAME] [--count 4] [--seed 1000001] [--to DIRECTORY]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { firstDifference, isStable } from "./differences.mjs";
import { randomTrace, suites } from "./generate/index.mjs";
import { modeOf } from "./modes.mjs";
import { readOptions } from "./options.mjs";
import { realAnswers, realVersions, whyNotReal } from "./real.mjs";
import { leftBehind, whyNotSettable, withSettings } from "./settings.mjs";

const fixtures = fileURLToPath(new URL("fixtures/random/", import.meta.url));

const values = readOptions(
  "node tests/conformance/record.mjs [--suite NAMES] [--mode NAME] [--count 4] [--seed 1000001] [--to DIRECTORY]",
  {
    suite: { type: "string" },
    mode: { type: "string" },
    count: { type: "string", default: "4" },
    seed: { type: "string", default: "1000001" },
    to: { type: "string", default: fixtures },
  },
);
const mode = modeOf(values.mode);
const lost = leftBehind(mode.settings).lostHugePages ?? 0;
const why =
  whyNotReal() ??
  whyNotSettable(mode.settings) ??
  (lost > 0 ? `the kernel holds ${lost} huge pages promised to nobody; boot it again` : undefined);
if (why !== undefined) {
  console.error(`cannot record: ${why}`);
  process.exit(2);
}
const count = Number(values.count);
const wanted = values.suite?.split(",") ?? mode.suites ?? suites;

async function record(suite) {
  const kept = [];
  for (let seed = Number(values.seed); kept.length < count; seed++) {
    const lines = randomTrace(suite, seed);
    const text = lines.join("\n");
    const [answers] = await realAnswers([text], mode);
    const [again] = await realAnswers([text], mode);
    if (firstDifference(answers, again) !== undefined) continue;
    if (!(await isStable(text, answers, mode))) continue;
    kept.push(answers.map((answer, index) => `${lines[index]}\t${answer}\n`).join(""));
  }
  const name = values.mode === undefined ? suite : `${suite}@${values.mode}`;
  writeFileSync(join(values.to, `${name}.tsv.gz`), gzipSync(kept.join("%%\n"), { level: 9 }));
}

mkdirSync(values.to, { recursive: true });
await withSettings(mode.settings, async () => {
  for (const suite of wanted) await record(suite);
});
const { kernel, libc } = realVersions();
console.log(`recorded ${count} traces of ${wanted.length} suites on Linux ${kernel}, ${libc}`);
