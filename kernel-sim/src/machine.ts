/** The one file that composes everything: a machine, and the processes on it. */
import { UsageError } from "./core/errors.js";
import { seededRandom } from "./core/random.js";
import { GiB, KiB } from "./core/units.js";
import { meminfoText } from "./facade/proc-files.js";
import type { MeminfoText } from "./facade/proc-files.js";
import { exec } from "./kernel/exec.js";
import { checkInvariants } from "./kernel/invariants.js";
import { KernelState } from "./kernel/kernel-state.js";
import { onFault } from "./kernel/signals.js";
import { Task } from "./kernel/task.js";
import { mallocConstants } from "./libc/ptmalloc/version.js";
import { RunningProgram } from "./program/running-program.js";
import { createProcess } from "./process.js";
import type { Process } from "./process.js";
import type { KernelSettings } from "./kernel/model.js";

/** What can be set when a machine starts; every field has a default, that of the recorded traces. */
export interface BootOptions {
  /** Bytes of RAM: 23.5 GiB unless said. */
  readonly ramBytes?: number;
  readonly swapBytes?: number;
  /** /sys/kernel/mm/transparent_hugepage/enabled: `madvise` unless said. */
  readonly thp?: "always" | "madvise" | "never";
  /** vm.overcommit_memory: 0 (heuristic), 1 (always), 2 (never). */
  readonly overcommitMemory?: 0 | 1 | 2;
  /** CommitLimit, which mode 2 goes by: vm.overcommit_ratio, 50 unless said, or vm.overcommit_kbytes in its place. */
  readonly overcommitRatio?: number;
  readonly overcommitKiB?: number;
  readonly maxMapCount?: number;
  /** vm.nr_hugepages, the pool of 2 MiB pages: 0 unless said. */
  readonly hugePages?: number;
  /** Those of them that are promised to nobody, as an mremap(2) of Linux 6.18 can leave them behind: 0 unless said. */
  readonly lostHugePages?: number;
  /** /sys/block/DEV/queue/read_ahead_kb: 8192 unless said, as on the machine that was measured; Linux's own default is 128. */
  readonly readAheadKiB?: number;
  /** The C library's version; 2.36 is the one that is modelled. */
  readonly glibc?: "2.36";
  /** Randomises addresses, differently for each seed; without it they are those of `setarch -R`. */
  readonly seed?: number;
}

export interface SpawnOptions {
  /** `legacy` is `setarch -L`: maps grow upwards. */
  readonly layout?: "top-down" | "legacy";
  /** RLIMIT_STACK as the program starts, `ulimit -s`: 8 MiB unless said; `Infinity` is `ulimit -s unlimited`. */
  readonly stackLimitBytes?: number;
  /** An unprivileged process is bound by RLIMIT_MEMLOCK and vm.mmap_min_addr; the recorded traces ran as root. */
  readonly user?: "root" | "unprivileged";
}

/** A computer with Linux 6.18 (x86-64, pages of 4 KiB) on it. */
export interface Machine {
  /** A process that runs a C program, stopped at the first line of main(). */
  spawn(path?: string, options?: SpawnOptions): Process;
  /** The process with that number; throws UsageError where there is none. */
  process(pid: number): Process;
  readonly processes: readonly Process[];
  /** /proc/meminfo. */
  meminfo(): MeminfoText;
  /** Throws InvariantError where the simulator's own books do not agree. */
  checkInvariants(): void;
  /** For the parts that look inside: frames, caches, settings. */
  readonly kernel: KernelState;
}

const known = new Set([
  "ramBytes",
  "swapBytes",
  "thp",
  "overcommitMemory",
  "overcommitRatio",
  "overcommitKiB",
  "maxMapCount",
  "hugePages",
  "lostHugePages",
  "readAheadKiB",
  "glibc",
  "seed",
]);

/** Starts a machine. */
export function boot(options: BootOptions = {}): Machine {
  for (const name of Object.keys(options)) {
    if (!known.has(name)) {
      throw new UsageError(
        `boot() does not know the option "${name}"`,
        `one of ${[...known].join(", ")}`,
      );
    }
  }
  if (options.thp !== undefined && !["always", "madvise", "never"].includes(options.thp)) {
    throw new UsageError(
      `boot(): thp is "${String(options.thp)}"`,
      `"always", "madvise" or "never", as in /sys/kernel/mm/transparent_hugepage/enabled`,
    );
  }
  mallocConstants(options.glibc ?? "2.36");
  const settings: KernelSettings = {
    ramBytes: options.ramBytes ?? 23.5 * GiB,
    swapBytes: options.swapBytes ?? 0,
    thp: options.thp ?? "madvise",
    thpZeroPage: true,
    overcommitMemory: options.overcommitMemory ?? 0,
    overcommitRatio: options.overcommitRatio ?? 50,
    overcommitPages: ((options.overcommitKiB ?? 0) * KiB) / 4096,
    maxMapCount: options.maxMapCount ?? 65530,
    hugePages: options.hugePages ?? 0,
    lostHugePages: options.lostHugePages ?? 0,
    readAheadPages: ((options.readAheadKiB ?? 8192) * KiB) / 4096,
  };
  const kernel = new KernelState(settings);
  kernel.onFault = onFault;
  const random = options.seed === undefined ? undefined : seededRandom(options.seed);
  const processes = new Map<number, Process>();
  const running = new RunningProgram();
  const machine: Machine = {
    kernel,
    get processes() {
      return [...processes.values()];
    },
    spawn(path = "a.out", spawnOptions = {}) {
      const task = new Task(kernel, {
        pid: kernel.nextPid(),
        parent: null,
        name: path.slice(path.lastIndexOf("/") + 1).slice(0, 15),
        privileged: spawnOptions.user !== "unprivileged",
      });
      if (spawnOptions.stackLimitBytes !== undefined) {
        task.limits.stack.soft = spawnOptions.stackLimitBytes;
      }
      kernel.tasks.set(task.pid, task);
      kernel.mms.add(task.mm);
      const layout = exec(task.mm, {
        path,
        style: spawnOptions.layout ?? "top-down",
        random,
      });
      return createProcess({ task, layout, random, parent: null, running, processes });
    },
    process(pid) {
      const found = processes.get(pid);
      if (found === undefined) {
        throw new UsageError(
          `there is no process ${pid}`,
          `one of ${[...processes.keys()].join(", ") || "those that spawn() returned"}`,
        );
      }
      return found;
    },
    meminfo: () => meminfoText(kernel),
    checkInvariants: () => checkInvariants(kernel),
  };
  return machine;
}
