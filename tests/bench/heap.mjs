/** The heap's benchmark: glibc's own malloc and the simulator's, on the same calls, in turn. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compilerTrace, prefixOf } from "./compiler-trace.mjs";
import {
  compile,
  mebibytes,
  median,
  milliseconds,
  nodeRssBytes,
  simulate,
  table,
} from "./measure.mjs";

/** Functions in the compiled program: some 340,000 and more than a million calls. */
const FUNCTIONS = 23;
const MANY_FUNCTIONS = 72;
const RUNS = 7;

function native(program, trace, repeats) {
  return execFileSync(program, [trace, String(repeats)], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map(Number);
}

function measure(program, trace) {
  const natives = [];
  const simulated = [];
  let commands = 0;
  for (let i = 0; i < RUNS; i++) {
    natives.push(median(native(program, trace, 3)));
    const stats = simulate(trace);
    simulated.push(stats.seconds);
    commands = stats.commands;
  }
  return { commands, native: median(natives), simulated: median(simulated) };
}

/** The median of later replays in one process, where V8 has compiled what is hot. */
function warm(trace) {
  const script = fileURLToPath(new URL("warm-replay.mjs", import.meta.url));
  const times = execFileSync(process.execPath, [script, trace, "13"], { encoding: "utf8" });
  return median(times.trim().split("\n").map(Number).slice(4));
}

/** Bytes in use at the end of a trace that allocates and keeps; what the host takes for them. */
function inUse(trace) {
  let bytes = 0;
  let highest = 0;
  const sizes = new Map();
  for (const line of readFileSync(trace, "latin1").split("\n")) {
    const [command, name, a, b] = line.split(" ");
    if (command === "malloc") sizes.set(name, Number(a));
    else if (command === "calloc") sizes.set(name, Number(a) * Number(b));
    else if (command === "memalign") sizes.set(name, Number(b));
    else if (command === "realloc") {
      bytes -= sizes.get(a) ?? 0;
      sizes.delete(a);
      sizes.set(name, Number(b));
    } else if (command === "free") {
      bytes -= sizes.get(name) ?? 0;
      sizes.delete(name);
      continue;
    } else continue;
    bytes += sizes.get(name);
    highest = Math.max(highest, bytes);
  }
  return highest;
}

export async function benchHeap(say) {
  const program = compile("replay-allocations.c", "replay-allocations", ["-fno-builtin"]);
  const trace = await compilerTrace(FUNCTIONS);
  say(`## The allocations of a compiler (cc1 -O2), medians of ${RUNS}\n`);
  const compiler = measure(program, trace);
  const warmed = warm(trace);
  const perCall = (seconds, commands) => `${((1e9 * seconds) / commands).toFixed(0)} ns`;
  say(
    table(
      ["", "calls", "seconds", "a call", "ratio"],
      [
        [
          "glibc",
          compiler.commands,
          milliseconds(compiler.native),
          perCall(compiler.native, compiler.commands),
          "1",
        ],
        [
          "simulator, fresh process",
          compiler.commands,
          milliseconds(compiler.simulated),
          perCall(compiler.simulated, compiler.commands),
          (compiler.simulated / compiler.native).toFixed(1),
        ],
        [
          "simulator, warm",
          compiler.commands,
          milliseconds(warmed),
          perCall(warmed, compiler.commands),
          (warmed / compiler.native).toFixed(1),
        ],
      ],
    ),
  );
  say(`\nThe goal is a ratio of at most 5.\n\n## How it grows\n`);
  const long = await compilerTrace(MANY_FUNCTIONS);
  const rows = [];
  for (const count of [1_000, 10_000, 100_000, 1_000_000]) {
    const { commands, native: real, simulated } = measure(program, prefixOf(long, count));
    rows.push([
      commands,
      milliseconds(real),
      perCall(real, commands),
      milliseconds(simulated),
      perCall(simulated, commands),
      (simulated / real).toFixed(1),
    ]);
  }
  say(table(["calls", "glibc", "a call", "simulator", "a call", "ratio"], rows));
  say(`\n## Memory of the host\n`);
  const node = nodeRssBytes();
  const memory = [];
  for (const [what, path] of [
    ["compiler", trace],
    ["compiler, 10^6 calls", prefixOf(long, 1_000_000)],
  ]) {
    const peak = simulate(path).peakRssBytes;
    const used = inUse(path);
    const allowed = 2 * used + 32 * 1048576;
    memory.push([
      what,
      mebibytes(used),
      mebibytes(peak),
      mebibytes(node),
      mebibytes(peak - node),
      mebibytes(allowed),
    ]);
  }
  say(
    table(
      [
        "trace",
        "in use at most",
        "peak RSS",
        "Node alone",
        "beyond Node",
        "goal: 2 a byte + 32 MiB",
      ],
      memory,
    ),
  );
}
