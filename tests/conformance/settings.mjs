/** Changes settings of the real machine for the time of a comparison, and puts them back whatever happens. */
import { readFileSync, writeFileSync } from "node:fs";

const files = {
  thp: "/sys/kernel/mm/transparent_hugepage/enabled",
  hugePages: "/proc/sys/vm/nr_hugepages",
  overcommitMemory: "/proc/sys/vm/overcommit_memory",
  commitRoomKiB: "/proc/sys/vm/overcommit_kbytes",
  legacyLayout: "/proc/sys/vm/legacy_va_layout",
};

const overcommitRatio = "/proc/sys/vm/overcommit_ratio";

/** A setting as it is written: of a choice, `always [madvise] never`, the word in brackets. */
function read(name) {
  const text = readFileSync(files[name], "utf8").trim();
  return /\[(\S+)\]/.exec(text)?.[1] ?? text;
}

/** Why the settings cannot be changed here, a sentence; undefined where they can, or need not be. */
export function whyNotSettable(settings) {
  if (Object.keys(settings).length === 0) return undefined;
  if (process.env["MEMORY_COURSE_SETTINGS"] !== "change") {
    return "settings of the whole machine would be changed for a moment; MEMORY_COURSE_SETTINGS=change allows it, as root";
  }
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return "only root may change the machine's settings";
  }
  return undefined;
}

/** Why this process cannot be another user's, a sentence; undefined where it can, or need not be. */
export function whyNotProcess({ user }) {
  return user === undefined || process.getuid?.() === 0
    ? undefined
    : "only root may become another user";
}

const inMeminfo = (name) =>
  Number(
    new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0,
  );

/**
 * Huge pages that the kernel holds promised though no process has them, until the machine boots again (mremap(2) of Linux 6.18 leaves
 * such behind); the pool is made so much larger.
 */
const lostHugePages = () => inMeminfo("HugePages_Rsvd");

/** The values that count from what the machine has already: a pool beside the lost pages, a limit above what is promised. */
const valueOf = {
  hugePages: (asked) => asked + lostHugePages(),
  commitRoomKiB: (asked) => asked + inMeminfo("Committed_AS"),
};

/** What of the machine counts for a trace beside the settings, as an option of boot(): what earlier ones left behind. */
export function leftBehind(settings) {
  if (settings.hugePages === undefined) return {};
  return { hugePages: inMeminfo("HugePages_Total"), lostHugePages: lostHugePages() };
}

/** The result of `use`, while the settings are as asked; throws where the machine does not take one. */
export async function withSettings(settings, use) {
  const before = Object.keys(settings).map((name) => {
    const value = read(name);
    // Of the limit in kB and the ratio that it takes the place of, one is 0.
    if (name !== "commitRoomKiB" || value !== "0") return [files[name], value];
    return [overcommitRatio, readFileSync(overcommitRatio, "utf8").trim()];
  });
  const putBack = () => {
    for (const [file, value] of before.toReversed()) writeFileSync(file, value);
  };
  const onSignal = () => {
    putBack();
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, onSignal);
  try {
    for (const [name, asked] of Object.entries(settings)) {
      const value = valueOf[name]?.(asked) ?? asked;
      writeFileSync(files[name], String(value));
      if (read(name) !== String(value)) {
        throw new Error(`${files[name]} does not take ${value}: it is ${read(name)}`);
      }
    }
    return await use();
  } finally {
    putBack();
    for (const signal of ["SIGINT", "SIGTERM"]) process.removeListener(signal, onSignal);
  }
}
