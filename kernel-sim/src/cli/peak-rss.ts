/** How much memory of the host this process has had at most. */
import { readFileSync } from "node:fs";

/**
 * The peak of the resident set, in bytes. From VmHWM where there is a /proc (proc(5)): what getrusage(2) says is, after
 * an exec, at least the peak of the program that started this one.
 */
export function peakRssBytes(): number {
  try {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // No Linux: what getrusage says must do.
  }
  return process.resourceUsage().maxRSS * 1024;
}
