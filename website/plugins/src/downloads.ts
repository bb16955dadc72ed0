/** What the site offers to save: each file with what a reader and a machine need to know of it. */
import { manifest } from "annotated-excerpt/download";
import type { Download } from "./model.js";
import type { Tree } from "./tree.js";

export interface OfferedFile {
  /** Below `downloads/`. */
  readonly path: string;
  readonly name: string;
  readonly kind: string;
  readonly label: string;
  readonly language: string;
  readonly bytes: Uint8Array;
  readonly command?: string | undefined;
}

export interface Downloads {
  /** Adds a file and says how a page links it; a second file of the same path must be the same. */
  readonly offer: (file: OfferedFile) => Download;
  /** The file that was offered at this path. */
  readonly fileOf: (path: string) => OfferedFile | undefined;
  /** Writes `downloads/manifest.json`, which names all of them. */
  readonly finish: (version: string) => void;
}

export function collectDownloads(tree: Tree): Downloads {
  const files = new Map<string, OfferedFile>();
  return {
    offer(file) {
      const old = files.get(file.path);
      if (old !== undefined && Buffer.compare(old.bytes, file.bytes) !== 0) {
        throw new Error(`Two downloads are called ${file.path}.`);
      }
      files.set(file.path, file);
      tree.set(`static/downloads/${file.path}`, file.bytes);
      return {
        label: file.label,
        file: `downloads/${file.path}`,
        name: file.name,
        sizeBytes: file.bytes.length,
        ...(file.command === undefined ? {} : { command: file.command }),
      };
    },
    fileOf: (path) => files.get(path),
    finish(version) {
      const entries = [...files.values()].map(({ path, name, kind, language, bytes, command }) => ({
        path: `downloads/${path}`,
        name,
        kind,
        language,
        bytes,
        ...(command === undefined ? {} : { command }),
      }));
      const json = manifest(entries, { version });
      tree.set("static/downloads/manifest.json", `${JSON.stringify(json, null, 2)}\n`);
    },
  };
}
