/** Ties the kernel to its process: streams, signals, exit, and the process that started it. */
import { Worker } from "node:worker_threads";
import type { KernelServer } from "./server.js";

/** Sends everything that cells print to the server, and calls back as a stream does. */
export function redirectStreams(server: KernelServer): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new TextDecoder();
    const write = (
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | ((error?: Error | null) => void),
      callback?: (error?: Error | null) => void,
    ): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      server.write(name, text);
      const done = typeof encoding === "function" ? encoding : callback;
      if (done !== undefined) process.nextTick(done);
      return true;
    };
    process[name].write = write;
    // Colours in an output would depend on where the kernel was started.
    Object.defineProperty(process[name], "isTTY", { value: false });
  }
  delete process.env["FORCE_COLOR"];
}

/** Thrown by `process.exit` in a cell, so that the code after it does not run while output leaves. */
class KernelExit extends Error {
  override name = "KernelExit";
}

/** `process.exit` in a cell ends the kernel, but not before what the cell printed has left. */
export function exitWithOutput(server: KernelServer): void {
  let ending = false;
  process.exit = (code?: number) => {
    if (!ending) void server.exit(code ?? (process.exitCode as number | undefined) ?? 0);
    ending = true;
    throw new KernelExit("The cell ended the kernel with process.exit().");
  };
}

/** Gives libzmq's thread the time to send what it holds, while this thread does nothing. */
function letOutputLeave(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
}

/** A cell that ends its process by a signal or by abort() loses nothing that it printed before. */
export function killWithOutput(): void {
  const kill = process.kill.bind(process);
  process.kill = (pid, signal): true => {
    if (pid === process.pid && signal !== 0) letOutputLeave();
    return kill(pid, signal);
  };
  const abort = process.abort.bind(process);
  process.abort = (): never => {
    letOutputLeave();
    return abort();
  };
}

/** Failures that nobody caught go to the server; warnings lose the process id that Node prints with them. */
export function catchStrays(server: KernelServer): void {
  const stray = (reason: unknown): void => {
    if (!(reason instanceof KernelExit)) server.stray(reason);
  };
  process.on("uncaughtException", stray);
  process.on("unhandledRejection", stray);
  process.on("SIGINT", () => server.interrupt());
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    // Importing the course's packages is require() of a module, of which Node before 22.13 warns.
    if (warning.name === "ExperimentalWarning") return;
    process.stderr.write(`${warning.name}: ${warning.message}\n`);
  });
}

/**
 * Ends this process when the one that started it is gone, even while a cell never lets go of its thread.
 * Jupyter's clients name themselves in JPY_PARENT_PID; without it nothing is watched. A kernel that was started
 * through another program is no child of theirs: then it is their process that must live.
 */
export function endWithParent(parentPid: number | undefined): void {
  if (parentPid === undefined) return;
  const isChild = process.ppid === parentPid;
  const watch = `
    const gone = () => {
      if (${isChild}) return process.ppid !== ${parentPid};
      try {
        return !process.kill(${parentPid}, 0);
      } catch (error) {
        return error.code === "ESRCH";
      }
    };
    const end = () => {
      // Programs that a cell runs are in the kernel's process group.
      try { process.kill(-process.pid, "SIGKILL"); } catch {}
      process.kill(process.pid, "SIGKILL");
    };
    setInterval(() => { if (gone()) end(); }, 500);
  `;
  new Worker(watch, { eval: true, stdout: true, stderr: true }).unref();
}
