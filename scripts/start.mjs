/**
 * `npm start`: from a fresh clone to the course in the browser.
 * Sets up what is missing, executes the chapters, builds the site and serves it; what has not changed is kept.
 */
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { lastLines, root, runTool } from "./run-tool.mjs";
import { setupSteps } from "./setup.mjs";
import { runCommand, runSteps, StepFailure } from "./steps.mjs";

function portFromEnvironment() {
  const text = process.env.PORT ?? "3000";
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new StepFailure(
    `PORT is "${text}", which is no port number.`,
    "a whole number from 1 to 65535: PORT=8080 npm start",
  );
}

/** Resolves where `port` is free on this machine; rejects with what to do where it is not. */
function checkPort(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      const why =
        error.code === "EADDRINUSE"
          ? `Port ${port} is taken by another program.`
          : `Port ${port} cannot be opened (${error.code}).`;
      reject(new StepFailure(why, `another port: PORT=${port === 3000 ? 3001 : 3000} npm start`));
    });
    probe.listen(port, () => probe.close(() => resolve(undefined)));
  });
}

/** Whether the last line of a script says that it had nothing to do: `site unchanged`, `12 chapters: unchanged`. */
const saysUnchanged = (line) => /\bunchanged\b/.test(line);

/** A step that runs one of the project's own scripts and shows the last line it printed. */
function scriptStep(title, script, args) {
  return {
    title,
    async run(note) {
      const result = await runTool(process.execPath, [script, ...args], {
        onOutput(text) {
          const line = text.trimEnd().split("\n").at(-1)?.trim();
          if (line) note(line.slice(0, 100));
        },
      });
      if (result.code !== 0) throw new StepFailure(lastLines(result.output, 40));
      return saysUnchanged(lastLines(result.output, 1)) ? "unchanged" : undefined;
    },
  };
}

/** Serves the built site until it is interrupted; a signal to this process ends the server too. */
function serve(port) {
  return new Promise((resolve, reject) => {
    const server = spawn(process.execPath, ["scripts/site.mjs", "serve", "--port", String(port)], {
      cwd: root,
      stdio: "inherit",
    });
    let stopping = false;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        stopping = true;
        server.kill("SIGTERM");
      });
    }
    server.on("error", reject);
    server.on("close", (code) => resolve(stopping ? 0 : (code ?? 1)));
  });
}

await runCommand(async () => {
  const port = portFromEnvironment();
  await checkPort(port);
  await runSteps([
    ...setupSteps(),
    scriptStep("Listings, compiled and executed", "scripts/notebook.mjs", ["--listings"]),
    scriptStep("Chapters, executed", "scripts/notebook.mjs", ["--all"]),
    scriptStep("Site", "scripts/site.mjs", ["build"]),
  ]);
  return serve(port);
});
