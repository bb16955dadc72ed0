/** Runs programs for a benchmark and makes tables of what they took. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
/** Where recordings and compiled programs are kept. */
export const workDirectory = join(here, ".build");
mkdirSync(workDirectory, { recursive: true });

const simulator = join(here, "..", "..", "kernel-sim", "bin", "kernel-sim.mjs");

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Compiles a C source of tests/bench/native; the program's path. */
export function compile(source, output, flags) {
  const path = join(workDirectory, output);
  execFileSync("cc", [
    "-O2",
    "-Wall",
    "-Wextra",
    "-Werror",
    ...flags,
    "-o",
    path,
    join(here, "native", source),
  ]);
  return path;
}

/** What `kernel-sim replay --stats` says of a trace, in a process of its own: `{ commands, seconds, peakRssBytes }`. */
export function simulate(tracePath) {
  const { status, stderr } = spawnSync(
    process.execPath,
    [simulator, "replay", tracePath, "--stats"],
    {
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  if (status !== 0)
    throw new Error(`kernel-sim replay ${tracePath} ended with ${status}:\n${stderr}`);
  return JSON.parse(stderr.trim().split("\n").at(-1));
}

/** The most memory that Node itself takes to start and do nothing, in bytes; measured as `--stats` measures. */
export function nodeRssBytes() {
  const peak = JSON.stringify(new URL("../../kernel-sim/dist/cli/peak-rss.js", import.meta.url));
  const script = `import(${peak}).then((m) => process.stdout.write(String(m.peakRssBytes())))`;
  const sizes = [1, 2, 3].map(() =>
    Number(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" })),
  );
  return median(sizes);
}

export const milliseconds = (seconds) => `${(1000 * seconds).toFixed(seconds < 0.01 ? 2 : 1)} ms`;
export const mebibytes = (bytes) => `${(bytes / 1048576).toFixed(1)} MiB`;

/** A table for a terminal that is also Markdown. */
export function table(header, rows) {
  const all = [header, ...rows];
  const widths = header.map((_, i) => Math.max(...all.map((row) => String(row[i]).length)));
  const line = (row) => `| ${row.map((cell, i) => String(cell).padEnd(widths[i])).join(" | ")} |`;
  return [
    line(header),
    `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`,
    ...rows.map(line),
  ].join("\n");
}
