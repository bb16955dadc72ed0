/**
 * Runs cells with tslab and says how each ended: with a value or a failure.
 * A promise that was rejected and that nobody awaits fails the cell in which it was made; where that cell
 * is done already, `late` hears of it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  cellName,
  diagnosticsFailure,
  thrownFailure,
  type CellCode,
  type Failure,
} from "./failure.js";
import { createConverter, createExecutor, type Diagnostic, type Executor } from "./tslab.js";

export type Ending =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "nothing" }
  | { readonly kind: "failure"; readonly failure: Failure };

export interface CellRunnerOptions {
  /** The notebook's folder: imports are resolved from it. */
  readonly folder: string;
  readonly hiddenRoots: readonly string[];
  /** Hears of failures that came after their cell had ended. */
  readonly late: (executionCount: number, failure: Failure) => void;
}

interface Running {
  readonly count: number;
  value: Ending;
  readonly thrown: unknown[];
}

/** Words of tslab's call for a diagnostic; everything else that it prints as an error was thrown. */
const DIAGNOSTIC_FORMAT = "%s%d:%d - %s";
/** What tslab puts before a cell's code, without and with `await` at its top. */
const PREFIX = "(function(exports, require) { ";
const ASYNC_PREFIX = "(async function(exports, require) { ";

export class CellRunner {
  readonly executor: Executor;
  readonly #options: CellRunnerOptions;
  readonly #cells = new Map<string, CellCode>();
  readonly #origin = new AsyncLocalStorage<number>();
  #running: Running | undefined;
  #diagnostics: readonly Diagnostic[] = [];
  #failed = false;
  #lastCount = 0;

  constructor(options: CellRunnerOptions) {
    this.#options = options;
    const converter = createConverter();
    const named = {
      ...converter,
      convert: (previous: string, source: string) => {
        const result = converter.convert(previous, source);
        this.#diagnostics = result.diagnostics;
        if (result.output === undefined || this.#running === undefined) return result;
        const name = cellName(this.#running.count);
        this.#cells.set(name, {
          source,
          output: result.output,
          prefixLength: (result.hasToplevelAwait ? ASYNC_PREFIX : PREFIX).length,
        });
        return { ...result, output: `${result.output}\n//# sourceURL=${name}` };
      },
    };
    this.executor = createExecutor(
      options.folder,
      { node: named, browser: named, close: () => converter.close() },
      {
        log: (value) => {
          if (this.#running !== undefined) this.#running.value = { kind: "value", value };
        },
        error: (...args) => {
          this.#failed = true;
          if (args[0] !== DIAGNOSTIC_FORMAT) this.#running?.thrown.push(args[0]);
        },
      },
    );
  }

  /** Runs one cell to its end. Never rejects: whatever happens is an ending. */
  async run(source: string, count: number): Promise<Ending> {
    const running: Running = { count, value: { kind: "nothing" }, thrown: [] };
    this.#running = running;
    this.#lastCount = count;
    this.#diagnostics = [];
    this.#failed = false;
    try {
      await this.#origin.run(count, () => this.executor.execute(source));
      // Rejections that nobody awaits are told once the microtasks are done.
      await turn();
      await turn();
    } catch (error) {
      this.#failed = true;
      running.thrown.push(error);
    }
    this.#running = undefined;
    if (this.#diagnostics.length > 0) {
      const failure = diagnosticsFailure(this.#diagnostics, cellName(count), source);
      return { kind: "failure", failure };
    }
    if (running.thrown.length > 0) {
      return { kind: "failure", failure: this.describe(running.thrown[0]) };
    }
    if (this.#failed) {
      const failure = this.describe(new Error("The cell failed without saying why."));
      return { kind: "failure", failure };
    }
    return running.value;
  }

  /** Takes a rejection or an exception that no code of a cell has caught. */
  stray(reason: unknown): void {
    const origin = this.#origin.getStore() ?? this.#running?.count ?? this.#lastCount;
    if (this.#running?.count === origin) this.#running.thrown.push(reason);
    else this.#options.late(origin, this.describe(reason));
  }

  describe(thrown: unknown): Failure {
    const surroundings = { cells: this.#cells, hiddenRoots: this.#options.hiddenRoots };
    try {
      return thrownFailure(interrupted(thrown) ? interruption() : thrown, surroundings);
    } catch {
      const evalue = "A value was thrown that cannot be shown.";
      return { ename: "Thrown", evalue, traceback: [evalue] };
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Both ways in which an interrupt ends a cell: in the midst of its code, and while it awaits something. */
function interrupted(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    ((thrown as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ||
      thrown.message === "Interrupted asynchronously")
  );
}

function interruption(): Error {
  const error = new Error("The cell was interrupted.");
  error.name = "KeyboardInterrupt";
  error.stack = "";
  return error;
}
