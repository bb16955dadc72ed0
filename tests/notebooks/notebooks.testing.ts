/** Notebooks made for a test, executed as a person's would be. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runFile, type FileRun, type Output, type RunFileOptions } from "@memory-course/runner";

export const project: string = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const folder = join(project, "notebooks", ".build", "tests");

/** A code cell: its text, or its text and tags; Markdown is marked as such. */
export type CellText = string | { code: string; tags: string[] } | { markdown: string };

const KERNELSPEC = {
  name: "memory-course",
  display_name: "TypeScript (memory course)",
  language: "typescript",
};

/** A notebook with these cells, whose ids are cell-1, cell-2 and so on. */
export function notebookOf(cells: readonly CellText[]): Record<string, unknown> {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: KERNELSPEC },
    cells: cells.map((cell, index) => {
      const id = `cell-${index + 1}`;
      if (typeof cell !== "string" && "markdown" in cell) {
        return { cell_type: "markdown", id, metadata: {}, source: cell.markdown };
      }
      const source = typeof cell === "string" ? cell : cell.code;
      const metadata = typeof cell === "string" ? {} : { tags: cell.tags };
      return { cell_type: "code", id, metadata, source, execution_count: null, outputs: [] };
    }),
  };
}

/** An empty folder in the project, so that imports are found from it. */
export function testFolder(): string {
  mkdirSync(folder, { recursive: true });
  return mkdtempSync(join(folder, "t-"));
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Writes a notebook with these cells, and answers its path. */
export function writeNotebook(into: string, cells: readonly CellText[], name = "a.ipynb"): string {
  const path = join(into, name);
  writeFileSync(path, JSON.stringify(notebookOf(cells)));
  return path;
}

/** Executes a notebook with these cells. */
export async function execute(
  cells: readonly CellText[],
  options: Partial<RunFileOptions> = {},
): Promise<FileRun> {
  const into = testFolder();
  try {
    return await runFile(writeNotebook(into, cells), { project, ...options });
  } finally {
    removeFolder(into);
  }
}

/** Outputs of the code cell with this number, from 1. */
export function outputsOf(run: FileRun, number: number): Output[] {
  const cell = run.notebook.cells[number - 1];
  return cell?.cell_type === "code" ? cell.outputs : [];
}

/** All that a cell printed to one stream. */
export function printed(
  run: FileRun,
  number: number,
  name: "stdout" | "stderr" = "stdout",
): string {
  return outputsOf(run, number)
    .map((output) =>
      output.output_type === "stream" && output.name === name ? output.text.join("") : "",
    )
    .join("");
}

/** The text of a cell's result. */
export function result(run: FileRun, number: number): string | undefined {
  for (const output of outputsOf(run, number)) {
    if (output.output_type !== "execute_result") continue;
    const text = output.data["text/plain"];
    return Array.isArray(text) ? text.join("") : undefined;
  }
  return undefined;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `node ARGS` in the project to its end. */
export function node(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: project,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Files of the chapters, `NN-topic.ipynb`, by name. */
export function chapters(): string[] {
  return readdirSync(join(project, "notebooks"))
    .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
    .sort();
}
