/**
 * Traces written by hand, each of something that random ones seldom come to: fixtures/by-hand.tsv, a section a trace, a line a
 * command, a tab and what the real system answered. What follows an answer that ends the process has none.
 *
 *     node tests/conformance/by-hand.mjs [--record]
 *
 * Compares the real system's answers with the recorded ones; exits 1 where one differs. --record writes them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { firstDifference, isStable } from "./differences.mjs";
import { readOptions, runAsCommand } from "./options.mjs";
import { realAnswers, whyNotReal } from "./real.mjs";

const path = fileURLToPath(new URL("fixtures/by-hand.tsv", import.meta.url));

/** `{ title, lines, expected }` of each trace. */
export function tracesByHand() {
  return readFileSync(path, "utf8")
    .split(/^== /m)
    .slice(1)
    .map((section) => {
      const [title, ...rows] = section.trimEnd().split("\n");
      const pairs = rows.map((row) => row.split("\t"));
      const expected = pairs.map(([, answer]) => answer).filter((answer) => answer !== undefined);
      return { title, lines: pairs.map(([line]) => line), expected };
    });
}

function write(traces) {
  const section = ({ title, lines, expected }) =>
    [
      `== ${title}`,
      ...lines.map((line, i) => (i < expected.length ? `${line}\t${expected[i]}` : line)),
    ].join("\n");
  writeFileSync(path, `${traces.map(section).join("\n\n")}\n`);
}

async function main() {
  const { record } = readOptions("node tests/conformance/by-hand.mjs [--record]", {
    record: { type: "boolean", default: false },
  });
  const why = whyNotReal();
  if (why !== undefined) throw new Error(`cannot ask the real system: ${why}`);
  const traces = tracesByHand();
  let differing = 0;
  for (const trace of traces) {
    const text = trace.lines.join("\n");
    const [answers] = await realAnswers([text]);
    if (!(await isStable(text, answers))) throw new Error(`${trace.title}: the real answer varies`);
    const difference = record ? undefined : firstDifference(answers, trace.expected);
    trace.expected = answers;
    if (difference === undefined) continue;
    differing++;
    const { index, real, simulated } = difference;
    console.log(
      `${trace.title}: ${trace.lines[index]}\n  real     ${real}\n  recorded ${simulated}`,
    );
  }
  console.log(`${traces.length} traces, ${differing} differ`);
  if (record) write(traces);
  return differing === 0 ? 0 : 1;
}

await runAsCommand(import.meta.url, main);
