/**
 * Executes a notebook's cells in one kernel, one after another, and says what each did.
 * A cell is done when its reply and the `idle` on iopub have both come, in either order. Every status but `ok`
 * is a failure, unless the cell is tagged `raises-exception`: then an error is what it should do.
 */
import { KernelClient, type Death } from "./kernel-client.js";
import { sourceOf, tagsOf, type CodeCell, type ErrorOutput, type Notebook } from "./notebook.js";
import { OutputFold } from "./outputs.js";
import { runCell, type CellEnd } from "./run-cell.js";

export interface ExecuteOptions {
  readonly folder: string;
  /** Takes machine paths out of a text. */
  readonly clean: (text: string) => string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly cellTimeoutMs?: number;
  readonly maxOutputLength?: number;
  readonly onCell?: (done: CellReport) => void;
}

export interface CellReport {
  /** From 1, among all cells of the notebook. */
  readonly number: number;
  readonly of: number;
  readonly id: string;
  readonly milliseconds: number;
}

export interface CellFailure {
  readonly number: number;
  readonly id: string;
  /** The line in the cell, from 1, where one is known. */
  readonly line?: number;
  readonly message: string;
  readonly traceback: readonly string[];
}

export interface Executed {
  readonly notebook: Notebook;
  /** Empty where every cell did what it should. */
  readonly failures: readonly CellFailure[];
}

const DEFAULTS = { cellTimeoutMs: 60_000, maxOutputLength: 10 << 20, startTimeoutMs: 60_000 };
const EXPECTED_ERROR = "raises-exception";
const REPEATED = /^after its cell In\[\d+\] had ended: /;

export async function executeNotebook(
  notebook: Notebook,
  options: ExecuteOptions,
): Promise<Executed> {
  const result = emptied(notebook);
  const failures: CellFailure[] = [];
  const client = await KernelClient.start({
    folder: options.folder,
    environment: options.environment ?? process.env,
    startTimeoutMs: DEFAULTS.startTimeoutMs,
  });
  const byRequest = new Map<string, { number: number; cell: CodeCell; fold: OutputFold }>();
  const late = (requestId: string, failed: ErrorOutput): void => {
    const origin = byRequest.get(requestId);
    if (origin === undefined) return;
    failures.push(failureOf(origin.number, origin.cell, failed, "after the cell had ended: "));
  };
  let running: string | undefined;
  let death: Death | undefined;
  void client.died.then((how) => (death = how));
  const stopListening = client.listen(({ channel, message }) => {
    const request = message.parent.msg_id;
    if (channel !== "iopub" || request === undefined || running === request) return;
    const origin = byRequest.get(request);
    if (origin === undefined) return;
    origin.fold.take({ type: message.header.msg_type, content: message.content });
    if (message.header.msg_type === "error") {
      late(request, message.content as unknown as ErrorOutput);
    }
  });
  try {
    for (const [index, cell] of result.cells.entries()) {
      if (cell.cell_type !== "code" || sourceOf(cell).trim() === "") continue;
      const number = index + 1;
      const started = performance.now();
      const fold = new OutputFold();
      const expectsError = tagsOf(cell).includes(EXPECTED_ERROR);
      const end = await runCell(client, {
        code: sourceOf(cell),
        stopOnError: !expectsError,
        timeoutMs: options.cellTimeoutMs ?? DEFAULTS.cellTimeoutMs,
        maxOutputLength: options.maxOutputLength ?? DEFAULTS.maxOutputLength,
        fold,
        onRequest: (id) => {
          running = id;
          byRequest.set(id, { number, cell, fold });
        },
      });
      running = undefined;
      cell.execution_count = end.executionCount;
      const failure = judge(number, cell, end, expectsError, client);
      if (failure !== undefined) failures.push(failure);
      const milliseconds = performance.now() - started;
      options.onCell?.({ number, of: result.cells.length, id: cell.id, milliseconds });
      if (failures.length > 0) break;
    }
    if (death === undefined && failures.length === 0) await client.shutdown(5000);
  } finally {
    stopListening();
    client.close();
    for (const { cell, fold } of byRequest.values()) cell.outputs = fold.outputs(options.clean);
  }
  return { notebook: result, failures: failures.map((failure) => cleaned(failure, options.clean)) };
}

/** What a cell's end means: undefined where the cell did what it should. */
function judge(
  number: number,
  cell: CodeCell,
  end: CellEnd,
  expectsError: boolean,
  client: KernelClient,
): CellFailure | undefined {
  const plain = (message: string): CellFailure => ({ number, id: cell.id, message, traceback: [] });
  switch (end.kind) {
    case "ok":
      return expectsError ? plain(`it is tagged ${EXPECTED_ERROR}, and raised none`) : undefined;
    case "error":
      // The kernel repeats a late failure of an earlier cell here, for clients that have forgotten that cell.
      if (REPEATED.test(end.error.evalue)) return undefined;
      return expectsError ? undefined : failureOf(number, cell, end.error, "");
    case "status":
      return plain(`the kernel answered with the status "${end.status}"`);
    case "timeout":
      return plain(
        `it did not end within ${end.afterMs / 1000} s${end.killed ? ", nor when it was interrupted: the kernel was killed" : ", and was interrupted"}`,
      );
    case "too-much":
      return plain(`it printed more than ${end.limit} characters, and was stopped`);
    case "dead":
      return plain(
        `the kernel died ${end.death.signal === null ? `with the exit code ${end.death.code}` : `by ${end.death.signal}`}${client.complaint && `\n${client.complaint}`}`,
      );
  }
}

function failureOf(number: number, cell: CodeCell, error: ErrorOutput, when: string): CellFailure {
  const line = lineOf(error, cell.execution_count);
  const message = `${when}${error.ename}: ${error.evalue}`;
  const failure = { number, id: cell.id, message, traceback: error.traceback };
  return line === undefined ? failure : { ...failure, line };
}

/** The line in this very cell that the traceback names first. */
function lineOf(error: ErrorOutput, executionCount: number | null): number | undefined {
  const own = new RegExp(`In\\[${executionCount ?? "\\d+"}\\]:(\\d+):\\d+`);
  for (const text of error.traceback) {
    const line = own.exec(text)?.[1];
    if (line !== undefined) return Number(line);
  }
  return undefined;
}

function cleaned(failure: CellFailure, clean: (text: string) => string): CellFailure {
  return {
    ...failure,
    message: clean(failure.message),
    traceback: failure.traceback.map(clean),
  };
}

/** A copy without outputs. */
function emptied(notebook: Notebook): Notebook {
  const copy = structuredClone(notebook);
  for (const cell of copy.cells) {
    if (cell.cell_type !== "code") continue;
    cell.outputs = [];
    cell.execution_count = null;
  }
  return copy;
}
