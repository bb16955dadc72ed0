/** Compiles and runs every listing, and holds what each answers against what was recorded of it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readListing } from "./listing-files.js";
import { whyNotHere } from "./machine.js";
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
 * Answers a few words on what was done; throws where it does not compile, does not end, needs a recorded answer
 * that is missing or old, or answers something else than was recorded of the same code on the same system.
 */
export function checkListing(file: string): string {
  const listing = readListing(file);
  const argumentLists = recordedArguments(listing);
  const why = whyNotHere();
  const answers = (argumentLists.length > 0 ? argumentLists : [[]]).map((args) =>
    real(file, ...args),
  );
  const first = answers[0];
  if (why !== undefined) return `recorded on ${first?.stamp.date}, since ${why}`;
  if (argumentLists.length === 0) {
    return `${endOf(first?.exitCode ?? null, first?.signal ?? null)}, nothing recorded yet`;
  }
  for (const answer of answers) {
    const { end, stamp } = recordedAnswer(listing, answer.args, "to compare");
    const sameSystem = stamp.kernel === answer.stamp.kernel && stamp.libc === answer.stamp.libc;
    const same =
      end.stdout === answer.stdout &&
      end.exitCode === answer.exitCode &&
      end.signal === answer.signal;
    if (sameSystem && !same) {
      throw new Error(
        `${file} ${answer.args.join(" ")}: its answer differs from the one recorded on ${stamp.date} on the same system. Either it is not the same each time, or the listing changed: record it anew with --record.`,
      );
    }
  }
  return `${endOf(first?.exitCode ?? null, first?.signal ?? null)}, as recorded`;
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

function endOf(exitCode: number | null, signal: string | null): string {
  return signal === null ? `exit code ${exitCode}` : `ended by ${signal}`;
}
