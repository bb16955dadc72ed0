/** Executes the notebook in a file, or takes the kept result where nothing that matters has changed. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir, release } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { KERNEL_NAME } from "@memory-course/kernel";
import { cacheKey, listingsIn } from "./cache.js";
import { executeNotebook, type CellFailure, type CellReport } from "./execute.js";
import { notebookText, parseNotebook, titleOf, type Notebook } from "./notebook.js";
import { pathCleaner } from "./paths.js";
import { Problem } from "./problem.js";

export interface RunFileOptions {
  /** The project's folder: the notebook must lie below it, since its imports are found from there. */
  readonly project: string;
  /** Where the executed notebook goes; with a key beside it where `reuse` is "unchanged". */
  readonly out?: string;
  readonly reuse?: "never" | "unchanged";
  readonly environment?: NodeJS.ProcessEnv;
  readonly cellTimeoutMs?: number;
  readonly maxOutputLength?: number;
  readonly onCell?: (done: CellReport) => void;
}

export interface FileRun {
  /** The notebook's path from the project's folder. */
  readonly file: string;
  readonly notebook: Notebook;
  readonly failures: readonly CellFailure[];
  readonly reused: boolean;
  readonly milliseconds: number;
}

/** Chapters are the notebooks `NN-topic.ipynb` in the project's notebooks folder. */
const CHAPTER = /^notebooks[/\\]\d\d-[^/\\]*\.ipynb$/;

export async function runFile(path: string, options: RunFileOptions): Promise<FileRun> {
  const started = performance.now();
  const absolute = resolve(path);
  const file = relative(options.project, absolute);
  if (!existsSync(absolute)) {
    throw new Problem(`${path}: there is no such file.`);
  }
  if (file.startsWith("..")) {
    throw new Problem(
      `${path}: it lies outside the project, so its imports cannot be found. Copy it to a folder below ${options.project}.`,
    );
  }
  const notebook = parseNotebook(readFileSync(absolute, "utf8"), file, KERNEL_NAME);
  if (CHAPTER.test(file)) titleOf(notebook, file);

  const environment = options.environment ?? process.env;
  const key = keyOf(notebook, options, environment);
  const keyFile = options.out === undefined ? undefined : keyFileOf(options.out);
  if (options.reuse === "unchanged" && options.out !== undefined && keyFile !== undefined) {
    if (existsSync(options.out) && existsSync(keyFile) && readFileSync(keyFile, "utf8") === key) {
      const kept = parseNotebook(readFileSync(options.out, "utf8"), file, KERNEL_NAME);
      const milliseconds = performance.now() - started;
      return { file, notebook: kept, failures: [], reused: true, milliseconds };
    }
  }

  const executed = await executeNotebook(notebook, {
    folder: dirname(absolute),
    clean: pathCleaner(options.project, homedir()),
    environment,
    ...(options.cellTimeoutMs === undefined ? {} : { cellTimeoutMs: options.cellTimeoutMs }),
    ...(options.maxOutputLength === undefined ? {} : { maxOutputLength: options.maxOutputLength }),
    ...(options.onCell === undefined ? {} : { onCell: options.onCell }),
  });
  if (options.out !== undefined) {
    writeWhole(options.out, notebookText(executed.notebook));
    if (options.reuse === "unchanged" && keyFile !== undefined) {
      writeWhole(keyFile, executed.failures.length === 0 ? key : "failed");
    }
  }
  const milliseconds = performance.now() - started;
  return { file, ...executed, reused: false, milliseconds };
}

/** A failing cell in words: notebook, cell, line, message. */
export function failureText(file: string, failure: CellFailure): string {
  const line = failure.line === undefined ? "" : `, line ${failure.line}`;
  const trace = failure.traceback
    .map((text) => `    ${text.replaceAll("\n", "\n    ")}\n`)
    .join("");
  return `${file}, cell ${failure.number} (${failure.id})${line}: ${failure.message}\n${trace}`;
}

function keyOf(
  notebook: Notebook,
  options: RunFileOptions,
  environment: NodeJS.ProcessEnv,
): string {
  const at = (...parts: string[]): string => join(options.project, ...parts);
  const listings = listingsIn(notebook).flatMap((name) => [
    at("notebooks", "listings", name),
    at("notebooks", "listings", "recorded", `${basename(name, ".c")}.json`),
  ]);
  return cacheKey({
    notebook,
    paths: [
      ...["kernel-sim", "annotated-excerpt"].map((name) => at(name, "dist")),
      ...["course", "kernel", "runner"].map((name) => at("notebooks", name, "dist")),
      at("node_modules", "tslab", "package.json"),
      ...listings,
    ],
    facts: {
      node: process.version,
      system: `${process.platform} ${process.arch} ${release()}`,
      libc: libcVersion(),
      compiler: compilerVersion(environment),
      answers: environment["MEMORY_COURSE_ANSWERS"] === "recorded" ? "recorded" : "real",
    },
  });
}

/** The C library, as far as Node knows it; "" where it is not glibc. */
function libcVersion(): string {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime ?? "";
}

/** What the C compiler says of itself: real answers are given where there is one, recorded ones elsewhere. */
function compilerVersion(environment: NodeJS.ProcessEnv): string {
  const command = environment["CC"] ?? "cc";
  const { stdout } = spawnSync(command, ["--version"], { encoding: "utf8", env: environment });
  return `${command} ${stdout ?? ""}`;
}

function keyFileOf(out: string): string {
  return out.replace(/(\.ipynb)?$/, ".key");
}

/** Writes a file so that a reader sees the old one or the new one, never a part. */
function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.part`;
  writeFileSync(partial, text);
  renameSync(partial, path);
}
