/**
 * `npm run notebooks`: opens the notebooks in JupyterLab or Jupyter Notebook where one is installed.
 * Jupyter finds our kernel through JUPYTER_PATH, a folder of the project; nothing is installed outside it, and
 * what Jupyter writes goes to notebooks/.build/jupyter. Further arguments go to Jupyter: `-- --no-browser`.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { jupyterEnvironment } from "./nbconvert.mjs";
import { root } from "./run-tool.mjs";
import { setup } from "./setup.mjs";
import { runCommand, StepFailure } from "./steps.mjs";

/** The ways to start a Jupyter, the best first. */
const ways = [
  { command: "jupyter", args: ["lab"], name: "JupyterLab" },
  { command: "jupyter", args: ["notebook"], name: "Jupyter Notebook" },
  { command: "python3", args: ["-m", "jupyterlab"], name: "JupyterLab" },
  { command: "python3", args: ["-m", "notebook"], name: "Jupyter Notebook" },
];

const works = ({ command, args }) =>
  spawnSync(command, [...args, "--version"], { stdio: "ignore" }).status === 0;

await runCommand(async () => {
  await setup();
  const way = ways.find(works);
  if (way === undefined) {
    throw new StepFailure(
      [
        "No JupyterLab and no Jupyter Notebook is installed here. To get one, then npm run notebooks again:",
        "  pip install jupyterlab        (any system; or as root on Debian: apt-get install jupyter-notebook)",
        "Without one: VS Code (docs/running.md), or in the terminal npm run notebook -- 04.",
      ].join("\n"),
    );
  }
  const environment = jupyterEnvironment();
  for (const name of ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"]) {
    mkdirSync(environment[name], { recursive: true });
  }
  process.stdout.write(`Starting ${way.name} in notebooks/; Ctrl-C ends it.\n`);
  return new Promise((resolve, reject) => {
    const jupyter = spawn(way.command, [...way.args, ...process.argv.slice(2)], {
      cwd: join(root, "notebooks"),
      env: { ...process.env, ...environment },
      stdio: "inherit",
    });
    // Ctrl-C reaches Jupyter as well, which asks before it ends: wait for it.
    process.on("SIGINT", () => undefined);
    for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => jupyter.kill("SIGTERM"));
    jupyter.on("error", reject);
    jupyter.on("close", (code, signal) => resolve(signal === null ? (code ?? 0) : 0));
  });
});
