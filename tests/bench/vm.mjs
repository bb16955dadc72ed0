/** Virtual memory's benchmark: the kernel of this machine and the simulator's, on the same traces, in turn. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildReal } from "../conformance/real.mjs";
import { mebibytes, median, milliseconds, simulate, table, workDirectory } from "./measure.mjs";

const RUNS = 5;

function real(trace) {
  const { status, stderr } = spawnSync(
    buildReal(),
    [trace, "--seconds", "--files", workDirectory],
    {
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
      maxBuffer: 1 << 26,
    },
  );
  if (status !== 0) throw new Error(`real ${trace} ended with ${status}: ${stderr}`);
  return Number(stderr.trim());
}

function traceOf(name, lines) {
  const path = join(workDirectory, `${name}.trace`);
  writeFileSync(path, lines.join("\n") + "\n");
  return path;
}

function measure(trace) {
  const times = { real: [], simulated: [], peak: [] };
  let commands = 0;
  for (let i = 0; i < RUNS; i++) {
    times.real.push(real(trace));
    const stats = simulate(trace);
    commands = stats.commands;
    times.simulated.push(stats.seconds);
    times.peak.push(stats.peakRssBytes);
  }
  return {
    commands,
    real: median(times.real),
    simulated: median(times.simulated),
    peak: Math.max(...times.peak),
  };
}

const row = (what, { real: a, simulated: b, peak }) => [
  what,
  milliseconds(a),
  milliseconds(b),
  (b / a).toFixed(3),
  mebibytes(peak),
];
const header = ["", "Linux", "simulator", "ratio", "peak RSS"];

/** Every second page of a map unmapped: as many vmas as pages are left. */
function manyVmas(count) {
  const lines = [`mmap m ${2 * count * 4096} rw private|anon|noreserve`];
  for (let i = 0; i < count; i++) lines.push(`munmap m+${(2 * i + 1) * 4096} 4096`);
  for (let i = 0; i < count; i++) lines.push(`write m+${((i * 7919) % count) * 8192} 1`);
  for (let i = 0; i < 200; i++) lines.push(`mmap n${i} 4096 rw private|anon`, `munmap n${i} 4096`);
  return lines;
}

export function benchVm(say) {
  say(`## A byte written to each of 389,440 pages of a 32 GiB map, medians of ${RUNS}\n`);
  const pages = traceOf("pages", ["mmap m 32G rw private|anon|noreserve", "write m 1595146240"]);
  say(table(header, [row("389,440 pages", measure(pages))]));
  say(`\nThe goal is a ratio of at most 0.1, in at most 256 MiB.\n\n## How writing grows\n`);
  const rows = [];
  for (const count of [1_000, 10_000, 100_000, 1_000_000]) {
    rows.push(
      row(
        `${count} pages`,
        measure(
          traceOf(`pages-${count}`, [
            "mmap m 32G rw private|anon|noreserve",
            `write m ${count * 4096}`,
          ]),
        ),
      ),
    );
  }
  say(table(header, rows));
  say(`\n## Mapping does not cost by size: mmap and munmap, 1,000 times\n`);
  const sizes = [];
  for (const size of ["4K", "4M", "4G", "4T"]) {
    const lines = [];
    for (let i = 0; i < 1000; i++)
      lines.push(`mmap m ${size} rw private|anon|noreserve`, `munmap m ${size}`);
    sizes.push(row(size, measure(traceOf(`size-${size}`, lines))));
  }
  say(table(header, sizes));
  say(`\n## Many vmas: a map full of holes, each part written, then 200 more maps\n`);
  const vmas = [];
  for (const count of [1_000, 10_000, 60_000]) {
    vmas.push(row(`${count} vmas`, measure(traceOf(`vmas-${count}`, manyVmas(count)))));
  }
  say(table(header, vmas));
}
