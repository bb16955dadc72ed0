/** A process as the code that plays a C program sees it: C's functions, each of which can be destructured and called as in C. */
import type { MapsEntry, SmapsEntry } from "./abi/proc-info.js";
import type { KernelCalls, Rlimit } from "./abi/kernel-calls.js";
import type { SignalInfo } from "./abi/signal.js";
import type { ResourceLimit } from "./abi/syscalls.js";
import type { UserMemory } from "./abi/user-memory.js";
import { seededRandom } from "./core/random.js";
import type { Random } from "./core/random.js";
import { hex } from "./core/units.js";
import type { Address } from "./core/units.js";
import { UsageError } from "./core/errors.js";
import { libraryData } from "./kernel/exec.js";
import type { ExecLayout } from "./kernel/exec-layout.js";
import { mapsEntry, smapsEntry } from "./kernel/proc-maps.js";
import { mincore } from "./kernel/mm/mincore.js";
import { touchingMemory } from "./kernel/mm/touch.js";
import { syscallsOf } from "./kernel/syscalls.js";
import { newErrno, syscallReturn } from "./libc/errno.js";
import type { ErrnoCell } from "./libc/errno.js";
import { fileCalls } from "./libc/files.js";
import type { FileCalls } from "./libc/files.js";
import { HeapRequests } from "./libc/heap-requests.js";
import { lockCalls } from "./libc/locks.js";
import type { LockCalls } from "./libc/locks.js";
import { memoryCalls } from "./libc/mman.js";
import type { MemoryCalls } from "./libc/mman.js";
import { Ptmalloc } from "./libc/ptmalloc/allocator.js";
import { ProgramBreak } from "./libc/program-break.js";
import { stringCalls } from "./libc/string.js";
import type { StringCalls } from "./libc/string.js";
import { heapCalls } from "./facade/heap-calls.js";
import type { HeapCalls } from "./facade/heap-calls.js";
import { programCalls } from "./facade/program-calls.js";
import type { ProgramCalls } from "./facade/program-calls.js";
import { procCalls } from "./facade/proc-files.js";
import type { ProcCalls } from "./facade/proc-files.js";
import { lifecycleCalls } from "./facade/lifecycle-calls.js";
import type { LifecycleCalls } from "./facade/lifecycle-calls.js";
import { fileStatus } from "./facade/file-status.js";
import type { FileStatus } from "./facade/file-status.js";
import { inspectionOf } from "./facade/inspect.js";
import type { Inspection } from "./facade/inspect.js";
import { mapsText, smapsText } from "./facade/texts.js";
import type { MapsText, SmapsText } from "./facade/texts.js";
import type { RunningProgram } from "./program/running-program.js";
import type { Task } from "./kernel/model.js";

/** The null pointer. */
export const NULL = 0;

export const RUSAGE_SELF = 0;
export const RUSAGE_CHILDREN = -1;

/** struct rusage, as far as memory is concerned (getrusage(2)). */
export interface Rusage {
  readonly ru_minflt: number;
  readonly ru_majflt: number;
  /** The most that was resident, in kB. */
  readonly ru_maxrss: number;
}

/** Loads and stores by the address, as `*p` does in C; a fault that nobody takes throws ProgramTerminated. */
export interface AccessCalls {
  load(address: Address): number;
  store(address: Address, byte: number): void;
  load16(address: Address): number;
  store16(address: Address, value: number): void;
  load32(address: Address): number;
  store32(address: Address, value: number): void;
  load64(address: Address): bigint;
  store64(address: Address, value: bigint): void;
  /** One byte loaded from, or 1 stored to, `address` and the start of each further page below `address + length`. */
  touch(address: Address, length: number, access?: "read" | "write"): void;
}

export interface Process
  extends
    MemoryCalls,
    FileCalls,
    LockCalls,
    StringCalls,
    AccessCalls,
    ProcCalls,
    Inspection,
    HeapCalls,
    ProgramCalls,
    LifecycleCalls<Process> {
  readonly pid: number;
  /** Set where a call fails, as in C. */
  errno: number;
  readonly memory: UserMemory;
  readonly syscalls: KernelCalls;
  readonly layout: ExecLayout;
  /** For the parts that look inside. */
  readonly task: Task;
  /** The same allocator as malloc() and free() have, without the record of requests that heap() shows. */
  readonly allocator: Ptmalloc;

  sbrk(increment: number): Address;
  brk(address: Address): number;
  /** Fills `vec`, a byte a page, as in C: 0, or -1 and errno. Throws where `vec` is too short. */
  mincore(address: Address, length: number, vec: Uint8Array): number;
  getrusage(who?: number): Rusage;
  /** Fills `statbuf`, as in C: 0, or -1 and errno. */
  fstat(fd: number, statbuf: FileStatus): number;
  /** All mappings, as in /proc/self/maps. */
  maps(): MapsText;
  /** One mapping of /proc/self/smaps, without an address all of them. Throws UsageError where nothing is mapped. */
  smaps(address?: Address): SmapsText;
  /** The program's own say in a signal (see kernel/signals.ts); null takes it away. */
  setSignalDelivery(deliver: ((info: SignalInfo) => "resume" | "terminate") | null): void;
}

export type { KernelCalls, Rlimit, ResourceLimit, MapsEntry, SmapsEntry };

/** main_arena in the data pages of Debian 12's libc.so.6 (glibc 2.36). */
const MAIN_ARENA_OFFSET = 0xc60;

/** What a process is made of. */
export interface ProcessParts {
  readonly task: Task;
  readonly layout: ExecLayout;
  readonly random: Random | undefined;
  readonly parent: Process | null;
  /** What the parent asked of malloc. */
  readonly requests?: HeapRequests;
  /** Which of the machine's programs runs. */
  readonly running: RunningProgram;
  /** Where the machine keeps its processes. */
  readonly processes: Map<number, Process>;
}

export function createProcess(parts: ProcessParts): Process {
  const { task, layout } = parts;
  const { mm } = task;
  const memory = touchingMemory(mm);
  const syscalls = syscallsOf(task);
  const errno: ErrnoCell = newErrno();
  const programBreak = new ProgramBreak(syscalls, errno);
  const allocator =
    parts.parent?.allocator.fork({ memory, syscalls, brk: programBreak, errno }) ??
    new Ptmalloc({
      memory,
      syscalls,
      brk: programBreak,
      errno,
      mainArena: libraryData(mm) + MAIN_ARENA_OFFSET,
      random: parts.random ?? seededRandom(task.pid),
    });
  const requests = new HeapRequests(parts.requests);
  const heap = heapCalls(allocator, { memory, errno, requests });
  const program = programCalls({
    memory,
    syscalls,
    layout,
    heap,
    name: `process ${task.pid}`,
    running: parts.running,
    heapObjectAt: (address) => requests.at(address),
    stackLimitBytes: () => task.limits.stack.soft,
    parent: parts.parent ?? undefined,
    errno,
    setSignalDelivery: (deliver) => {
      task.deliver = deliver;
    },
  });
  const partial: Omit<Process, keyof LifecycleCalls<Process>> = {
    ...memoryCalls(syscalls, errno),
    ...fileCalls(syscalls, errno),
    ...lockCalls(syscalls, errno),
    ...stringCalls(memory),
    ...accessCalls(memory),
    ...procCalls(task),
    ...inspectionOf(task),
    ...heap,
    ...program,
    allocator,
    pid: task.pid,
    task,
    memory,
    syscalls,
    layout,
    get errno() {
      return errno.value;
    },
    set errno(value) {
      errno.value = value;
    },
    sbrk: (increment) => programBreak.sbrk(increment),
    brk: (address) => programBreak.brk(address),
    mincore(address, length, vec) {
      const result = mincore(mm, address, length);
      if (typeof result === "number") return syscallReturn(errno, result);
      if (vec.length < result.length) {
        throw new UsageError(
          `mincore(): ${result.length} pages do not fit into ${vec.length} bytes`,
          "new Uint8Array(length / 4096), a byte for each page",
        );
      }
      vec.set(result);
      return 0;
    },
    getrusage(who = RUSAGE_SELF) {
      const children = who === RUSAGE_CHILDREN;
      return {
        ru_minflt: children ? task.childMinorFaults : task.minorFaults,
        ru_majflt: children ? task.childMajorFaults : task.majorFaults,
        ru_maxrss: Math.max(mm.peakResidentPages, mm.residentPages) * 4,
      };
    },
    maps: () => mapsText([...mm.vmas].map(mapsEntry)),
    smaps(address) {
      if (address === undefined) return smapsText([...mm.vmas].map(smapsEntry));
      const vma = mm.vmas.at(address);
      if (vma === null) {
        throw new UsageError(
          `smaps(): nothing is mapped at ${hex(address)}`,
          "an address that mmap() or malloc() returned, or maps() to see what is mapped",
        );
      }
      return smapsText([smapsEntry(vma)]);
    },
    fstat(fd, statbuf) {
      const status = fileStatus(task, fd);
      if (typeof status === "number") return syscallReturn(errno, status);
      Object.assign(statbuf, status);
      return 0;
    },
    setSignalDelivery(deliver) {
      task.deliver = deliver;
    },
  };
  const process = partial as Process;
  const lifecycle = lifecycleCalls<Process>({
    task,
    memory,
    errno,
    createChild: (child) => createProcess({ ...parts, task: child, parent: process, requests }),
    forget(pid) {
      parts.processes.get(pid)?.allocator.end();
      parts.processes.delete(pid);
    },
  });
  Object.assign(process, lifecycle);
  parts.processes.set(task.pid, process);
  return process;
}

function accessCalls(memory: UserMemory): AccessCalls {
  return {
    load: (address) => memory.load8(address),
    store: (address, byte) => memory.store8(address, byte),
    load16: (address) => memory.load16(address),
    store16: (address, value) => memory.store16(address, value),
    load32: (address) => memory.load32(address),
    store32: (address, value) => memory.store32(address, value),
    load64: (address) => memory.load64(address),
    store64: (address, value) => memory.store64(address, value),
    touch: (address, length, access = "write") => memory.touch(address, length, access),
  };
}
