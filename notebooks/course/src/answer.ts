/** What a C program answered on a real system, and on which. */
import type { ProgramEnd } from "./compile.js";
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

/** What a program printed and how it ended, on the system of the stamp. */
export interface StampedEnd extends ProgramEnd {
  readonly stamp: Stamp;
}

/** The answer that the course speaks of; with it, on another system than the course's, what the program answered there. */
export class RealAnswer {
  readonly file: string;
  readonly args: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stamp: Stamp;
  /** The answer of this very machine, where it is not the one that the course speaks of. */
  readonly here: StampedEnd | undefined;

  constructor(answer: StampedEnd & { file: string; args: readonly string[]; here?: StampedEnd }) {
    this.file = answer.file;
    this.args = answer.args;
    this.stdout = answer.stdout;
    this.stderr = answer.stderr;
    this.exitCode = answer.exitCode;
    this.signal = answer.signal;
    this.stamp = answer.stamp;
    this.here = answer.here;
  }

  /** What the program printed; below it how it ended, where that was not `exit(0)`. */
  toString(): string {
    return endText(this);
  }

  [DISPLAY](): MimeBundle {
    return {
      "text/plain": `${this.toString()}\n  (${this.file} on ${stampText(this.stamp)})${hereText(this)}`,
      "application/vnd.memory-course.answer+json": {
        file: this.file,
        args: this.args,
        stdout: this.stdout,
        stderr: this.stderr,
        exitCode: this.exitCode,
        signal: this.signal,
        stamp: this.stamp,
        ...hereJson(this),
      },
    };
  }
}

function endText(end: ProgramEnd): string {
  const parts = [end.stdout.replace(/\n$/, "")];
  if (end.stderr !== "") parts.push(end.stderr.replace(/\n$/, ""));
  if (end.signal !== null) parts.push(`ended by ${end.signal}`);
  else if (end.exitCode !== 0) parts.push(`exit code ${end.exitCode}`);
  return parts.filter((part) => part !== "").join("\n");
}

/** What this machine answered, in words, on lines of their own; "" where the answer is this machine's already. */
export function hereText(answer: RealAnswer): string {
  const { here } = answer;
  if (here === undefined) return "";
  const text = endText(here);
  const where = `on this machine, ${stampText(here.stamp)}`;
  return text === String(answer) ? `\n  (the same ${where})` : `\n${text}\n  (${where})`;
}

/** The same for a page: the text and its stamp. */
export function hereJson(answer: RealAnswer): { here?: { text: string; stamp: Stamp } } {
  const { here } = answer;
  return here === undefined ? {} : { here: { text: endText(here), stamp: here.stamp } };
}

/** A stamp in words: `Linux 6.18, glibc 2.36`. */
export function stampText(stamp: Stamp): string {
  return `${stamp.kernel}, ${stamp.libc}${stamp.recorded ? `, recorded on ${stamp.date}` : ""}`;
}
