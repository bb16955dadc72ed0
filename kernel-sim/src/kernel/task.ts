/** A process as the kernel keeps it (struct task_struct, signal_struct, files_struct). */
import type { ResourceLimit } from "../abi/syscalls.js";
import type { SignalInfo } from "../abi/signal.js";
import type {
  ExitStatus,
  KernelState,
  Limit,
  Mm as MmType,
  OpenFile,
  Task as TaskType,
  User,
} from "./model.js";
import { Mm } from "./mm-struct.js";
import { STANDARD_STREAMS } from "./streams.js";

/** RLIMIT_NPROC of a machine with 23.5 GiB: half of threads-max (kernel/fork.c: fork_init). */
const NPROC = 96365;

export class Task implements TaskType {
  readonly kernel: KernelState;
  readonly pid: number;
  readonly parent: TaskType | null;
  readonly children: TaskType[] = [];
  name: string;
  mm: MmType;
  /** Faults served without, and with, waiting for a disk (ru_minflt, ru_majflt). */
  minorFaults = 0;
  majorFaults = 0;
  /** Those of children that were waited for (RUSAGE_CHILDREN). */
  childMinorFaults = 0;
  childMajorFaults = 0;
  readonly limits: Record<ResourceLimit, Limit>;
  readonly files = new Map<number, OpenFile>();
  /** Of descriptors 0 to 2 those that are open still, and no files (streams.ts). */
  readonly streams = new Set<number>(STANDARD_STREAMS);
  /** The program's own say in a signal; see signals.ts. */
  deliver: ((info: SignalInfo) => "resume" | "terminate") | null = null;
  exitStatus: ExitStatus | null = null;
  /** The signal that ended it, from when it was delivered until its parent waits. */
  diedOf: SignalInfo | null = null;
  /** Waited for by its parent: gone from the process table. */
  reaped = false;
  /** Capabilities that memory asks for: CAP_IPC_LOCK, CAP_SYS_RESOURCE, CAP_SYS_ADMIN, CAP_SYS_RAWIO. */
  privileged: boolean;

  get user(): User {
    return this.privileged ? "root" : "unprivileged";
  }

  constructor(
    kernel: KernelState,
    fields: { pid: number; parent: TaskType | null; name: string; privileged: boolean },
  ) {
    this.kernel = kernel;
    this.pid = fields.pid;
    this.parent = fields.parent;
    this.name = fields.name;
    this.privileged = fields.privileged;
    this.limits = {
      as: { soft: Infinity, hard: Infinity },
      data: { soft: Infinity, hard: Infinity },
      memlock: { soft: 8 * 1024 * 1024, hard: 8 * 1024 * 1024 },
      stack: { soft: 8 * 1024 * 1024, hard: Infinity },
      nofile: { soft: 1024, hard: 1_048_576 },
      nproc: { soft: NPROC, hard: NPROC },
    };
    this.mm = new Mm(kernel, this);
  }
}
