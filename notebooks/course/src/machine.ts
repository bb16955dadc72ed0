/** What this machine is, as far as the answers of C programs depend on it. */
import { spawnSync } from "node:child_process";
import { release } from "node:os";

export interface MachineFacts {
  /** `Linux 6.18.5`, without what distributions append. */
  readonly kernel: string;
  /** `glibc 2.36`, or "" where the C library is another. */
  readonly libc: string;
  /** The C compiler's command and first line of its version; undefined where there is none. */
  readonly compiler: { readonly command: string; readonly version: string } | undefined;
}

let known: MachineFacts | undefined;

export function machineFacts(): MachineFacts {
  known ??= { kernel: kernelName(), libc: libcName(), compiler: findCompiler() };
  return known;
}

/** Why the answers of this machine are not those that the course speaks of; undefined where they are. */
export function whyNotHere(): string | undefined {
  if (process.env["MEMORY_COURSE_ANSWERS"] === "recorded") return "recorded answers were asked for";
  if (process.platform !== "linux" || process.arch !== "x64") return "this is not Linux on x86-64";
  const { kernel, libc, compiler } = machineFacts();
  if (!/^Linux 6\./.test(kernel)) return `this is ${kernel}, and the course speaks of Linux 6`;
  if (libc !== "glibc 2.36") {
    return `the C library is ${libc || "not glibc"}, and the course speaks of glibc 2.36`;
  }
  return compiler === undefined ? "there is no C compiler (cc)" : undefined;
}

function kernelName(): string {
  const version = /^\d+\.\d+(\.\d+)?/.exec(release())?.[0] ?? release();
  return `${process.platform === "linux" ? "Linux" : process.platform} ${version}`;
}

function libcName(): string {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const version = report.header?.glibcVersionRuntime;
  return version === undefined ? "" : `glibc ${version}`;
}

function findCompiler(): MachineFacts["compiler"] {
  const command = process.env["CC"] ?? "cc";
  const answer = spawnSync(command, ["--version"], { encoding: "utf8" });
  const version = answer.status === 0 ? (answer.stdout.split("\n")[0] ?? "") : "";
  return version === "" ? undefined : { command, version: version.trim() };
}
