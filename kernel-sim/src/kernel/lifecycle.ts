/** fork(2), exit(2), wait(2) (kernel/fork.c, kernel/exit.c). */
import { Errno } from "../abi/errno.js";
import type { ResourceLimit } from "../abi/syscalls.js";
import { WCONTINUED, WNOHANG, WUNTRACED } from "../abi/wait.js";
import { forkMm } from "./mm/fork.js";
import { removeVmas } from "./mm/unmap.js";
import { close } from "./files.js";
import { Task } from "./task.js";
import type { ExitStatus, KernelState, Mm } from "./model.js";

/** __WNOTHREAD, __WALL and __WCLONE: which threads' and clones' children. */
const WAIT_LINUX = 0xe000_0000 | 0;
const INT_MIN = -0x8000_0000;
const USER_SPACE_END = 0x8000_0000_0000;

/** The child, a copy of the process; -ENOMEM where memory may not be promised to it, -EAGAIN where it has too many. */
export function fork(parent: Task): Task | number {
  const { kernel } = parent;
  if (!parent.privileged && processesOfUser(kernel) >= parent.limits.nproc.soft) {
    return -Errno.EAGAIN;
  }
  kernel.reading.finish();
  const child = new Task(kernel, {
    pid: kernel.nextPid(),
    parent,
    name: parent.name,
    privileged: parent.privileged,
  });
  for (const resource of Object.keys(parent.limits) as ResourceLimit[]) {
    Object.assign(child.limits[resource], parent.limits[resource]);
  }
  kernel.mms.add(child.mm);
  if (!forkMm(parent.mm, child.mm)) {
    releaseMemory(child.mm);
    return -Errno.ENOMEM;
  }
  for (const fd of child.streams) if (!parent.streams.has(fd)) child.streams.delete(fd);
  for (const [fd, file] of parent.files) {
    child.files.set(fd, file);
    file.references++;
    file.inode.references++;
  }
  child.deliver = parent.deliver;
  parent.children.push(child);
  kernel.tasks.set(child.pid, child);
  return child;
}

/** Ends the process: its memory and files go; its parent can ask how it ended. */
export function exit(task: Task, status: ExitStatus): void {
  if (task.exitStatus !== null) return;
  task.exitStatus = status;
  task.mm.noteResident();
  releaseMemory(task.mm);
  for (const fd of [...task.files.keys()]) close(task, fd);
}

/** What RLIMIT_NPROC counts: unprivileged processes are all one user's; those that nobody waited for count (kernel/fork.c). */
function processesOfUser(kernel: KernelState): number {
  let count = 0;
  for (const task of kernel.tasks.values()) if (!task.privileged) count++;
  return count;
}

/**
 * A child that ended and was not waited for yet (kernel/exit.c: kernel_wait4). 0 where all asked for still run and
 * WNOHANG says so, "blocks" without it; -ECHILD where there is none, -EINVAL for other options, -ESRCH for INT_MIN.
 */
export function wait(task: Task, pid: number, options: number): Task | number | "blocks" {
  if ((options & ~(WNOHANG | WUNTRACED | WCONTINUED | WAIT_LINUX)) !== 0) return -Errno.EINVAL;
  if (pid === INT_MIN) return -Errno.ESRCH;
  // Every process is in its first one's process group: 0 is any child, a number below -1 is another group.
  const left = task.children.filter(
    (child) => !child.reaped && (pid > 0 ? child.pid === pid : pid >= -1),
  );
  if (left.length === 0) return -Errno.ECHILD;
  for (const child of left) {
    if (child.diedOf !== null) exit(child, { kind: "signaled", info: child.diedOf });
  }
  const ended = left.find((child) => child.exitStatus !== null);
  if (ended === undefined) return (options & WNOHANG) !== 0 ? 0 : "blocks";
  ended.reaped = true;
  task.childMinorFaults += ended.minorFaults + ended.childMinorFaults;
  task.childMajorFaults += ended.majorFaults + ended.childMajorFaults;
  task.kernel.tasks.delete(ended.pid);
  return ended;
}

/** mm/mmap.c: exit_mmap. */
function releaseMemory(mm: Mm): void {
  removeVmas(mm, [...mm.vmas], 0, USER_SPACE_END);
  mm.kernel.mms.delete(mm);
  mm.mmu.flushAll();
}
