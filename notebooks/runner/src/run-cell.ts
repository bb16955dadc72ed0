/** Runs one cell and waits for its end, which always comes: an answer, a limit, or the kernel's death. */
import type { Death, KernelClient } from "./kernel-client.js";
import type { ErrorOutput } from "./notebook.js";
import type { OutputFold } from "./outputs.js";

export interface RunCell {
  readonly code: string;
  readonly stopOnError: boolean;
  readonly timeoutMs: number;
  readonly maxOutputLength: number;
  readonly fold: OutputFold;
  /** Hears of the request's id before it is sent. */
  readonly onRequest: (id: string) => void;
}

export type CellEnd = { readonly executionCount: number | null } & (
  | { readonly kind: "ok" }
  | { readonly kind: "error"; readonly error: ErrorOutput }
  | { readonly kind: "status"; readonly status: string }
  | { readonly kind: "timeout"; readonly afterMs: number; readonly killed: boolean }
  | { readonly kind: "too-much"; readonly limit: number }
  | { readonly kind: "dead"; readonly death: Death }
);

/** How long a cell may take to end after an interrupt, before its kernel is killed. */
const GRACE_MS = 3000;
const AGAIN_MS = 500;

export function runCell(client: KernelClient, run: RunCell): Promise<CellEnd> {
  return new Promise((resolve) => {
    let reply: Readonly<Record<string, unknown>> | undefined;
    let idle = false;
    let executionCount: number | null = null;
    let broken: "timeout" | "too-much" | undefined;
    let killed = false;
    let grace: NodeJS.Timeout | undefined;
    let again: NodeJS.Timeout | undefined;

    const end = (how: CellEnd): void => {
      clearTimeout(timer);
      clearTimeout(grace);
      clearInterval(again);
      stop();
      resolve(how);
    };
    const limit = (which: "timeout" | "too-much"): void => {
      if (broken !== undefined) return;
      broken = which;
      client.interrupt();
      // A cell that is still being compiled does not see the first interrupt.
      again = setInterval(() => client.interrupt(), AGAIN_MS);
      grace = setTimeout(() => {
        killed = true;
        client.kill();
      }, GRACE_MS);
    };
    const timer = setTimeout(() => limit("timeout"), run.timeoutMs);
    const brokenEnd = (): CellEnd =>
      broken === "too-much"
        ? { kind: "too-much", limit: run.maxOutputLength, executionCount }
        : { kind: "timeout", afterMs: run.timeoutMs, killed, executionCount };

    const stop = client.listen(({ channel, message }) => {
      if (message.parent.msg_id !== id) return;
      const { content } = message;
      const type = message.header.msg_type;
      if (channel === "shell") {
        reply = content;
        if (typeof content["execution_count"] === "number") {
          executionCount = content["execution_count"];
        }
      } else if (type === "status") {
        if (content["execution_state"] === "idle") idle = true;
      } else if (type === "execute_input") {
        if (typeof content["execution_count"] === "number") {
          executionCount = content["execution_count"];
        }
      } else if (broken !== "too-much" && run.fold.take({ type, content })) {
        if (run.fold.length > run.maxOutputLength) limit("too-much");
      }
      if (reply === undefined || !idle) return;
      if (broken !== undefined) end(brokenEnd());
      else end(endOf(reply, executionCount));
    });
    void client.died.then((death) => {
      end(broken === undefined ? { kind: "dead", death, executionCount } : brokenEnd());
    });

    const id = client.request("shell", "execute_request", {
      code: run.code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: run.stopOnError,
    });
    run.onRequest(id);
  });
}

function endOf(reply: Readonly<Record<string, unknown>>, executionCount: number | null): CellEnd {
  const status = reply["status"];
  if (status === "ok") return { kind: "ok", executionCount };
  if (status === "error") {
    return { kind: "error", error: reply as unknown as ErrorOutput, executionCount };
  }
  return { kind: "status", status: String(status), executionCount };
}
