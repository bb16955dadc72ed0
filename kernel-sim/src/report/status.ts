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

/** uid and gid of the user without rights, as Debian numbers them. */
const NOBODY = 65534;

/** Capabilities of root, all that the measured machine has; a line each in the order of the file. */
const ALL_CAPABILITIES = "000001fffeffffff";
const NO_BITS = "0000000000000000";

const fixed = (lines: readonly (readonly [string, string])[]): string =>
  lines.map(([name, value]) => `${name}:\t${value}\n`).join("");

/**
 * Every line of the file in its order. What is not memory is fixed, as the measured machine has it: umask, file table,
 * signals, two processors, one node of memory, no time that passed.
 */
export function formatStatus(info: StatusInfo): string {
  const { pid, groupPid, user } = info;
  const id = user === "root" ? 0 : NOBODY;
  const ids = [id, id, id, id].join("\t");
  const capabilities = user === "root" ? ALL_CAPABILITIES : NO_BITS;
  const head = fixed([
    ["Name", info.name],
    ["Umask", "0022"],
    ["State", "R (running)"],
    ["Tgid", String(pid)],
    ["Ngid", "0"],
    ["Pid", String(pid)],
    ["PPid", String(info.parentPid)],
    ["TracerPid", "0"],
    ["Uid", ids],
    ["Gid", ids],
    ["FDSize", "256"],
    ["Groups", " "],
    ["NStgid", String(pid)],
    ["NSpid", String(pid)],
    ["NSpgid", String(groupPid)],
    ["NSsid", String(groupPid)],
    ["Kthread", "0"],
  ]);
  const memory = MEMORY_LINES.map((name) => `${name}:\t${String(info[name]).padStart(8)} kB\n`);
  const tail = fixed([
    ["CoreDumping", "0"],
    ["THP_enabled", "1"],
    ["untag_mask", "0xffffffffffffffff"],
    ["Threads", "1"],
    ["SigQ", "0/96365"],
    ...["SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt", "CapInh"].map(
      (name) => [name, NO_BITS] as const,
    ),
    ["CapPrm", capabilities],
    ["CapEff", capabilities],
    ["CapBnd", ALL_CAPABILITIES],
    ["CapAmb", NO_BITS],
    ["NoNewPrivs", "0"],
    ["Seccomp", "0"],
    ["Seccomp_filters", "0"],
    ["Speculation_Store_Bypass", "vulnerable"],
    ["SpeculationIndirectBranch", "always enabled"],
    ["Cpus_allowed", "3"],
    ["Cpus_allowed_list", "0-1"],
    ["Mems_allowed", `${"00000000,".repeat(31)}00000001`],
    ["Mems_allowed_list", "0"],
    ["voluntary_ctxt_switches", "0"],
    ["nonvoluntary_ctxt_switches", "0"],
  ]);
  return head + memory.join("") + tail;
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
