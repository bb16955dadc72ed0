/** Files that a reader takes home, made before the site is built (Node). */
export { listingDownloads } from "./listing-downloads.js";
export type { DownloadFile, ListingDownloadOptions } from "./listing-downloads.js";
export { manifest } from "./manifest.js";
export type { Manifest, ManifestEntry } from "./manifest.js";
export { withBlanks } from "./notebook.js";
export type { Notebook, NotebookCell } from "./notebook.js";
export { zip } from "./zip.js";
export type { ZipEntry } from "./zip.js";
