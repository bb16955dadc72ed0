/** The answer of the real system: a listing compiled and run here, or its recorded answer. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RealAnswer, type Stamp } from "./answer.js";
import { compile, run, sourceKey, type ProgramEnd } from "./compile.js";
import { readListing, type ListingFile } from "./listing-files.js";
import { machineFacts, whyNotHere } from "./machine.js";
import { record, recordedAnswer } from "./recorded.js";

const BUILD = fileURLToPath(new URL("../../.build", import.meta.url));

/**
 * What the C program `file` prints with these arguments, how it ends, and on which system.
 * Compiled with warnings as errors and run; where this machine is not Linux 6 with glibc 2.36 and a compiler,
 * or `MEMORY_COURSE_ANSWERS=recorded` is set, the recorded answer. Throws where there is neither.
 */
export function real(file: string, ...args: (string | number)[]): RealAnswer {
  const listing = readListing(file);
  const words = args.map(String);
  const why = whyNotHere();
  const { end, stamp } =
    why === undefined ? runHere(listing, words) : recordedAnswer(listing, words, why);
  return new RealAnswer({ file, args: words, ...end, stamp });
}

function runHere(listing: ListingFile, args: readonly string[]): { end: ProgramEnd; stamp: Stamp } {
  const recording = process.env["MEMORY_COURSE_ANSWERS"] === "record";
  const name = createHash("sha256").update(JSON.stringify(args)).digest("hex").slice(0, 12);
  const kept = join(BUILD, "answers", `${listing.file}-${sourceKey(listing)}-${name}.json`);
  if (!recording && existsSync(kept)) {
    return JSON.parse(readFileSync(kept, "utf8")) as { end: ProgramEnd; stamp: Stamp };
  }
  const { kernel, libc, compiler } = machineFacts();
  const end = settledEnd(compile(listing, join(BUILD, "programs")), args);
  const date = new Date().toISOString().slice(0, 10);
  const stamp = { kernel, libc, compiler: compiler?.version ?? "", date, recorded: false };
  mkdirSync(join(BUILD, "answers"), { recursive: true });
  writeFileSync(`${kept}.${process.pid}`, JSON.stringify({ end, stamp }));
  renameSync(`${kept}.${process.pid}`, kept);
  if (recording) record(listing, args, end, stamp);
  return { end, stamp };
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
