/**
 * The key of an executed notebook: it names all that can change the outputs, so that an old result is never
 * taken for a new one. The cells, what they import, the listings they show, the kernel, tslab and Node.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { sourceOf, tagsOf, type Notebook } from "./notebook.js";

export interface KeyParts {
  readonly notebook: Notebook;
  /** Files and folders whose contents count; one that is missing counts as missing. */
  readonly paths: readonly string[];
  /** Versions and settings, by name. */
  readonly facts: Readonly<Record<string, string>>;
}

export function cacheKey(parts: KeyParts): string {
  const hash = createHash("sha256");
  for (const cell of parts.notebook.cells) {
    hash.update(
      JSON.stringify([cell.cell_type, cell.id, sourceOf(cell), tagsOf(cell), cell.metadata]),
    );
  }
  hash.update(JSON.stringify(parts.notebook.metadata));
  for (const path of parts.paths) hash.update(`${path}\0${hashOf(path)}\0`);
  for (const [name, value] of Object.entries(parts.facts).sort()) hash.update(`${name}=${value}\0`);
  return hash.digest("hex");
}

/** Names of the C listings that the cells of a notebook speak of. */
export function listingsIn(notebook: Notebook): string[] {
  const names = new Set<string>();
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    for (const match of sourceOf(cell).matchAll(/["'`]([\w.-]+\.[ch])(?:#[\w-]+)?["'`]/g)) {
      if (match[1] !== undefined) names.add(match[1]);
    }
  }
  return [...names].sort();
}

/** Hashes of files by path, size and time of change: many notebooks share their packages. */
const known = new Map<string, string>();

function hashOf(path: string): string {
  if (!existsSync(path)) return "missing";
  const stat = statSync(path);
  if (stat.isDirectory()) {
    const entries = readdirSync(path)
      .filter((entry) => !entry.startsWith("."))
      .sort();
    return entries.map((entry) => `${entry}:${hashOf(join(path, entry))}`).join("\n");
  }
  const name = `${path} ${stat.size} ${stat.mtimeMs}`;
  let hash = known.get(name);
  if (hash === undefined) {
    hash = createHash("sha256").update(readFileSync(path)).digest("hex");
    known.set(name, hash);
  }
  return hash;
}
