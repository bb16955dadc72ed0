/**
 * Steps of a command, shown as they go: a line a step, with how far it is and the time it took.
 *
 *     [2/5] Building kernel-sim … 1.9 s
 *
 * On a terminal the line of the running step is rewritten; elsewhere each line is printed once, when it is done.
 */
import { performance } from "node:perf_hooks";

/** A failure that a person can mend: shown as its message alone, without a stack trace. */
export class StepFailure extends Error {
  /**
   * @param {string} message what went wrong, and where
   * @param {string} [hint] what to try
   */
  constructor(message, hint) {
    super(hint ? `${message}\n  try: ${hint}` : message);
    this.name = "StepFailure";
  }
}

/** Seconds as a person reads them: `0.4 s`, `12.3 s`, `2 min 5 s`. */
export function formatSeconds(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * Runs `steps` one after the other. Each is `{ title, run }`; `run` gets `note(text)`, which shows how far the step is,
 * and may return a short word that is shown after the time (`"unchanged"`).
 */
export async function runSteps(steps, out = process.stdout) {
  let index = 0;
  for (const step of steps) {
    index += 1;
    const head = `[${index}/${steps.length}] ${step.title}`;
    const started = performance.now();
    const live = out.isTTY === true;
    const rewrite = (text) => {
      if (live) out.write(`\r\x1b[2K${text}`);
    };
    rewrite(`${head} …`);
    const note = (text) => {
      if (live) rewrite(`${head} … ${text}`);
      else out.write(`      ${text}\n`);
    };
    try {
      const word = await step.run(note);
      const time = formatSeconds((performance.now() - started) / 1000);
      if (live) rewrite("");
      out.write(`${head}: ${time}${word ? ` (${word})` : ""}\n`);
    } catch (error) {
      if (live) rewrite("");
      out.write(`${head}: failed\n`);
      throw error;
    }
  }
}

/** Runs `main` and ends the process with its exit code; a {@link StepFailure} is shown as its message. */
export async function runCommand(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    const message = error instanceof StepFailure ? error.message : String(error?.stack ?? error);
    process.stderr.write(`\n${message}\n`);
    process.exitCode = 1;
  }
}
