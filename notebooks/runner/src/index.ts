/** The runner: notebooks read, executed, and their outputs kept and told. */
export { Problem } from "./problem.js";
export { parseNotebook, titleOf, notebookText, sourceOf, tagsOf } from "./notebook.js";
export type { Cell, CodeCell, MarkdownCell, Notebook, Output } from "./notebook.js";
export { executeNotebook } from "./execute.js";
export type { CellFailure, CellReport, Executed, ExecuteOptions } from "./execute.js";
export { failureText, runFile } from "./run-file.js";
export type { FileRun, RunFileOptions } from "./run-file.js";
export { cacheKey, listingsIn } from "./cache.js";
export { notebookAsText, outputAsText, pictureWords } from "./text.js";
export { pathCleaner } from "./paths.js";
export { inPool } from "./pool.js";
export { closeAllKernels, KernelClient } from "./kernel-client.js";
export type { Arrival, Death, KernelClientOptions } from "./kernel-client.js";
