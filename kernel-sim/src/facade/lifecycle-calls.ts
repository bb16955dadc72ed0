/** fork(2), _exit(2), wait(2) and waitpid(2) of one process. */
import { SIGABRT, SIGBUS, SIGKILL, SIGSEGV } from "../abi/signal.js";
import type { SignalName } from "../abi/signal.js";
import type { UserMemory } from "../abi/user-memory.js";
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import { exit, fork, wait } from "../kernel/lifecycle.js";
import type { ExitStatus, Task } from "../kernel/model.js";
import { syscallReturn } from "../libc/errno.js";
import type { ErrnoCell } from "../libc/errno.js";

/** Where a status is written: an `int` by its address, an array that stands for one, or NULL. */
export type WaitStatus = Address | Int32Array;

const numbers: Readonly<Record<SignalName, number>> = {
  SIGABRT,
  SIGBUS,
  SIGKILL,
  SIGSEGV,
};

export interface LifecycleCalls<Child> {
  /**
   * The child, a copy of this process; the code that plays it calls its functions. Where the kernel refuses, a process
   * whose pid is -1, and errno is ENOMEM (memory may not be promised) or EAGAIN (RLIMIT_NPROC).
   */
  fork(): Child;
  /** Ends the process; nothing may be called on it any more. */
  _exit(status: number): void;
  /** waitpid(-1, wstatus, 0). */
  wait(wstatus?: WaitStatus): number;
  /**
   * The pid of a child that has ended, whose status is written; 0 with WNOHANG where none has yet; -1 and errno, ECHILD
   * where there is none. Throws UsageError where it would wait for ever: nobody plays the children meanwhile.
   */
  waitpid(pid: number, wstatus?: WaitStatus, options?: number): number;
}

export interface LifecycleParts<Child> {
  readonly task: Task;
  readonly memory: UserMemory;
  readonly errno: ErrnoCell;
  /** A process for the kernel's child. */
  createChild(task: Task): Child;
  /** A process is over: the machine forgets it. */
  forget(pid: number): void;
}

export function lifecycleCalls<Child extends object>(
  parts: LifecycleParts<Child>,
): LifecycleCalls<Child> {
  const { task, memory, errno } = parts;
  const waitpid = (pid: number, wstatus: WaitStatus = 0, options = 0): number => {
    const ended = wait(task, pid, options);
    if (ended === "blocks") {
      throw new UsageError(
        "wait(): no child has ended, and none can end while this process waits",
        "child._exit(0) before, or waitpid(-1, NULL, WNOHANG), which returns 0 at once",
      );
    }
    if (typeof ended === "number") return syscallReturn(errno, ended);
    const status = statusOf(ended.exitStatus!);
    if (typeof wstatus !== "number") wstatus[0] = status;
    else if (wstatus !== 0) memory.store32(wstatus, status);
    parts.forget(ended.pid);
    return ended.pid;
  };
  return {
    fork() {
      const child = fork(task);
      if (typeof child !== "number") return parts.createChild(child);
      syscallReturn(errno, child);
      return noProcess<Child>();
    },
    _exit(status) {
      exit(task, { kind: "exited", code: status & 0xff });
      parts.forget(task.pid);
    },
    wait: (wstatus) => waitpid(-1, wstatus),
    waitpid,
  };
}

function statusOf(status: ExitStatus): number {
  return status.kind === "exited" ? status.code << 8 : numbers[status.info.signal];
}

/** What fork() returns where there is no child: its pid is -1, and nothing can be called on it. */
function noProcess<Child extends object>(): Child {
  return new Proxy({ pid: -1 } as unknown as Child, {
    get(target, name) {
      if (name === "pid" || typeof name === "symbol") return Reflect.get(target, name) as unknown;
      throw new UsageError(
        `fork() has failed: there is no child to call ${name} on`,
        "if (child.pid === -1), then errno says why",
      );
    },
  });
}
