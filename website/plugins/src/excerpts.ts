/** Excerpts of the course's listings, as data for the block that draws them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExcerptReference } from "./chapter.js";
import { PageError } from "./page-error.js";

export function loadExcerpts(root: string): (reference: ExcerptReference) => unknown {
  return ({ file, region, where }) => {
    const path = join(root, "notebooks/listings", file);
    if (!existsSync(path)) throw new PageError(where, `there is no notebooks/listings/${file}.`);
    return { file, region, text: readFileSync(path, "utf8") };
  };
}
