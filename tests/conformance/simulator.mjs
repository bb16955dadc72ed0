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
import { modeOf } from "./modes.mjs";

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

/**
 * The simulator's answers to a trace, an array of lines. Where it fails itself, the last line begins
 * with `BUG:` and says how. The machine's own books are checked after each command, or at the end
 * (`checks: "end"`), or not (`"never"`). `mode` is one of modes.mjs.
 */
export function simulatedAnswers(simulator, text, { checks = "each", mode = modeOf() } = {}) {
  const { boot, tracedProcess, CommandList, TraceParser, Replay } = simulator;
  const machine = boot(mode.machine);
  const list = new CommandList();
  new TraceParser("trace").parse(new TextEncoder().encode(text), list, "last");
  const answers = [];
  let replay;
  let at = 0;
  try {
    replay = new Replay(tracedProcess(machine.spawn("trace", mode.process)));
    while (at < list.words.length && !replay.hasEnded) {
      at = replay.execute(list, at, 1);
      answers.push(replay.answers.lineAt(replay.answers.count - 1, replay.layout));
      if (checks === "each") machine.checkInvariants();
    }
    if (checks === "end") machine.checkInvariants();
  } catch (error) {
    answers.push(`BUG: ${error.stack ?? error}`);
  }
  return answers;
}

/** The lists of the simulated heap (tcache, fastbins, bins) before the command at `index`, as text; addresses count from the heap. */
export function heapListsBefore(simulator, text, index) {
  const { boot, tracedProcess, CommandList, TraceParser, Replay } = simulator;
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
