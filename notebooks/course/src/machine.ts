/** What this machine is, as far as the answers of C programs depend on it. */
import { spawnSync } from "node:child_process";
import { release } from "node:os";

export interface MachineFacts {
  /** `Linux 6.18.5`, without what distributions append. */
  readonly kernel: string;
  /** `glibc 2.36` or `another C library`: what the compiler compiles for; "" where there is no compiler. */
  readonly libc: string;
  /** The C compiler's command and first line of its version; undefined where there is none. */
  readonly compiler: { readonly command: string; readonly version: string } | undefined;
}

let known: MachineFacts | undefined;

export function machineFacts(): MachineFacts {
  if (known === undefined) {
    const compiler = findCompiler();
    const libc = compiler === undefined ? "" : libcOf(compiler.command);
    known = { kernel: kernelName(), libc, compiler };
  }
  return known;
}

/** Why no C program of the course is executed here; undefined where it is compiled and executed. */
export function whyNotHere(): string | undefined {
  if (process.env["MEMORY_COURSE_ANSWERS"] === "recorded") return "recorded answers were asked for";
  if (process.platform !== "linux" || process.arch !== "x64") return "this is not Linux on x86-64";
  return machineFacts().compiler === undefined ? "there is no C compiler (cc)" : undefined;
}

/**
 * Whether this machine is the one that the course speaks of and the simulator is compared with: Linux 6 with
 * glibc 2.36. Another machine's answers are shown beside the recorded ones, and may differ.
 */
export function isMachineOfTheCourse(): boolean {
  const { kernel, libc } = machineFacts();
  return /^Linux 6\./.test(kernel) && libc === "glibc 2.36";
}

function kernelName(): string {
  const version = /^\d+\.\d+(\.\d+)?/.exec(release())?.[0] ?? release();
  return `${process.platform === "linux" ? "Linux" : process.platform} ${version}`;
}

function findCompiler(): MachineFacts["compiler"] {
  const command = process.env["CC"] ?? "cc";
  const answer = spawnSync(command, ["--version"], { encoding: "utf8" });
  const version = answer.status === 0 ? (answer.stdout.split("\n")[0] ?? "") : "";
  return version === "" ? undefined : { command, version: version.trim() };
}

/** The library that `command` compiles for, as its headers say: a system may have more than one. */
function libcOf(command: string): string {
  const input = "#include <stdlib.h>\nlibc __GLIBC__ __GLIBC_MINOR__\n";
  const answer = spawnSync(command, ["-E", "-P", "-"], { input, encoding: "utf8" });
  const version = /^libc (\d+) (\d+)$/m.exec(answer.stdout ?? "");
  return version === null ? "another C library" : `glibc ${version[1]}.${version[2]}`;
}
