/**
 * Executes notebooks with Jupyter's own nbconvert and our kernel, and compares every output with our runner's.
 *
 *     node scripts/nbconvert.mjs [--install] [FILE.ipynb …]      all chapters where no file is named
 *
 * Needs `jupyter nbconvert`; with --install it is installed from Debian's packages where that is allowed.
 * Exits 0 only if every notebook executes and every output is the same.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { lastLines, root, runTool } from "./run-tool.mjs";
import { setup } from "./setup.mjs";
import { formatSeconds, runCommand, StepFailure } from "./steps.mjs";

const project = root.replace(/[/\\]$/, "");
const build = join(project, "notebooks", ".build");

/** Whether `jupyter nbconvert` can be called. */
export function hasNbconvert() {
  return spawnSync("jupyter", ["nbconvert", "--version"], { encoding: "utf8" }).status === 0;
}

/** Installs Debian's nbconvert; throws with what to do where it cannot. */
export function installNbconvert() {
  const apt = (args) => spawnSync("apt-get", args, { encoding: "utf8", stdio: "pipe" });
  const packages = ["jupyter-nbconvert", "python3-nbconvert", "python3-nbclient"];
  apt(["update", "-qq"]);
  const done = apt(["install", "-y", "-qq", "--no-install-recommends", ...packages]);
  if (done.status !== 0 || !hasNbconvert()) {
    throw new StepFailure(
      `jupyter nbconvert cannot be installed here: ${lastLines(done.stderr ?? String(done.error), 3)}`,
      `as root: apt-get install ${packages.join(" ")}`,
    );
  }
}

/** The environment in which Jupyter finds our kernel, and writes nothing outside the project. */
export function jupyterEnvironment() {
  const jupyter = join(build, "jupyter");
  return {
    JUPYTER_PATH: join(project, "notebooks", "kernel", "jupyter"),
    JUPYTER_CONFIG_DIR: join(jupyter, "config"),
    JUPYTER_DATA_DIR: join(jupyter, "data"),
    JUPYTER_RUNTIME_DIR: join(jupyter, "runtime"),
    IPYTHONDIR: join(jupyter, "ipython"),
  };
}

/**
 * Executes one notebook with nbconvert into notebooks/.build/nbconvert/ and returns it.
 * @param {string} file
 */
export async function executeWithNbconvert(file) {
  const out = join(build, "nbconvert");
  mkdirSync(out, { recursive: true });
  const name = basename(file);
  const result = await runTool(
    "jupyter",
    [
      ...["nbconvert", "--to", "notebook", "--execute"],
      ...["--log-level=WARN", `--output-dir=${out}`, `--output=${name}`, file],
    ],
    { env: jupyterEnvironment() },
  );
  if (result.code !== 0) {
    throw new StepFailure(`${relative(project, file)}: nbconvert\n${lastLines(result.output, 15)}`);
  }
  return JSON.parse(readFileSync(join(out, name), "utf8"));
}

const textOf = (value) => (Array.isArray(value) ? value.join("") : value);

/** Outputs in one form, whoever wrote them: texts joined, neighbouring streams too, machine paths gone. */
export function comparableOutputs(outputs, clean) {
  const result = [];
  for (const output of outputs) {
    const last = result.at(-1);
    if (output.output_type === "stream") {
      const text = textOf(output.text);
      if (last?.output_type === "stream" && last.name === output.name) last.text += text;
      else result.push({ output_type: "stream", name: output.name, text });
    } else if (output.output_type === "error") {
      const { output_type, ename, evalue, traceback } = output;
      result.push({ output_type, ename, evalue, traceback: traceback.join("\n") });
    } else {
      const { output_type, execution_count = null, metadata } = output;
      const data = Object.fromEntries(
        Object.entries(output.data).map(([mime, value]) => [
          mime,
          mime.endsWith("json") ? value : textOf(value),
        ]),
      );
      result.push({ output_type, execution_count, metadata, data });
    }
  }
  return JSON.parse(JSON.stringify(result), (_key, value) => {
    if (typeof value === "string") return clean(value);
    // Jupyter sorts the keys of what it writes.
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** What differs between two executions of one notebook, in words; empty where nothing does. */
export function differences(ours, theirs, clean) {
  const found = [];
  for (const [index, cell] of ours.cells.entries()) {
    const other = theirs.cells[index];
    if (cell.cell_type !== "code") continue;
    const mine = JSON.stringify(comparableOutputs(cell.outputs, clean));
    const yours = JSON.stringify(comparableOutputs(other.outputs, clean));
    if (mine !== yours || cell.execution_count !== other.execution_count) {
      let at = 0;
      while (at < mine.length && mine[at] === yours[at]) at++;
      const near = (text) => text.slice(Math.max(0, at - 40), at + 80);
      found.push(
        `cell ${index + 1} (${cell.id}):\n    runner    …${near(mine)}\n    nbconvert …${near(yours)}`,
      );
    }
  }
  return found;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { install: { type: "boolean" }, "no-setup": { type: "boolean" } },
  });
  if (!values["no-setup"]) await setup();
  if (!hasNbconvert()) {
    if (!values.install) {
      throw new StepFailure(
        "jupyter nbconvert is not installed.",
        "node scripts/nbconvert.mjs --install (as root), or pip install nbconvert",
      );
    }
    process.stdout.write("Installing jupyter nbconvert …\n");
    installNbconvert();
  }
  const { runFile, failureText, pathCleaner, inPool } =
    await import("../notebooks/runner/dist/index.js");
  const clean = pathCleaner(project, homedir());
  const folder = join(project, "notebooks");
  const files =
    positionals.length > 0
      ? positionals.map((file) => resolve(file))
      : readdirSync(folder)
          .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
          .map((name) => join(folder, name));
  let bad = 0;
  await inPool(files, 2, async (file) => {
    const started = performance.now();
    const name = relative(project, file);
    const problems = [];
    try {
      if (!existsSync(file)) throw new StepFailure(`${name}: there is no such file.`);
      const run = await runFile(file, {
        project,
        // A chapter's outputs are those that the site shows.
        out: join(
          build,
          dirname(file) === folder ? "executed" : "nbconvert-runner",
          basename(file),
        ),
        reuse: "unchanged",
      });
      problems.push(...run.failures.map((failure) => failureText(name, failure)));
      const theirs = await executeWithNbconvert(file);
      problems.push(...differences(run.notebook, theirs, clean));
    } catch (error) {
      problems.push(error.message);
    }
    if (problems.length > 0) bad += 1;
    const verdict = problems.length === 0 ? "the same outputs" : "FAILED";
    const time = formatSeconds((performance.now() - started) / 1000);
    process.stdout.write(
      `${name}: ${verdict}, ${time}\n${problems.map((text) => `  ${text}\n`).join("")}`,
    );
  });
  process.stdout.write(`${files.length} notebooks through nbconvert, ${bad} failed\n`);
  return bad === 0 ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runCommand(main);
}
