/**
 * Answers kept in notebooks/listings/recorded/NAME.json, for machines that cannot give them: no compiler,
 * another system. Each holds the listing's hash, so that an answer of an older listing is never shown.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseSource, wholeText } from "annotated-excerpt";
import type { Stamp, StampedEnd } from "./answer.js";
import type { ProgramEnd } from "./compile.js";
import { ListingError, type ListingFile } from "./listing-files.js";

interface RecordedAnswer extends ProgramEnd {
  readonly args: readonly string[];
}

interface RecordedFile {
  readonly file: string;
  readonly code: string;
  readonly stamp: Omit<Stamp, "recorded">;
  readonly answers: readonly RecordedAnswer[];
}

/** Hash of a listing's code: notes, regions and empty lines may change without a new recording. */
export function codeHash(listing: { file: string; text: string }): string {
  const code = wholeText(parseSource(listing), "clean")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
  return createHash("sha256").update(code).digest("hex").slice(0, 16);
}

function recordedPath(listing: ListingFile): string {
  return join(dirname(listing.path), "recorded", `${basename(listing.file, ".c")}.json`);
}

/** The answer recorded for these arguments; throws where there is none, saying why it was needed. */
export function recordedAnswer(
  listing: ListingFile,
  args: readonly string[],
  why: string,
): StampedEnd {
  const mend = "Record one on Linux 6 with glibc 2.36 by: npm run notebook -- --record";
  const path = recordedPath(listing);
  if (!existsSync(path)) {
    throw new ListingError(
      `${listing.file} cannot be run here (${why}), and no answer of it is recorded. ${mend}`,
    );
  }
  const kept = JSON.parse(readFileSync(path, "utf8")) as RecordedFile;
  if (kept.code !== codeHash(listing)) {
    throw new ListingError(
      `${listing.file} cannot be run here (${why}), and it was changed since its answer was recorded. ${mend}`,
    );
  }
  const end = kept.answers.find((answer) => same(answer.args, args));
  if (end === undefined) {
    throw new ListingError(
      `${listing.file} cannot be run here (${why}), and no answer to the arguments [${args.join(", ")}] is recorded. ${mend}`,
    );
  }
  const { stdout, stderr, exitCode, signal } = end;
  return { stdout, stderr, exitCode, signal, stamp: { ...kept.stamp, recorded: true } };
}

/** The lists of arguments that answers are recorded for, of this very code. */
export function recordedArguments(listing: ListingFile): string[][] {
  const path = recordedPath(listing);
  if (!existsSync(path)) return [];
  const kept = JSON.parse(readFileSync(path, "utf8")) as RecordedFile;
  return kept.answers.map((answer) => [...answer.args]);
}

/** Keeps an answer, beside those to other arguments of the same code. */
export function record(
  listing: ListingFile,
  args: readonly string[],
  end: ProgramEnd,
  stamp: Stamp,
): void {
  const path = recordedPath(listing);
  const code = codeHash(listing);
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as RecordedFile) : null;
  const others = before?.code === code ? before.answers : [];
  const { kernel, libc, compiler, date } = stamp;
  const answer: RecordedAnswer = { args, ...end };
  const answers = [...others.filter((other) => !same(other.args, args)), answer];
  const unchanged =
    before?.code === code &&
    before.stamp.kernel === kernel &&
    before.stamp.libc === libc &&
    JSON.stringify(sorted(before.answers)) === JSON.stringify(sorted(answers));
  if (unchanged) return;
  const file: RecordedFile = {
    file: listing.file,
    code,
    stamp: { kernel, libc, compiler, date },
    answers: sorted(answers),
  };
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.part`;
  writeFileSync(partial, formatted(file));
  renameSync(partial, path);
}

/** The file as the project formats JSON: a list of arguments on one line where it fits. */
function formatted(file: RecordedFile): string {
  const text = JSON.stringify(file, null, 2).replace(
    /^( *"args": )\[\n((?: +".*",?\n)+) *\]/gm,
    (whole, head: string, words: string) => {
      const line = `${head}[${words.trim().replace(/,\n */g, ", ")}]`;
      return line.length < 100 ? line : whole;
    },
  );
  return `${text}\n`;
}

function sorted(answers: readonly RecordedAnswer[]): RecordedAnswer[] {
  return [...answers]
    .map(({ args, stdout, stderr, exitCode, signal }) => ({
      args,
      stdout,
      stderr,
      exitCode,
      signal,
    }))
    .sort((a, b) => a.args.join("\0").localeCompare(b.args.join("\0")));
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((arg, index) => arg === b[index]);
}
