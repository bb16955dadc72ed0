/** fork(2), exit(2), wait(2) (kernel/fork.c, kernel/exit.c). */
import { Errno } from "../abi/errno.js";
import { forkMm } from "./mm/fork.js";
import { removeVmas } from "./mm/unmap.js";
import { close } from "./files.js";
import { Task } from "./task.js";
import type { ExitStatus, Mm } from "./model.js";

const USER_SPACE_END = 0x8000_0000_0000;

/** The child, a copy of the process; -errno where memory may not be promised to it. */
export function fork(parent: Task): Task | number {
  const { kernel } = parent;
  kernel.reading.clear();
  const child = new Task(kernel, {
    pid: kernel.nextPid(),
    parent,
    name: parent.name,
    privileged: parent.privileged,
  });
  for (const resource of ["as", "data", "memlock", "stack"] as const) {
    Object.assign(child.limits[resource], parent.limits[resource]);
  }
  kernel.mms.add(child.mm);
  if (!forkMm(parent.mm, child.mm)) {
    releaseMemory(child.mm);
    return -Errno.ENOMEM;
  }
  for (const [fd, file] of parent.files) {
    child.files.set(fd, file);
    file.references++;
    file.inode.references++;
  }
  // The parent's next writes to its stack are copies, of which the first drains the LRU's batches
  // where a page of the stack still waits in one (mm/memory.c: wp_can_reuse_anon_folio).
  kernel.lru.drain();
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

/** A child that ended and was not waited for yet; -ECHILD where there are no children left, null where all still run. */
export function wait(task: Task): Task | number | null {
  const left = task.children.filter((child) => !child.reaped);
  if (left.length === 0) return -Errno.ECHILD;
  const ended = left.find((child) => child.exitStatus !== null);
  if (ended === undefined) return null;
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
