import { zipSync } from "fflate";
import type { Zippable } from "fflate";

/** A file of a zip; `name` may have folders, separated by `/`. */
export interface ZipEntry {
  name: string;
  bytes: Uint8Array;
}

/**
 * A zip of the files: the same bytes for the same files, whatever their order, the time or the machine.
 * Throws where two files have the same name, or a name leads out of the folder.
 */
export function zip(entries: readonly ZipEntry[]): Uint8Array {
  const tree: Zippable = {};
  // The first date that the format can write. It is written in local time, so it is made in it.
  const date = new Date(1980, 0, 1);
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, bytes } of sorted) {
    if (name in tree)
      throw new Error(`two files of the zip are called ${name}; name one otherwise`);
    if (/^\/|^[A-Za-z]:|(^|\/)\.\.(\/|$)|\\|^$/.test(name)) {
      throw new Error(`"${name}" cannot be in a zip: give a path below its folder, with /`);
    }
    tree[name] = [bytes, { mtime: date, level: 9, os: 3, attrs: 0o100644 << 16 }];
  }
  return zipSync(tree);
}
