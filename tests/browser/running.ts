/** Runs what was saved, and what its page says that it answers. */
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import type { NotebookPage, Output } from "./site.js";
import { joinText } from "./site.js";
import { inFolder } from "./saving.js";

const run = promisify(execFile);

/** The environment in which the course runs its programs. */
const environment = { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };

export const hasCompiler =
  process.platform === "linux" && spawnSync("cc", ["--version"]).status === 0;

/** An answer of a program as a page shows it: what it printed, and how it ended where that was not `exit(0)`. */
export interface ShownAnswer {
  readonly file: string;
  readonly args: readonly string[];
  readonly text: string;
}

/** On another system than the course's there is also what this machine answered. */
interface Here {
  readonly here?: { readonly text: string };
}

interface End {
  readonly stdout: string;
  readonly stderr?: string;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
}

function textOf({ stdout, stderr = "", exitCode = 0, signal = null }: End): string {
  const parts = [stdout.replace(/\n$/, ""), stderr.replace(/\n$/, "")];
  if (signal !== null) parts.push(`ended by ${signal}`);
  else if (exitCode !== 0) parts.push(`exit code ${exitCode}`);
  return parts.filter((part) => part !== "").join("\n");
}

/** What real programs answered, as a chapter shows it: alone, or beside the simulator's answer. */
export function answersOf(chapter: NotebookPage): ShownAnswer[] {
  const outputs = chapter.cells.flatMap((cell) => cell.outputs ?? []);
  return outputs.flatMap(({ data }) => {
    const answer = data?.["application/vnd.memory-course.answer+json"] as
      (Here & ShownAnswer & End) | undefined;
    const comparison = data?.["application/vnd.memory-course.comparison+json"] as
      { real: Here & ShownAnswer } | undefined;
    const real = comparison?.real ?? answer;
    if (real === undefined) return [];
    const text = answer === undefined ? real.text : textOf(answer);
    return [{ file: real.file, args: real.args, text: real.here?.text ?? text }];
  });
}

function endOf(program: string, args: readonly string[], folder: string): End {
  const { stdout, stderr, status, signal } = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    env: environment,
    timeout: 30_000,
  });
  return { stdout, stderr, exitCode: status, signal };
}

/** The kernel works for others too: a count may be off by a page it took back. At most so many runs. */
const maxRuns = 5;

/** The answer on which two runs after each other agree, which is how the course takes its answers. */
function settledAnswer(program: string, args: readonly string[], folder: string): string {
  let text = textOf(endOf(program, args, folder));
  for (let runs = 1; runs < maxRuns; runs++) {
    const again = textOf(endOf(program, args, folder));
    if (again === text) return text;
    text = again;
  }
  return text;
}

/** Compiles a C file by its command, `cc … && ./a.out`, and answers what the program says to each of these arguments. */
export async function answersOfC(
  command: string,
  folder: string,
  args: readonly (readonly string[])[],
): Promise<string[]> {
  const [compile = "", program = ""] = command.split(" && ");
  await run("sh", ["-c", compile], { cwd: folder, env: environment });
  return args.map((list) => settledAnswer(program, list, folder));
}

/** Whether the Node that runs the tests runs TypeScript as it is. */
const runsTypes = Boolean((process.features as { typescript?: unknown }).typescript);

/** What a saved program prints when it is run by the command on its first line, in a folder where it is alone. */
export async function printedByProgram(name: string, text: string): Promise<string> {
  const command = text.split("\n")[0]?.replace("// ", "") ?? "";
  return inFolder(async (folder) => {
    if (runsTypes || !name.endsWith(".mts")) {
      writeFileSync(join(folder, name), text);
      return (await run("sh", ["-c", command], { cwd: folder, env: environment })).stdout;
    }
    // An older Node: without its types, which is what a newer one takes away.
    const compilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    };
    const file = name.replace(/\.mts$/, ".mjs");
    writeFileSync(join(folder, file), ts.transpileModule(text, { compilerOptions }).outputText);
    return (await run("node", [file], { cwd: folder, env: environment })).stdout;
  });
}

const comparisonType = "application/vnd.memory-course.comparison+json";

/** What a cell printed in the notebook, in the order in which it did; of a comparison the simulated side. */
export function printedByCell(outputs: readonly Output[]): string {
  return outputs
    .map((output) => {
      if (output.output_type === "stream") return joinText(output.text);
      const comparison = output.data?.[comparisonType] as
        { simulated: { text: string } } | undefined;
      return `${comparison?.simulated.text ?? joinText(output.data?.["text/plain"])}\n`;
    })
    .join("");
}

/** Writes the files of a zip below a folder. */
export function unpack(files: Readonly<Record<string, Uint8Array>>, folder: string): void {
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, bytes);
  }
}

/** What a command prints in a folder; rejects where it fails, with all that it printed. */
export async function printedBy(command: string, folder: string): Promise<string> {
  const { stdout } = await run("sh", ["-c", command], { cwd: folder, maxBuffer: 32 << 20 });
  return stdout;
}
