/** A folder of generated files: what is the same stays untouched, so that a bundler's cache holds; what is old goes. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export type Tree = Map<string, Uint8Array | string>;

async function listFiles(folder: string, below = ""): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
  const lists = await Promise.all(
    entries.map(async (entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? await listFiles(folder, path) : [path];
    }),
  );
  return lists.flat();
}

/** Makes `folder` hold exactly the files of `tree`; returns how many were written or removed. */
export async function writeTree(folder: string, tree: Tree): Promise<number> {
  let changed = 0;
  for (const path of await listFiles(folder)) {
    if (tree.has(path)) continue;
    await rm(join(folder, path));
    changed += 1;
  }
  for (const [path, content] of tree) {
    const file = join(folder, path);
    const bytes = Buffer.from(content);
    const old = await readFile(file).catch(() => null);
    if (old?.equals(bytes)) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    changed += 1;
  }
  return changed;
}
