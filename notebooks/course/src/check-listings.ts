/** Compiles and runs every listing, and holds what each answers against what was recorded of it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RealAnswer } from "./answer.js";
import type { ProgramEnd } from "./compile.js";
import { readListing } from "./listing-files.js";
import { isMachineOfTheCourse, whyNotHere } from "./machine.js";
import { codeHash, recordedArguments, recordedAnswer } from "./recorded.js";
import { real } from "./real.js";

export const LISTINGS: string = fileURLToPath(new URL("../../listings", import.meta.url));

/** Names of all listings, sorted. */
export function allListings(): string[] {
  if (!existsSync(LISTINGS)) return [];
  return readdirSync(LISTINGS)
    .filter((name) => name.endsWith(".c"))
    .sort();
}

/**
 * Runs a listing with each list of arguments that is recorded of it, or with none.
 * Answers a few words on what was done; throws where it does not compile on the course's system, does not end, needs a
 * recorded answer that is missing or old, or answers something else than was recorded of the same code on the same system. A listing whose
 * first lines say `// The answer depends on the machine: …` may do that.
 */
export function checkListing(file: string): string {
  const listing = readListing(file);
  const argumentLists = recordedArguments(listing);
  const answers = (argumentLists.length > 0 ? argumentLists : [[]]).map((args) =>
    real(file, ...args),
  );
  const [first] = answers as [RealAnswer, ...RealAnswer[]];
  const why = whyNotHere();
  if (why !== undefined) return `recorded on ${first.stamp.date}, since ${why}`;
  if (!isMachineOfTheCourse()) return answers.map(besideRecorded).join("; ");
  if (argumentLists.length === 0) return `${endOf(first)}, nothing recorded yet`;
  for (const answer of answers) {
    const recorded = recordedAnswer(listing, answer.args, "to compare");
    const { kernel, libc, date } = recorded.stamp;
    if (!sameEnd(recorded, answer) && dependsOnMachine(listing.text)) {
      return `${endOf(answer)}, otherwise than recorded on another machine`;
    }
    if (
      kernel === answer.stamp.kernel &&
      libc === answer.stamp.libc &&
      !sameEnd(recorded, answer)
    ) {
      throw new Error(
        `${file} ${answer.args.join(" ")}: its answer differs from the one recorded on ${date} on the same system. Either it is not the same each time, or the listing changed: record it anew with --record.`,
      );
    }
  }
  return `${endOf(first)}, as recorded`;
}

/** Whether a listing says of itself that machines with one kernel and one C library answer it differently. */
function dependsOnMachine(text: string): boolean {
  return /^\/\/ The answer depends on the machine: .+$/m.test(text);
}

/** What another system than the course's made of a listing: it owes no equal answer. */
function besideRecorded(answer: RealAnswer): string {
  const { here } = answer;
  if (here === undefined) return `recorded on ${answer.stamp.date}, since it cannot be run here`;
  return `${endOf(here)}, ${sameEnd(answer, here) ? "as recorded" : `otherwise than recorded on ${answer.stamp.kernel}, ${answer.stamp.libc}`}`;
}

function sameEnd(a: ProgramEnd, b: ProgramEnd): boolean {
  return a.stdout === b.stdout && a.exitCode === b.exitCode && a.signal === b.signal;
}

/** Names of recorded files that belong to no listing, or to an older version of one. */
export function staleRecordings(): string[] {
  const folder = join(LISTINGS, "recorded");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => {
    const listing = join(LISTINGS, `${basename(name, ".json")}.c`);
    if (!existsSync(listing)) return true;
    const kept = JSON.parse(readFileSync(join(folder, name), "utf8")) as { code: string };
    return kept.code !== codeHash(readListing(basename(listing)));
  });
}

function endOf({ exitCode, signal }: ProgramEnd): string {
  return signal === null ? `exit code ${exitCode}` : `ended by ${signal}`;
}
