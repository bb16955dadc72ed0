/** The text of /proc/PID/smaps and smaps_rollup (fs/proc/task_mmu.c: show_smap, __show_smap). */
import type { RollupInfo, SmapsEntry } from "../abi/proc-info.js";
import { formatMapsLine } from "./maps.js";

/** `Rss:                   8 kB`: the name in 16 columns, the number in the next eight. */
function line(name: string, kB: number): string {
  return `${`${name}:`.padEnd(16)}${String(kB).padStart(8)} kB\n`;
}

/** One mapping: its line of maps, its figures, its flags. */
export function formatSmapsEntry(entry: SmapsEntry): string {
  const figures = Object.entries(entry.fields)
    .map(([name, kB]) => line(name, kB as number))
    .join("");
  const eligible = `THPeligible:           ${entry.thpEligible}\n`;
  const flags = `VmFlags: ${entry.vmFlags.map((flag) => `${flag} `).join("")}\n`;
  return `${formatMapsLine(entry)}\n${figures}${eligible}${flags}`;
}

export function formatSmaps(entries: readonly SmapsEntry[]): string {
  return entries.map(formatSmapsEntry).join("");
}

export function formatRollup(info: RollupInfo): string {
  const head = formatMapsLine({
    start: info.start,
    end: info.end,
    perms: "---p",
    offset: 0,
    device: "00:00",
    inode: 0,
    name: "[rollup]",
  });
  let out = `${head}\n`;
  for (const [name, kB] of Object.entries(info.fields)) {
    out += line(name, kB);
    if (name === "Pss_Dirty") {
      out += line("Pss_Anon", info.pssAnon);
      out += line("Pss_File", info.pssFile);
      out += line("Pss_Shmem", info.pssShmem);
    }
  }
  return out;
}
