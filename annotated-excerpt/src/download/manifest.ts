import { createHash } from "node:crypto";
import type { DownloadFile } from "./listing-downloads.js";

/** What the manifest says of a download. */
export interface ManifestEntry {
  /** Where the site serves it, below its base. */
  path: string;
  name: string;
  kind: string;
  language: string;
  sizeBytes: number;
  sha256: string;
  /** Version of what made it. */
  version: string;
  command?: string;
}

export interface Manifest {
  version: string;
  files: ManifestEntry[];
}

/** The list of all downloads, by path, with what is needed to check and to run them. */
export function manifest(
  files: readonly (Pick<DownloadFile, "name" | "kind" | "language" | "bytes" | "command"> & {
    path?: string;
  })[],
  { version }: { version: string },
): Manifest {
  const entries = files.map(({ path, name, kind, language, bytes, command }): ManifestEntry => {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const entry = {
      path: path ?? name,
      name,
      kind,
      language,
      sizeBytes: bytes.length,
      sha256,
      version,
    };
    return command === undefined ? entry : { ...entry, command };
  });
  entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { version, files: entries };
}
