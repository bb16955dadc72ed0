/** What a lock file lacks: `npm ci` fails, on some platforms only, where an optional dependency has no entry. */
import { readFile } from "node:fs/promises";

/** The path in the lock file at which `name` is found from the package at `from`, as Node resolves it. */
function resolve(packages, from, name) {
  let folder = from;
  for (;;) {
    const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === "") return undefined;
    const up = folder.lastIndexOf("/node_modules/");
    folder = up < 0 ? "" : folder.slice(0, up);
  }
}

/** One line for each optional dependency that the lock file names without having an entry for it. */
export async function lockFileGaps(path) {
  const { packages } = JSON.parse(await readFile(path, "utf8"));
  const gaps = [];
  for (const [from, entry] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (resolve(packages, from, name) === undefined)
        gaps.push(`package-lock.json: ${from} wants ${name}@${range}, which has no entry`);
    }
  }
  return gaps;
}
