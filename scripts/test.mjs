/**
 * `npm test`: the whole gate, the same here and in CI. Sets up what is missing, then checks
 * formatting, lint, types, floors, the lock file, units, notebooks and the site in a real browser.
 * With `--jupyter` (as CI calls it) every chapter is executed by Debian's nbconvert too, which is installed.
 * Ends with one line, `N passed, N failed` (`, N skipped` where something was), and exits 0 only if nothing failed.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFileGaps } from "./lock-file.mjs";
import { root, runTool, toolPath } from "./run-tool.mjs";
import { setupSteps } from "./setup.mjs";
import { formatSeconds, runCommand, runSteps, StepFailure } from "./steps.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number, details: string }} Tally */

const tally = (ok, details) => ({
  passed: ok ? 1 : 0,
  failed: ok ? 0 : 1,
  skipped: 0,
  details: ok ? "" : details,
});

/** A check that is one program: it passes where the program exits with 0. */
function toolCheck(title, command, args, cwd = root) {
  return {
    title,
    async run() {
      const result = await runTool(toolPath(command), args, { cwd });
      return tally(result.code === 0, result.output);
    },
  };
}

async function withReportFile(use) {
  const folder = await mkdtemp(join(tmpdir(), "memory-course-"));
  try {
    return await use(join(folder, "report.json"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readReport(path, result) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    throw new StepFailure(`The test runner wrote no report. It printed:\n${result.output}`);
  }
}

/** Unit tests, conformance and notebooks: everything that vitest runs. */
const vitestCheck = {
  title: "Units, conformance, notebooks",
  run: (note) =>
    withReportFile(async (report) => {
      const result = await runTool(
        "vitest",
        ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
        { onOutput: (text) => note(text) },
      );
      const json = await readReport(report, result);
      const broken = json.testResults.filter(
        (file) => file.status === "failed" && file.assertionResults.length === 0,
      ).length;
      const failed = json.numFailedTests + broken;
      const unexplained = failed === 0 && result.code !== 0 ? 1 : 0;
      return {
        passed: json.numPassedTests,
        failed: failed + unexplained,
        skipped: json.numPendingTests + (json.numTodoTests ?? 0),
        details: failed + unexplained > 0 ? result.output : "",
      };
    }),
};

/** The site, in a real browser. */
const browserCheck = {
  title: "The site in a browser",
  run: (note) =>
    withReportFile(async (report) => {
      const result = await runTool(
        "playwright",
        ["test", "--config", "tests/browser/playwright.config.ts", "--reporter=list,json"],
        {
          env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
          onOutput: (text) => note(text),
        },
      );
      const { stats, errors } = await readReport(report, result);
      const failed = stats.unexpected + errors.length;
      const unexplained = failed === 0 && result.code !== 0 ? 1 : 0;
      return {
        passed: stats.expected + stats.flaky,
        failed: failed + unexplained,
        skipped: stats.skipped,
        details: failed + unexplained > 0 ? result.output : "",
      };
    }),
};

/** One strict type check for each workspace, and the tests, that have a tsconfig.json. */
async function typeChecks() {
  const { workspaces } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  return [...workspaces, "tests"]
    .filter((folder) => existsSync(join(root, folder, "tsconfig.json")))
    .map((folder) => toolCheck(`Types of ${folder}`, "tsc", ["-p", folder, "--noEmit"]));
}

const lockFileCheck = {
  title: "Lock file, whole for every platform",
  async run() {
    const gaps = await lockFileGaps(join(root, "package-lock.json"));
    return tally(
      gaps.length === 0,
      `${gaps.join("\n")}\n  try: an older version of the package under "overrides" in package.json`,
    );
  },
};

/** A script of the project that must succeed before the checks after it can run. */
const buildCheck = (title, script, args) => toolCheck(title, process.execPath, [script, ...args]);

async function runCheck(check) {
  const started = performance.now();
  let result;
  try {
    result = await check.run(() => {});
  } catch (error) {
    result = tally(false, error instanceof StepFailure ? error.message : String(error?.stack));
  }
  const time = formatSeconds((performance.now() - started) / 1000);
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : "";
  const verdict =
    result.failed > 0
      ? `${result.passed} passed, ${result.failed} FAILED${skipped}`
      : `${result.passed} passed${skipped}`;
  process.stdout.write(`${check.title}: ${verdict}, ${time}\n`);
  if (result.details) process.stdout.write(`\n${result.details.trimEnd()}\n\n`);
  return result;
}

await runCommand(async () => {
  await runSteps(setupSteps());
  const checks = [
    toolCheck("Formatting", "prettier", ["--check", "--log-level", "warn", "."]),
    toolCheck("Lint", "eslint", ["."]),
    ...(await typeChecks()),
    toolCheck("Floors and rooms", "depcruise", [
      ...[
        "kernel-sim/src",
        "kernel-sim/assembly",
        "annotated-excerpt",
        "notebooks",
        "website",
        "tests",
        "scripts",
      ],
    ]),
    lockFileCheck,
    buildCheck("Listings, compiled and executed", "scripts/notebook.mjs", ["--listings"]),
    buildCheck("Chapters, executed", "scripts/notebook.mjs", ["--all"]),
    ...(process.argv.includes("--jupyter")
      ? [buildCheck("Chapters, executed by nbconvert", "scripts/nbconvert.mjs", ["--install"])]
      : []),
    vitestCheck,
    buildCheck("Site, built", "scripts/site.mjs", ["build"]),
    browserCheck,
  ];
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    const result = await runCheck(check);
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped;
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
  return total.failed > 0 ? 1 : 0;
});
