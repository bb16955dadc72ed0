/** The text of /proc/PID/status, statm and meminfo (fs/proc/array.c, fs/proc/task_mmu.c, fs/proc/meminfo.c). */
import type { MeminfoInfo, PagemapEntry, StatusInfo } from "../abi/proc-info.js";

const MEMORY_LINES = [
  "VmPeak",
  "VmSize",
  "VmLck",
  "VmPin",
  "VmHWM",
  "VmRSS",
  "RssAnon",
  "RssFile",
  "RssShmem",
  "VmData",
  "VmStk",
  "VmExe",
  "VmLib",
  "VmPTE",
  "VmSwap",
  "HugetlbPages",
] as const satisfies readonly (keyof StatusInfo)[];

/** Name, numbers and memory of a process; the lines on signals, capabilities and processors are left out. */
export function formatStatus(info: StatusInfo): string {
  const head =
    `Name:\t${info.name}\nState:\tR (running)\nTgid:\t${info.pid}\nPid:\t${info.pid}\n` +
    `PPid:\t${info.parentPid}\n`;
  const memory = MEMORY_LINES.map((name) => `${name}:\t${String(info[name]).padStart(8)} kB\n`);
  return `${head}${memory.join("")}Threads:\t1\n`;
}

export function formatStatm(pages: readonly number[]): string {
  return `${pages.join(" ")}\n`;
}

/** `MemTotal:       24683656 kB`: the name in 16 columns, the number in the next eight. */
export function formatMeminfo(info: MeminfoInfo): string {
  return info
    .map(([name, value, unit]) => {
      const number = String(value).padStart(8);
      return `${`${name}:`.padEnd(16)}${number}${unit === "kB" ? " kB" : ""}\n`;
    })
    .join("");
}

/** The 64 bits of a pagemap entry. */
export function encodePagemap(entry: PagemapEntry): bigint {
  let bits = BigInt(entry.pfn);
  if (entry.exclusive) bits |= 1n << 56n;
  if (entry.fileOrShared) bits |= 1n << 61n;
  if (entry.swapped) bits |= 1n << 62n;
  if (entry.present) bits |= 1n << 63n;
  return bits;
}
