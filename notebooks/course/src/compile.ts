/** Compiles a listing and runs it. Both are done here, and nowhere else; the caller keeps the results. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ListingError, type ListingFile } from "./listing-files.js";
import { machineFacts } from "./machine.js";

/** Flags for every listing; a first line `// cc: FLAGS` adds to them. */
export const FLAGS: readonly string[] = ["-Wall", "-Wextra", "-Werror", "-O0", "-g"];

export interface ProgramEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

const COMPILE_MS = 60_000;
const RUN_MS = 30_000;
const MAX_OUTPUT = 8 << 20;

/** The flags that a listing is compiled with. */
export function flagsOf(text: string): string[] {
  const own = /^\/\/ cc: *(.*)$/.exec(text.split("\n")[0] ?? "")?.[1] ?? "";
  return [...FLAGS, ...own.split(/\s+/).filter((flag) => flag !== "")];
}

/** Hash of all that an answer depends on: the source, flags, compiler, kernel and C library. */
export function sourceKey(listing: ListingFile): string {
  const { kernel, libc, compiler } = machineFacts();
  const facts = [listing.text, flagsOf(listing.text).join(" "), kernel, libc, compiler?.version];
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 24);
}

/** The program of a listing, compiled into `folder` if it is not there yet. Throws with the compiler's words. */
export function compile(listing: ListingFile, folder: string): string {
  const compiler = machineFacts().compiler;
  if (compiler === undefined) throw new ListingError("There is no C compiler (cc) here.");
  const program = join(folder, `${basename(listing.file, ".c")}-${sourceKey(listing)}`);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const partial = `${program}.${process.pid}`;
  const libraries = flagsOf(listing.text).filter((flag) => flag.startsWith("-l"));
  const flags = flagsOf(listing.text).filter((flag) => !flag.startsWith("-l"));
  const args = [...flags, "-o", partial, listing.file, ...libraries];
  const done = spawnSync(compiler.command, args, {
    cwd: dirname(listing.path),
    encoding: "utf8",
    timeout: COMPILE_MS,
    env: { ...process.env, LC_ALL: "C" },
  });
  if (done.status !== 0) {
    const said = (done.stderr || done.error?.message) ?? "";
    throw new ListingError(
      `${listing.file} does not compile with ${compiler.command} ${flagsOf(listing.text).join(" ")}:\n${said.trimEnd()}`,
    );
  }
  renameSync(partial, program);
  return program;
}

/** Runs a program in an empty folder below `folder`, with a plain environment. */
export function run(program: string, args: readonly string[], folder: string): ProgramEnd {
  mkdirSync(folder, { recursive: true });
  const cwd = mkdtempSync(join(folder, "run-"));
  try {
    const done = spawnSync(program, [...args], {
      cwd,
      encoding: "utf8",
      timeout: RUN_MS,
      killSignal: "SIGKILL",
      maxBuffer: MAX_OUTPUT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    });
    if (done.error !== undefined) {
      const why =
        (done.error as NodeJS.ErrnoException).code === "ETIMEDOUT"
          ? `did not end within ${RUN_MS / 1000} s`
          : `could not be run: ${done.error.message}`;
      throw new ListingError(`${basename(program)} ${why}.`);
    }
    return {
      stdout: done.stdout,
      stderr: done.stderr,
      exitCode: done.status,
      signal: done.signal,
    };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
