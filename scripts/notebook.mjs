/**
 * Executes notebooks in the terminal.
 *
 *     npm run notebook -- FILE.ipynb     one notebook anywhere below the project; outputs as text
 *     npm run notebook -- 04             the chapter with that number
 *       --out OUT.ipynb                  keeps the executed notebook
 *       --watch                          again on each change
 *       --record                         records the answers of the C listings it shows
 *       --timeout SECONDS                limit for a cell (60)
 *     npm run notebook -- --all          every chapter, into notebooks/.build/executed/; what has not changed is kept
 *     npm run notebook -- --record       every chapter, and records the answers of all C listings they show
 *     npm run notebook -- --listings     compiles and runs every C listing
 *     npm run notebook -- --setup        only sets up what is missing
 *
 * Exits 0 only if every cell did what it should.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chapters, runAll, runListings } from "./notebook-all.mjs";
import { watching } from "./notebook-watch.mjs";
import { root } from "./run-tool.mjs";
import { setup } from "./setup.mjs";
import { formatSeconds, runCommand, StepFailure } from "./steps.mjs";

const project = root.replace(/[/\\]$/, "");
const notebooks = join(project, "notebooks");
/** Where the person stands: npm runs scripts in the project's folder. */
const here = process.env.INIT_CWD ?? process.cwd();

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        out: { type: "string" },
        watch: { type: "boolean" },
        record: { type: "boolean" },
        all: { type: "boolean" },
        listings: { type: "boolean" },
        setup: { type: "boolean" },
        "no-setup": { type: "boolean" },
        timeout: { type: "string" },
      },
    });
  } catch (error) {
    throw new StepFailure(error.message, "npm run notebook -- 04, or -- path/to/FILE.ipynb");
  }
}

/** The notebook that a person named: a chapter's number, or a path from where they are. */
function notebookPath(name) {
  if (!/^\d{1,2}$/.test(name)) {
    const fromHere = resolve(here, name);
    return existsSync(fromHere) ? fromHere : resolve(project, name);
  }
  const number = name.padStart(2, "0");
  const all = chapters(notebooks);
  const chapter = all.find((file) => file.startsWith(`${number}-`));
  if (chapter !== undefined) return join(notebooks, chapter);
  const there = all.map((file) => file.slice(0, 2)).join(", ");
  throw new StepFailure(
    `There is no chapter ${number} in notebooks/.`,
    there === "" ? undefined : `one of ${there}`,
  );
}

/** What the flags mean for the runner. */
function runnerOptions({ record, timeout }) {
  const environment = record
    ? { ...process.env, MEMORY_COURSE_ANSWERS: "record" }
    : { ...process.env };
  if (timeout === undefined) return { project, environment };
  const seconds = Number(timeout);
  if (!(seconds > 0)) {
    throw new StepFailure(`--timeout ${timeout}: this must be a number of seconds above 0.`);
  }
  return { project, environment, cellTimeoutMs: seconds * 1000 };
}

/** Executes one notebook, prints its outputs, then what failed; answers the exit code. */
async function runOne(runner, path, values) {
  const live = process.stderr.isTTY === true;
  const progress = (text) => {
    if (live) process.stderr.write(`\r\x1b[2K${text}`);
  };
  const run = await runner
    .runFile(path, {
      ...runnerOptions(values),
      ...(values.out === undefined ? {} : { out: resolve(here, values.out) }),
      onCell: ({ number, of }) => progress(`cell ${number} of ${of}`),
    })
    .catch((error) => {
      // What the writer of a notebook did wrong is shown as a message alone.
      throw error instanceof runner.Problem ? new StepFailure(error.message) : error;
    })
    .finally(() => progress(""));
  process.stdout.write(runner.notebookAsText(run.notebook));
  for (const failure of run.failures) {
    process.stderr.write(`\n${runner.failureText(run.file, failure)}`);
  }
  const cells = run.notebook.cells.filter((cell) => cell.cell_type === "code").length;
  const verdict = run.failures.length === 0 ? `${cells} code cells did what they should` : "failed";
  process.stderr.write(`\n${run.file}: ${verdict}, ${formatSeconds(run.milliseconds / 1000)}\n`);
  return run.failures.length === 0 ? 0 : 1;
}

await runCommand(async () => {
  const { values, positionals } = parse();
  const ready = values["no-setup"] ? async () => undefined : setup;
  await ready();
  if (values.setup) return 0;
  if (values.listings) return runListings();
  const runner = await import("../notebooks/runner/dist/index.js");
  const [name] = positionals;
  if (values.all || (values.record && name === undefined)) {
    return runAll(runner, {
      ...runnerOptions(values),
      reuse: values.record ? "never" : "unchanged",
    });
  }
  if (name === undefined || positionals.length > 1) {
    throw new StepFailure(
      name === undefined ? "Which notebook?" : "One notebook at a time.",
      "npm run notebook -- 04, or -- path/to/FILE.ipynb, or -- --all",
    );
  }
  const path = notebookPath(name);
  if (!values.watch) return runOne(runner, path, values);
  await watching({ path, project, work: () => ready().then(() => runOne(runner, path, values)) });
  return 0;
});
