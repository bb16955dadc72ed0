/** setrlimit(2) and getrlimit(2) for the limits that memory knows of (kernel/sys.c: do_prlimit). */
import { Errno } from "../abi/errno.js";
import type { Rlimit } from "../abi/kernel-calls.js";
import type { ResourceLimit } from "../abi/syscalls.js";
import { UsageError } from "../core/errors.js";
import type { Task } from "./model.js";

/** 0, or -errno; a hard limit is raised by a privileged process alone. */
export function setrlimit(task: Task, resource: ResourceLimit, limit: Rlimit): number {
  const current = limitOf(task, resource);
  if (limit.rlim_cur > limit.rlim_max) return -Errno.EINVAL;
  if (limit.rlim_max > current.hard && !task.privileged) return -Errno.EPERM;
  current.soft = limit.rlim_cur;
  current.hard = limit.rlim_max;
  return 0;
}

export function getrlimit(task: Task, resource: ResourceLimit): Rlimit {
  const { soft, hard } = limitOf(task, resource);
  return { rlim_cur: soft, rlim_max: hard };
}

function limitOf(task: Task, resource: ResourceLimit): Task["limits"][ResourceLimit] {
  const known = (task.limits as Partial<Task["limits"]>)[resource];
  if (known !== undefined) return known;
  throw new UsageError(
    `there is no resource limit "${String(resource)}" here`,
    `one of ${Object.keys(task.limits).join(", ")}`,
  );
}
