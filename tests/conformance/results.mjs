/**
 * What campaigns found, kept in fixtures/campaigns.json: one line a suite and mode, so that pieces of a campaign, and campaigns of
 * several people, come together. docs/accuracy.md is drawn from it (accuracy-page.mjs).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { suites } from "./generate/index.mjs";
import { modeNames } from "./modes.mjs";

const path = fileURLToPath(new URL("fixtures/campaigns.json", import.meta.url));
const counts = ["traces", "commands", "agreeing", "unstable", "endless"];

const keyOf = ({ suite, mode }) => `${mode} ${suite}`;

/** The order of the page: the usual mode first, and the suites as they are listed. */
function byPlace(a, b) {
  const place = ({ suite, mode }) => [modeNames.indexOf(mode), suites.indexOf(suite)];
  const [modeA, suiteA] = place(a);
  const [modeB, suiteB] = place(b);
  return modeA - modeB || suiteA - suiteB || (a.suite < b.suite ? -1 : 1);
}

/** The rows, each `{ suite, mode, seeds, day, kernel, libc, compiler, traces, commands, agreeing, unstable, endless }`. */
export function readResults() {
  return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * The rows with those of a campaign: each takes the place of the row of its suite and mode, or, where `how` is "add",
 * adds its counts to it.
 */
export function mergeResults(kept, found, how) {
  const rows = new Map(kept.map((row) => [keyOf(row), row]));
  for (const row of found) {
    const before = rows.get(keyOf(row));
    const isAdded = how === "add" && before !== undefined;
    rows.set(keyOf(row), isAdded ? sumOf(before, row) : row);
  }
  return [...rows.values()].sort(byPlace);
}

function sumOf(before, row) {
  if (before.seeds.some((seed) => row.seeds.includes(seed))) {
    throw new Error(`the traces of ${row.suite} from seed ${row.seeds.join(", ")} count already`);
  }
  const sums = counts.map((name) => [name, before[name] + row[name]]);
  return { ...row, seeds: [...before.seeds, ...row.seeds], ...Object.fromEntries(sums) };
}

/** Writes the rows, one a line. */
export function writeResults(rows) {
  writeFileSync(path, `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]\n`);
}
