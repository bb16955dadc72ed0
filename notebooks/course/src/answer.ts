/** What a C program answered on a real system, and on which. */
import { DISPLAY, type MimeBundle } from "./display.js";

export interface Stamp {
  readonly kernel: string;
  readonly libc: string;
  readonly compiler: string;
  /** The day of the run, YYYY-MM-DD. */
  readonly date: string;
  /** True where the answer was kept from an earlier run on another machine. */
  readonly recorded: boolean;
}

export class RealAnswer {
  readonly file: string;
  readonly args: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stamp: Stamp;

  constructor(answer: {
    file: string;
    args: readonly string[];
    stdout: string;
    stderr: string;
    exitCode: number | null;
    signal: string | null;
    stamp: Stamp;
  }) {
    this.file = answer.file;
    this.args = answer.args;
    this.stdout = answer.stdout;
    this.stderr = answer.stderr;
    this.exitCode = answer.exitCode;
    this.signal = answer.signal;
    this.stamp = answer.stamp;
  }

  /** What the program printed; below it how it ended, where that was not `exit(0)`. */
  toString(): string {
    const parts = [this.stdout.replace(/\n$/, "")];
    if (this.stderr !== "") parts.push(this.stderr.replace(/\n$/, ""));
    if (this.signal !== null) parts.push(`ended by ${this.signal}`);
    else if (this.exitCode !== 0) parts.push(`exit code ${this.exitCode}`);
    return parts.filter((part) => part !== "").join("\n");
  }

  [DISPLAY](): MimeBundle {
    return {
      "text/plain": `${this.toString()}\n  (${this.file} on ${stampText(this.stamp)})`,
      "application/vnd.memory-course.answer+json": {
        file: this.file,
        args: this.args,
        stdout: this.stdout,
        stderr: this.stderr,
        exitCode: this.exitCode,
        signal: this.signal,
        stamp: this.stamp,
      },
    };
  }
}

/** A stamp in words: `Linux 6.18, glibc 2.36`. */
export function stampText(stamp: Stamp): string {
  return `${stamp.kernel}, ${stamp.libc}${stamp.recorded ? `, recorded on ${stamp.date}` : ""}`;
}
