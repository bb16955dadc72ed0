/** What a fatal fault does to a program (kernel/signal.c: force_sig_fault, get_signal). */
import { ProgramTerminated } from "../abi/signal.js";
import type { SignalInfo } from "../abi/signal.js";
import type { Access } from "../hardware/mmu.js";
import { UsageError } from "../core/errors.js";
import { hex } from "../core/units.js";
import { servePageFault } from "./mm/page-fault.js";
import type { Mm, Task } from "./model.js";

/**
 * The program's own say in a signal: "resume" tries the access again, "terminate" ends the program.
 * It may also throw, as siglongjmp leaves a handler.
 */
export type SignalDelivery = (info: SignalInfo) => "resume" | "terminate";

/** Serves a fault; where it cannot be served the program gets the signal, and dies of it unless it takes it. */
export function onFault(mm: Mm, address: number, access: Access): void {
  const info = servePageFault(mm, address, access);
  if (info !== null) raise(mm.task, info);
}

/**
 * Delivers a signal that the program's own instruction caused. Throws `UsageError` where the process has ended: in C
 * nobody is left to execute that instruction.
 */
export function raise(task: Task, info: SignalInfo): void {
  if (task.exitStatus !== null)
    throw new UsageError(
      `the process ${task.pid} has ended, and its memory with it: nothing can be accessed at ${hex(info.address ?? 0)}`,
      "read what you need before _exit(), or keep it in a variable of TypeScript",
    );
  if (info.signal !== "SIGKILL" && task.deliver?.(info) === "resume") return;
  terminate(task, info);
}

/** Ends the program with a signal. Its memory stays until its parent waits, for those who want to see what it left. */
export function terminate(task: Task, info: SignalInfo): never {
  task.diedOf = info;
  throw new ProgramTerminated(info);
}
