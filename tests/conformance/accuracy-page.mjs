/**
 * Draws docs/accuracy.md from what campaigns found (fixtures/campaigns.json) and from not-modelled.md.
 *
 *     node tests/conformance/accuracy-page.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { answering, callFiles, readCalls } from "./calls-file.mjs";
import { describeSuite, recordedSuites } from "./generate/index.mjs";
import { modeOf } from "./modes.mjs";
import { readResults } from "./results.mjs";

const page = fileURLToPath(new URL("../../docs/accuracy.md", import.meta.url));
const notModelled = fileURLToPath(new URL("not-modelled.md", import.meta.url));

const number = (value) => value.toLocaleString("en-GB");
const sum = (rows, field) => rows.reduce((total, row) => total + row[field], 0);
const percent = (part, whole) =>
  part === whole ? "100 %" : `${(Math.floor((10_000 * part) / whole) / 100).toFixed(2)} %`;
const distinct = (values) => [...new Set(values)].sort().join("; ");
const codes = (names) => names.map((name) => `\`${name}\``).join(", ");

function rowText(row) {
  const cells = [
    row.mode === "usual" ? `\`${row.suite}\`` : `\`${row.suite}\`, \`${row.mode}\``,
    describeSuite(row.suite),
    number(row.traces),
    number(row.commands),
    number(row.agreeing),
    percent(row.agreeing, row.traces),
    number(row.unstable + row.endless),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** What each mode that was compared is, a line each. */
function modesText(rows) {
  const names = [...new Set(rows.map((row) => row.mode))].filter((name) => name !== "usual");
  if (names.length === 0) return "";
  const lines = names.map((name) => `- \`${name}\`: ${modeOf(name).about}`);
  return `A word after a suite's name is the mode that it was compared in:

${lines.join("\n")}

`;
}

function pageText(rows) {
  const systems = rows.map((row) => `Linux ${row.kernel}, ${row.libc}, ${row.compiler}`);
  const calls = callFiles
    .flatMap(readCalls)
    .reduce((total, section) => total + answering(section).length, 0);
  const [traces, agreeing] = [sum(rows, "traces"), sum(rows, "agreeing")];
  return `# How accurate the simulator is

This page is written by \`node tests/conformance/campaign.mjs\`. Random memory traces are executed twice: on the real
system, by a program in C, and on the simulator. A trace agrees if every one of its answers is the same to the letter:
addresses, errors, signals, fault counts, \`/proc/self/maps\`, \`/proc/self/smaps\`, \`mincore\`, \`mallinfo2\`. At the end
of each trace the simulator's own books are checked too (in the tests of the vm suites after every command).

- real system: ${distinct(systems)}
- days: ${distinct(rows.map((row) => row.day))}; the first seeds are in \`tests/conformance/fixtures/campaigns.json\`
- ${number(traces)} traces with ${number(sum(rows, "commands"))} commands; ${number(agreeing)} agree (${percent(agreeing, traces)})

| suite | what it exercises | traces | commands | agree | share | left out |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
${rows.map(rowText).join("\n")}

*Left out* counts traces to which the real system itself did not give the same answer ten times over, and those that
it does not come to an end with, ${sum(rows, "endless")} here: what it answered before that was compared.

${modesText(rows)}The suites ${codes(recordedSuites)} are those of the recorded traces in
\`tests/conformance/fixtures\`, which are replayed, with two recorded programs, in every test run. The others go
further: every function, flag, advice and error argument of [the trace language](trace-language.md).

Beside the traces ${number(calls)} single calls in ${callFiles.length} files of \`tests/conformance/calls\` are compared in every test run: errors,
texts of \`/proc\`, layouts, locks, overcommit, \`wait()\`, a pool of huge pages.

${readFileSync(notModelled, "utf8").trim()}
`;
}

/** The page as it has to be. */
export async function drawPage() {
  const config = await resolveConfig(page);
  return format(pageText(readResults()), { ...config, parser: "markdown" });
}

/** Writes the page; its path. */
export async function writePage() {
  writeFileSync(page, await drawPage());
  return page;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`wrote ${await writePage()}`);
