/**
 * The simulator's answers to traces. As it is now: its sources are compiled, without checking types,
 * into a folder of our own whenever one of them has changed.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { modeOf } from "./modes.mjs";

/** How long the simulator may take for one trace; it needs some hundredths of a second. */
const SECONDS_A_TRACE = 60;

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const sources = join(root, "kernel-sim", "src");

function newest(directory) {
  let time = 0;
  let files = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
    time = Math.max(time, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
    files++;
  }
  return `${Math.round(time)}-${files}`;
}

/** Compiles the simulator where its sources have changed; the folder of its modules. */
export function buildSimulator() {
  execFileSync(process.execPath, [join(root, "kernel-sim", "assembly", "build.mjs")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const build = join(here, ".build");
  const output = join(build, `sim-${newest(sources)}`);
  if (existsSync(join(output, "package.json"))) return output;
  mkdirSync(build, { recursive: true });
  for (const name of readdirSync(build)) {
    const old = join(build, name);
    const isStale = Date.now() - statSync(old).mtimeMs > 15 * 60_000;
    if (name.startsWith("sim-") && isStale) rmSync(old, { recursive: true, force: true });
  }
  const fresh = `${output}.${process.pid}`;
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [
    "-p",
    join(root, "kernel-sim", "tsconfig.build.json"),
    "--noCheck",
    "--declaration",
    "false",
    "--outDir",
    fresh,
  ];
  try {
    execFileSync(process.execPath, [tsc, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  } catch (error) {
    if (!existsSync(join(fresh, "machine.js")))
      throw new Error(`the simulator does not compile:\n${error.stdout}`, { cause: error });
  }
  writeFileSync(join(fresh, "package.json"), '{ "type": "module" }\n');
  try {
    renameSync(fresh, output);
  } catch {
    rmSync(fresh, { recursive: true, force: true });
  }
  return output;
}

/** The simulator's modules that a replay needs. */
export async function loadSimulator(directory = buildSimulator()) {
  const load = (name) => import(pathToFileURL(join(directory, name)).href);
  const [{ boot }, { tracedProcess }, trace] = await Promise.all([
    load("machine.js"),
    load("traced-process.js"),
    load("trace/index.js"),
  ]);
  return { boot, tracedProcess, ...trace };
}

/** What a trace is answered last with where the simulator does not come to an end. */
export const noEnd = "no answer: the time limit of the trace was reached";

/**
 * The simulator in a thread of its own. `answers(text, { checks, seconds })` resolves with an array of
 * lines. Where the simulator fails itself, the last line begins with `BUG:` and says how; where a
 * command takes longer than the time limit, the thread is ended and the last line is {@link noEnd}.
 * The machine's own books are checked after each command, often, at the end or not
 * (`checks`: "each", "often", "end", "never"); `mode` is one of modes.mjs.
 */
export function openSimulator(directory = buildSimulator()) {
  const progress = new SharedArrayBuffer(4);
  let worker;
  let settle = () => {};
  const start = () => {
    const started = new Worker(new URL("simulator-worker.mjs", import.meta.url), {
      workerData: { directory, progress },
    });
    started.on("message", (answers) => settle({ answers }));
    started.on("error", (error) => settle({ error }));
    started.unref();
    return started;
  };
  /** The answers; undefined where the time is over, and the thread with it. */
  const ask = async ({ text, checks, mode }, seconds) => {
    worker ??= start();
    let timer;
    const { answers, error } = await new Promise((resolve) => {
      settle = resolve;
      timer = setTimeout(() => resolve({}), seconds * 1000);
      worker.postMessage({ text, checks, machine: mode.machine, process: mode.process });
    });
    clearTimeout(timer);
    settle = () => {};
    if (answers !== undefined) return answers;
    await worker.terminate();
    worker = undefined;
    if (error !== undefined) throw error;
    return undefined;
  };
  return {
    directory,
    async answers(text, { checks = "each", seconds = SECONDS_A_TRACE, mode = modeOf() } = {}) {
      const answers = await ask({ text, checks, mode }, seconds);
      if (answers !== undefined) return answers;
      const commands = commandsOf(text).slice(0, Atomics.load(new Int32Array(progress), 0));
      const start = commands.join("\n");
      const before = start === "" ? [] : await ask({ text: start, checks: "never", mode }, seconds);
      return [...(before ?? []), noEnd];
    },
    close: () => worker?.terminate(),
  };
}

/** The commands of a trace, as its answers count them. */
export function commandsOf(text) {
  return text.split("\n").filter((line) => line.replace(/#.*/, "").trim() !== "");
}

/** The lists of the simulated heap (tcache, fastbins, bins) before the command at `index`, as text; addresses count from the heap. */
export async function heapListsBefore({ directory }, text, index) {
  const { boot, tracedProcess, CommandList, TraceParser, Replay } = await loadSimulator(directory);
  const list = new CommandList();
  new TraceParser("trace").parse(new TextEncoder().encode(text), list, "last");
  const process = boot().spawn("trace");
  const replay = new Replay(tracedProcess(process));
  try {
    replay.execute(list, 0, index);
    const { heap, top } = replay.layout;
    const relative = (hex) => {
      const address = parseInt(hex, 16);
      if (address < heap || address > top) return hex;
      return address - heap < top - address
        ? `heap+0x${(address - heap).toString(16)}`
        : `top-0x${(top - address).toString(16)}`;
    };
    return String(process.heap())
      .split("\n")
      .filter((line) => /^(tcache|fastbin|unsorted|small|large|top|last)\b/.test(line))
      .map((line) => line.replace(/0x[0-9a-f]{8,}/g, relative))
      .join("\n");
  } catch (error) {
    return `(the heap cannot be shown: ${error.message})`;
  }
}
