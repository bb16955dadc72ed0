/** The answer of the real system: a listing compiled and run here, or its recorded answer. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RealAnswer, type StampedEnd } from "./answer.js";
import { compile, run, sourceKey, type ProgramEnd } from "./compile.js";
import { ListingError, readListing, type ListingFile } from "./listing-files.js";
import { isMachineOfTheCourse, machineFacts, whyNotHere } from "./machine.js";
import { record, recordedAnswer } from "./recorded.js";

const BUILD = fileURLToPath(new URL("../../.build", import.meta.url));

/**
 * What the C program `file` prints with these arguments, how it ends, and on which system.
 *
 * Where there is a C compiler on Linux for x86-64 it is compiled, with warnings as errors, and executed; elsewhere, or where
 * `MEMORY_COURSE_ANSWERS=recorded` is set, the answer is the recorded one. The course speaks of Linux 6 with glibc 2.36: on
 * another Linux the recorded answer comes first, and the one of this machine with it, as `here`.
 * Throws where there is neither, and where it does not compile on the system that the course speaks of.
 */
export function real(file: string, ...args: (string | number)[]): RealAnswer {
  const listing = readListing(file);
  const words = args.map(String);
  const why = whyNotHere();
  if (why !== undefined) {
    return new RealAnswer({ file, args: words, ...recordedAnswer(listing, words, why) });
  }
  if (isMachineOfTheCourse()) {
    return new RealAnswer({ file, args: words, ...runHere(listing, words) });
  }
  const { kernel, libc } = machineFacts();
  if (process.env["MEMORY_COURSE_ANSWERS"] === "record") {
    throw new ListingError(
      `Answers are recorded where the course's system is, Linux 6 with glibc 2.36; this is ${kernel} with ${libc}.`,
    );
  }
  const recorded = recordedAnswer(listing, words, `this is ${kernel} with ${libc}`);
  return new RealAnswer({ file, args: words, ...recorded, ...triedHere(listing, words) });
}

/** The answer of a system that the course does not speak of: it may lack what the listing is about, and not compile it. */
function triedHere(listing: ListingFile, args: readonly string[]): { here?: StampedEnd } {
  try {
    return { here: runHere(listing, args) };
  } catch (error) {
    if (error instanceof ListingError) return {};
    throw error;
  }
}

function runHere(listing: ListingFile, args: readonly string[]): StampedEnd {
  const recording = process.env["MEMORY_COURSE_ANSWERS"] === "record";
  const name = createHash("sha256").update(JSON.stringify(args)).digest("hex").slice(0, 12);
  const kept = join(BUILD, "answers", `${listing.file}-${sourceKey(listing)}-${name}.answer.json`);
  if (!recording && existsSync(kept)) {
    return JSON.parse(readFileSync(kept, "utf8")) as StampedEnd;
  }
  const { kernel, libc, compiler } = machineFacts();
  const end = settledEnd(compile(listing, join(BUILD, "programs")), args);
  const date = new Date().toISOString().slice(0, 10);
  const stamp = { kernel, libc, compiler: compiler?.version ?? "", date, recorded: false };
  mkdirSync(join(BUILD, "answers"), { recursive: true });
  writeFileSync(`${kept}.${process.pid}`, JSON.stringify({ ...end, stamp }));
  renameSync(`${kept}.${process.pid}`, kept);
  if (recording) record(listing, args, end, stamp);
  return { ...end, stamp };
}

/** Runs at most; a listing whose answers never agree is then shown as it ended last, and a test tells of it. */
const MAX_RUNS = 5;

/**
 * The end on which two runs after each other agree. The kernel works for others too while a program runs: now and then it
 * takes pages back or writes some to the disk in between, and a count is off by a few.
 */
function settledEnd(program: string, args: readonly string[]): ProgramEnd {
  let end = run(program, args, join(BUILD, "runs"));
  for (let runs = 1; runs < MAX_RUNS; runs++) {
    const again = run(program, args, join(BUILD, "runs"));
    if (JSON.stringify(again) === JSON.stringify(end)) return end;
    end = again;
  }
  return end;
}
