/** Files under /proc/self and /proc/meminfo, as values and as texts. */
import type { MeminfoInfo, PagemapEntry, RollupInfo, StatusInfo } from "../abi/proc-info.js";
import { display } from "../core/display.js";
import type { Displayable } from "../core/display.js";
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import type { KernelState, Task } from "../kernel/model.js";
import { mapsEntry, smapsEntry } from "../kernel/proc-maps.js";
import { meminfo } from "../kernel/proc-meminfo.js";
import { pagemapEntry, rollupInfo, statmPages, statusInfo } from "../kernel/proc-status.js";
import { formatMaps } from "../report/maps.js";
import { formatRollup, formatSmaps } from "../report/smaps.js";
import { encodePagemap, formatMeminfo, formatStatm, formatStatus } from "../report/status.js";

/** /proc/PID/status: its numbers in kB, and its text. */
export interface StatusText extends StatusInfo, Displayable {}

/** /proc/PID/smaps_rollup: its sums in kB, and its text. */
export interface RollupText extends RollupInfo, Displayable {}

/** /proc/meminfo: its lines, and its text. */
export interface MeminfoText extends Displayable {
  readonly lines: MeminfoInfo;
  /** The number of one line, `MemFree` say; throws UsageError for a name that is not there. */
  get(name: string): number;
}

/** What a page has in pagemap, with the 64 bits that the file holds. */
export interface PagemapText extends PagemapEntry, Displayable {
  readonly bits: bigint;
}

export interface ProcCalls {
  status(): StatusText;
  smaps_rollup(): RollupText;
  meminfo(): MeminfoText;
  pagemap(address: Address): PagemapText;
  /** The text of a file under /proc/self, or of /proc/meminfo. */
  readFile(path: string): string;
}

export function procCalls(task: Task): ProcCalls {
  const texts: Readonly<Record<string, () => string>> = {
    maps: () => formatMaps([...task.mm.vmas].map(mapsEntry)),
    smaps: () => formatSmaps([...task.mm.vmas].map(smapsEntry)),
    smaps_rollup: () => formatRollup(rollupInfo(task.mm)),
    status: () => formatStatus(statusInfo(task)),
    statm: () => formatStatm(statmPages(task)),
  };
  return {
    status: () => withText(statusInfo(task), formatStatus),
    smaps_rollup: () => withText(rollupInfo(task.mm), formatRollup),
    meminfo: () => meminfoText(task.kernel),
    pagemap(address) {
      const entry = pagemapEntry(task.mm, address);
      const bits = encodePagemap(entry);
      return withText({ ...entry, bits }, () => `0x${bits.toString(16).padStart(16, "0")}`);
    },
    readFile(path) {
      if (path === "/proc/meminfo") return formatMeminfo(meminfo(task.kernel));
      const name = /^\/proc\/(?:self|(\d+))\/(\w+)$/.exec(path);
      const own = name !== null && (name[1] === undefined || Number(name[1]) === task.pid);
      const text = own ? texts[name[2] ?? ""] : undefined;
      if (text !== undefined) return text();
      throw new UsageError(
        `readFile(): ${path} is not modelled`,
        `/proc/meminfo, or /proc/self/ and one of ${Object.keys(texts).join(", ")}`,
      );
    },
  };
}

export function meminfoText(kernel: KernelState): MeminfoText {
  const lines = meminfo(kernel);
  return withText(
    {
      lines,
      get(name: string): number {
        const line = lines.find(([each]) => each === name);
        if (line !== undefined) return line[1];
        throw new UsageError(
          `meminfo has no line "${name}"`,
          `one of ${lines.map(([each]) => each).join(", ")}`,
        );
      },
    },
    () => formatMeminfo(lines),
  );
}

function withText<T extends object>(facts: T, format: (facts: T) => string): T & Displayable {
  const text = format(facts);
  return {
    ...facts,
    toString: () => text,
    [display]: () => ({ "text/plain": text, "application/json": plain(facts) }),
  };
}

/** JSON knows neither functions nor 64-bit whole numbers. */
function plain(facts: object): object {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([, value]) => typeof value !== "function")
      .map(([name, value]: [string, unknown]) => [
        name,
        typeof value === "bigint" ? `0x${value.toString(16)}` : value,
      ]),
  );
}
