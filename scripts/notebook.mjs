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
 *     npm run notebook -- --listings     compiles and runs every C listing; with --record, records their answers
 *     npm run notebook -- --setup        only sets up what is missing
 *
 * Exits 0 only if every cell did what it should.
 */
import { existsSync, readdirSync, watch } from "node:fs";
import { join, relative, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { root } from "./run-tool.mjs";
import { setup } from "./setup.mjs";
import { formatSeconds, runCommand, StepFailure } from "./steps.mjs";

const project = root.replace(/[/\\]$/, "");
const notebooks = join(project, "notebooks");
const executed = join(notebooks, ".build", "executed");

function options() {
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
        quiet: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new StepFailure(error.message, "npm run notebook -- 04, or -- path/to/FILE.ipynb");
  }
}

const chapters = () => readdirSync(notebooks).filter((name) => /^\d\d-.*\.ipynb$/.test(name));

/** The notebook that a person named: a chapter's number, or a path from where they are. */
function notebookPath(name) {
  if (/^\d{1,2}$/.test(name)) {
    const number = name.padStart(2, "0");
    const chapter = chapters().find((file) => file.startsWith(`${number}-`));
    if (chapter !== undefined) return join(notebooks, chapter);
    const there = chapters().map((file) => file.slice(0, 2));
    throw new StepFailure(
      `There is no chapter ${number} in notebooks/.`,
      there.length > 0 ? `one of ${there.join(", ")}` : undefined,
    );
  }
  const fromHere = resolve(process.env.INIT_CWD ?? process.cwd(), name);
  return existsSync(fromHere) ? fromHere : resolve(project, name);
}

function timeoutMs(text) {
  if (text === undefined) return {};
  const seconds = Number(text);
  if (!(seconds > 0)) throw new StepFailure(`--timeout ${text}: this must be a number of seconds.`);
  return { cellTimeoutMs: seconds * 1000 };
}

const environmentFor = (record) =>
  record ? { ...process.env, MEMORY_COURSE_ANSWERS: "record" } : process.env;

/** A Problem is the writer's mistake: shown as its message alone. */
function asStepFailure(error, runner) {
  const { Problem } = runner;
  if (error instanceof Problem) throw new StepFailure(error.message);
  throw error;
}

async function runOne(runner, path, values) {
  const live = process.stderr.isTTY === true;
  const run = await runner
    .runFile(path, {
      project,
      ...(values.out === undefined
        ? {}
        : { out: resolve(process.env.INIT_CWD ?? ".", values.out) }),
      environment: environmentFor(values.record),
      ...timeoutMs(values.timeout),
      onCell: ({ number, of }) => {
        if (live) process.stderr.write(`\r\x1b[2Kcell ${number} of ${of}`);
      },
    })
    .catch((error) => asStepFailure(error, runner));
  if (live) process.stderr.write("\r\x1b[2K");
  if (!values.quiet) process.stdout.write(runner.notebookAsText(run.notebook));
  const cells = run.notebook.cells.filter((cell) => cell.cell_type === "code").length;
  const time = formatSeconds(run.milliseconds / 1000);
  for (const failure of run.failures) {
    process.stderr.write(`\n${runner.failureText(run.file, failure)}`);
  }
  const verdict = run.failures.length === 0 ? `${cells} code cells did what they should` : "failed";
  process.stderr.write(`\n${run.file}: ${verdict}, ${time}\n`);
  return run.failures.length === 0 ? 0 : 1;
}

async function runAll(runner, values) {
  const files = chapters();
  let bad = 0;
  let kept = 0;
  await runner.inPool(files, 2, async (file) => {
    try {
      const run = await runner.runFile(join(notebooks, file), {
        project,
        out: join(executed, file),
        reuse: values.record ? "never" : "unchanged",
        environment: environmentFor(values.record),
        ...timeoutMs(values.timeout),
      });
      if (run.reused) kept += 1;
      const time = run.reused ? "unchanged" : formatSeconds(run.milliseconds / 1000);
      const verdict = run.failures.length === 0 ? time : `FAILED, ${time}`;
      process.stdout.write(`${run.file}: ${verdict}\n`);
      for (const failure of run.failures) {
        process.stderr.write(`\n${runner.failureText(run.file, failure)}\n`);
      }
      if (run.failures.length > 0) bad += 1;
    } catch (error) {
      if (!(error instanceof runner.Problem)) throw error;
      process.stderr.write(`${error.message}\n`);
      bad += 1;
    }
  });
  const summary =
    bad > 0 ? `${bad} failed` : kept === files.length ? "unchanged" : `${kept} of them unchanged`;
  process.stdout.write(`${files.length} chapters, ${summary}\n`);
  return bad === 0 ? 0 : 1;
}

async function runListings(values) {
  if (values.record) process.env.MEMORY_COURSE_ANSWERS = "record";
  const course = await import("../notebooks/course/dist/check-listings.js");
  let bad = 0;
  for (const file of course.allListings()) {
    const started = performance.now();
    try {
      const word = course.checkListing(file);
      const time = formatSeconds((performance.now() - started) / 1000);
      process.stdout.write(`${file}: ${word}, ${time}\n`);
    } catch (error) {
      bad += 1;
      process.stdout.write(`${file}: FAILED\n`);
      process.stderr.write(`${error.message}\n`);
    }
  }
  for (const name of course.staleRecordings()) {
    bad += 1;
    process.stderr.write(
      `notebooks/listings/recorded/${name}: it belongs to no listing, or to an older one. Record it anew (--listings --record), or remove it.\n`,
    );
  }
  process.stdout.write(
    `${course.allListings().length} listings, ${bad === 0 ? "all well" : `${bad} failed`}\n`,
  );
  return bad === 0 ? 0 : 1;
}

/** Runs `work` now and after each change of the notebook, a listing or a built package. */
async function watching(path, work) {
  await work();
  process.stderr.write(`Watching ${relative(project, path)}; Ctrl-C ends.\n`);
  let timer;
  let busy = false;
  let again = false;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      process.stderr.write("\n");
      await setup()
        .then(work)
        .catch((error) => process.stderr.write(`${error.message}\n`));
      busy = false;
      if (again) {
        again = false;
        changed();
      }
    }, 200);
  };
  const folders = [join(notebooks, "listings"), join(project, "kernel-sim", "src")];
  watch(join(path, ".."), (_event, name) => {
    if (name === null || path.endsWith(name)) changed();
  });
  for (const folder of folders) if (existsSync(folder)) watch(folder, { recursive: true }, changed);
  await new Promise(() => undefined);
}

await runCommand(async () => {
  const { values, positionals } = options();
  if (!values["no-setup"]) await setup();
  if (values.setup) return 0;
  if (values.listings) return runListings(values);
  const runner = await import("../notebooks/runner/dist/index.js");
  if (values.all) return runAll(runner, values);
  const [name] = positionals;
  if (name === undefined || positionals.length > 1) {
    throw new StepFailure(
      name === undefined ? "Which notebook?" : "One notebook at a time.",
      "npm run notebook -- 04, or -- path/to/FILE.ipynb, or -- --all",
    );
  }
  const path = notebookPath(name);
  if (!values.watch) return runOne(runner, path, values);
  await watching(path, () =>
    runOne(runner, path, values).catch((error) => process.stderr.write(`${error.message}\n`)),
  );
  return 0;
});
