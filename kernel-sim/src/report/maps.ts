/** The text of /proc/PID/maps (fs/proc/task_mmu.c: show_map_vma). */
import type { MapsEntry } from "../abi/proc-info.js";

/** The column, counted from 0, where a name begins (seq_setwidth in show_map_vma). */
const NAME_COLUMN = 73;

/** One line, without its newline; a line without a name ends in a space, as the kernel's does. */
export function formatMapsLine(entry: MapsEntry): string {
  const range = `${address(entry.start)}-${address(entry.end)}`;
  const offset = entry.offset.toString(16).padStart(8, "0");
  const line = `${range} ${entry.perms} ${offset} ${entry.device} ${entry.inode} `;
  return entry.name === "" ? line : line.padEnd(NAME_COLUMN) + entry.name;
}

export function formatMaps(entries: readonly MapsEntry[]): string {
  return entries.map((entry) => `${formatMapsLine(entry)}\n`).join("");
}

/** Lower-case hexadecimal, at least eight digits (seq_put_hex_ll). */
function address(value: number): string {
  return value.toString(16).padStart(8, "0");
}
