/**
 * Records the real system's answers to random traces of every suite, for machines that cannot be asked:
 * `node tests/conformance/record.mjs` writes fixtures/random/SUITE.tsv.gz. A trace is kept only if four runs agree.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { firstDifference, isStable } from "./differences.mjs";
import { randomTrace, suites } from "./generate/index.mjs";
import { readOptions } from "./options.mjs";
import { realAnswers, realVersions, whyNotReal } from "./real.mjs";

const TRACES = 4;
const directory = fileURLToPath(new URL("fixtures/random/", import.meta.url));

readOptions("node tests/conformance/record.mjs", {});
const why = whyNotReal();
if (why !== undefined) {
  console.error(`cannot record: ${why}`);
  process.exit(2);
}
mkdirSync(directory, { recursive: true });
for (const suite of suites) {
  const kept = [];
  for (let seed = 1_000_001; kept.length < TRACES; seed++) {
    const lines = randomTrace(suite, seed);
    const text = lines.join("\n");
    const [answers] = await realAnswers([text]);
    const [again] = await realAnswers([text]);
    if (firstDifference(answers, again) !== undefined || !(await isStable(text, answers))) continue;
    kept.push(answers.map((answer, index) => `${lines[index]}\t${answer}\n`).join(""));
  }
  writeFileSync(`${directory}${suite}.tsv.gz`, gzipSync(kept.join("%%\n"), { level: 9 }));
}
const { kernel, libc } = realVersions();
console.log(`recorded ${TRACES} traces of ${suites.length} suites on Linux ${kernel}, ${libc}`);
