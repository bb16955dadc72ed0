/** Runs a program and collects what it prints; the tools of the project are found in node_modules/.bin. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));

const isWindows = process.platform === "win32";

/** Tools whose name in node_modules/.bin two packages claim: tslab's TypeScript 5.0 puts its own `tsc` there. */
const ambiguous = { tsc: "node_modules/typescript/bin/tsc" };

/** The path of a tool that the project installs; the bare name where it is not installed. */
export function toolPath(name) {
  if (name in ambiguous) return join(root, ambiguous[name]);
  const path = join(root, "node_modules", ".bin", isWindows ? `${name}.cmd` : name);
  return existsSync(path) ? path : name;
}

/** Programs that run now: they end when this process does, whatever ended it. */
const running = new Set();

process.on("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});
for (const [signal, number] of [
  ["SIGINT", 2],
  ["SIGTERM", 15],
  ["SIGHUP", 1],
]) {
  process.on(signal, () => {
    if (running.size > 0) process.exit(128 + number);
    if (process.listenerCount(signal) === 1) process.exit(128 + number);
  });
}

/** What to start for `command`: a script of a package is run by this Node, whatever node_modules/.bin says. */
function invocation(command, args) {
  const path = command in ambiguous ? toolPath(command) : command;
  const isScript = Object.values(ambiguous).some((script) => join(root, script) === path);
  return isScript ? [process.execPath, [path, ...args]] : [command, args];
}

/**
 * Runs `command` and resolves with `{ code, signal, output }`, output being stdout and stderr in the order they came.
 * It never rejects for what the program does; it rejects where the program cannot be started.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, onOutput?: (text: string) => void }} [options]
 */
export function runTool(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const [program, programArgs] = invocation(command, args);
    const child = spawn(program, programArgs, {
      cwd: options.cwd ?? root,
      env: {
        NO_COLOR: "1",
        ...process.env,
        PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`,
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
      shell: isWindows,
    });
    running.add(child);
    child.once("close", () => running.delete(child));
    let output = "";
    const take = (data) => {
      const text = data.toString();
      output += text;
      options.onOutput?.(text);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => {
      running.delete(child);
      reject(error);
    });
    child.on("close", (code, signal) => resolve({ code: code ?? 1, signal, output }));
  });
}

/** The last `count` lines of a text, for a message about a failure. */
export function lastLines(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
