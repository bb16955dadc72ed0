/**
 * Modes: settings of a machine, and of the process on it, under which a suite can be compared. Each is said twice, to the
 * real system (settings.mjs) and to the simulator (`boot()` and `spawn()`).
 */
import { vmSuites } from "./generate/vm.mjs";

/** Without a mode: what the machine of the recorded traces was set to. */
const usual = { settings: {}, machine: {}, process: {}, suites: vmSuites };

const modes = {
  "thp-always": {
    about: "transparent huge pages wherever they fit",
    settings: { thp: "always" },
    machine: { thp: "always" },
  },
  "thp-never": {
    about: "no transparent huge pages",
    settings: { thp: "never" },
    machine: { thp: "never" },
  },
  pool: {
    about: "a pool of eight huge pages",
    settings: { hugePages: 8 },
    machine: { hugePages: 8 },
    suites: ["vm-hugetlb-pool", "vm-hugetlb"],
  },
  "overcommit-always": {
    about: "vm.overcommit_memory 1",
    settings: { overcommitMemory: 1 },
    machine: { overcommitMemory: 1 },
  },
  "overcommit-never": {
    about:
      "vm.overcommit_memory 2, with 40 GiB that may be promised beyond what is promised already",
    settings: { commitRoomKiB: 40 * 2 ** 20, overcommitMemory: 2 },
    machine: { overcommitKiB: 40 * 2 ** 20, overcommitMemory: 2 },
    suites: ["vm-commit", ...vmSuites],
  },
  unprivileged: {
    about: "a user without capabilities",
    process: { user: "unprivileged" },
  },
};

export const modeNames = Object.keys(modes);

/** A mode by its name; the usual one for undefined. Throws where there is no such mode. */
export function modeOf(name) {
  if (name === undefined) return usual;
  const found = modes[name];
  if (found === undefined) {
    throw new Error(`there is no mode "${name}"; there are ${modeNames.join(", ")}`);
  }
  return { ...usual, ...found };
}
