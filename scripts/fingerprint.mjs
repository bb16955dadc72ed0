/** A hash of files, by path and content: the key of everything the build keeps. */
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";

const skipped = new Set([
  "node_modules",
  "dist",
  "build",
  ".build",
  ".cache",
  ".docusaurus",
  ".git",
]);

async function* filesBelow(path) {
  const info = await stat(path).catch(() => null);
  if (info === null) return;
  if (info.isFile()) {
    yield path;
    return;
  }
  const names = (await readdir(path)).sort();
  for (const name of names) {
    if (!skipped.has(name)) yield* filesBelow(join(path, name));
  }
}

/**
 * SHA-256, in hex, over all files at and below `paths` (build products left out) and the strings `extra`.
 * A path that does not exist counts as empty.
 */
export async function fingerprint(base, paths, extra = []) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for await (const file of filesBelow(join(base, path))) {
      hash.update(relative(base, file).split(sep).join("/"));
      hash.update("\0");
      hash.update(await readFile(file));
      hash.update("\0");
    }
  }
  for (const text of extra) hash.update(`\0${text}`);
  return hash.digest("hex");
}
