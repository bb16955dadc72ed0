/** All at once, for scripts/notebook.mjs: every chapter executed, every C listing compiled and run. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { formatSeconds } from "./steps.mjs";

/** Names of the chapters, `NN-topic.ipynb`. */
export function chapters(notebooks) {
  return readdirSync(notebooks)
    .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
    .sort();
}

/**
 * Executes every chapter, two at a time, into notebooks/.build/executed/; keeps what has not changed.
 * Prints a line a chapter, and answers the exit code. `options` go to the runner.
 */
export async function runAll(runner, { project, reuse, ...options }) {
  const notebooks = join(project, "notebooks");
  const files = chapters(notebooks);
  removeOthers(join(notebooks, ".build", "executed"), files);
  let bad = 0;
  let kept = 0;
  await runner.inPool(files, 2, async (file) => {
    try {
      const out = join(notebooks, ".build", "executed", file);
      const run = await runner.runFile(join(notebooks, file), { project, out, reuse, ...options });
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
  const words = [];
  if (bad > 0) words.push(`${bad} failed`);
  if (kept === files.length) words.push("unchanged");
  else words.push(`${files.length - kept} executed, ${kept} kept`);
  process.stdout.write(`${files.length} chapters: ${words.join(", ")}\n`);
  return bad === 0 ? 0 : 1;
}

/** Removes what was executed under a name that no chapter has any more. */
function removeOthers(folder, files) {
  if (!existsSync(folder)) return;
  const names = new Set(files.flatMap((file) => [file, file.replace(/\.ipynb$/, ".key")]));
  for (const name of readdirSync(folder)) {
    if (/\.(ipynb|key)$/.test(name) && !names.has(name)) rmSync(join(folder, name));
  }
}

/** Compiles and runs every C listing, a line each; answers the exit code. */
export async function runListings() {
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
      `notebooks/listings/recorded/${name}: it belongs to no listing, or to an older one. Record it anew (npm run notebook -- --record), or remove it.\n`,
    );
  }
  const verdict = bad === 0 ? "all well" : `${bad} failed`;
  process.stdout.write(`${course.allListings().length} listings: ${verdict}\n`);
  return bad === 0 ? 0 : 1;
}
