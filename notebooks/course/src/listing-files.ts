/** Where the listings lie, and how one is read. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A wrong call in a cell: what happened, where, and what to try. */
export class ListingError extends Error {
  override name = "UsageError";
}

/** Folders searched for a listing, the nearest first: beside the notebook, then the course's own. */
function folders(): string[] {
  return [
    join(process.cwd(), "listings"),
    fileURLToPath(new URL("../../listings", import.meta.url)),
  ];
}

export interface ListingFile {
  readonly file: string;
  readonly path: string;
  readonly text: string;
}

/** The listing by its name; throws where there is none, and names the nearest. */
export function readListing(file: string): ListingFile {
  if (!/^[\w.-]+\.[ch]$/.test(file)) {
    throw new ListingError(
      `A listing is named by its file alone, such as "08-demand-paging.c"; ${JSON.stringify(file)} is no such name.`,
    );
  }
  for (const folder of folders()) {
    const path = join(folder, file);
    if (existsSync(path)) return { file, path, text: readFileSync(path, "utf8") };
  }
  const there = folders().flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  const near = there.filter((name) => name.endsWith(".c") && name.slice(0, 2) === file.slice(0, 2));
  throw new ListingError(
    `There is no listing ${file} in notebooks/listings.${near.length > 0 ? ` There are: ${[...new Set(near)].sort().join(", ")}.` : ""}`,
  );
}
