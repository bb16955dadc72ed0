/**
 * The real system's answers to traces, from our own program in C (real/).
 * As a command: `node tests/conformance/real.mjs FILE|-`.
 */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { createHash } from "node:crypto";
import { release } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { modeOf } from "./modes.mjs";

/** The user without rights, by Debian's number. */
const NOBODY = 65534;

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "real");
const buildDirectory = join(here, ".build");
export const traceSeparator = "%%";

const compilerFlags = ["-std=gnu11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror"];

function firstLine(command, args) {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
      .split("\n")[0]
      .trim();
  } catch {
    return "";
  }
}

/** The versions that an answer depends on: `{ kernel: "6.18.44-…", libc: "glibc 2.36", compiler }`; empty where not there. */
export function realVersions() {
  return {
    kernel: process.platform === "linux" && process.arch === "x64" ? release() : "",
    libc: firstLine("getconf", ["GNU_LIBC_VERSION"]),
    compiler: firstLine("cc", ["--version"]),
  };
}

function thpMode() {
  try {
    const text = readFileSync("/sys/kernel/mm/transparent_hugepage/enabled", "utf8");
    return /\[(\w+)\]/.exec(text)?.[1] ?? "";
  } catch {
    return "";
  }
}

/** Why this machine cannot answer as the recorded one did, a sentence; undefined where it can. */
export function whyNotReal(versions = realVersions()) {
  if (!versions.kernel.startsWith("6.18.")) {
    return `the simulator is compared with Linux 6.18 on x86-64, and this is ${process.platform} ${release()} on ${process.arch}`;
  }
  if (versions.libc !== "glibc 2.36") {
    return `the simulator is compared with glibc 2.36, and this is ${versions.libc || "another C library"}`;
  }
  if (versions.compiler === "") return "there is no C compiler (cc)";
  if (thpMode() !== "madvise") return `transparent huge pages are "${thpMode()}", not "madvise"`;
  return undefined;
}

/** Compiles the program where its source has changed; its path. */
export function buildReal() {
  const files = readdirSync(source).sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(join(source, file)));
  hash.update(firstLine("cc", ["--version"]));
  const binary = join(buildDirectory, `real-${hash.digest("hex").slice(0, 16)}`);
  if (!existsSync(binary)) {
    mkdirSync(buildDirectory, { recursive: true });
    const fresh = `${binary}.${process.pid}`;
    const sources = files.filter((file) => file.endsWith(".c")).map((file) => join(source, file));
    execFileSync("cc", [...compilerFlags, "-Wl,-z,now", "-o", fresh, ...sources], {
      stdio: "inherit",
    });
    renameSync(fresh, binary);
  }
  return binary;
}

/** Runs the program on a text; resolves with what it printed, rejects with what it complained of. */
function run(binary, text, { user }) {
  return new Promise((resolve, reject) => {
    const other = user === "unprivileged" ? { uid: NOBODY, gid: NOBODY } : {};
    const files = join(buildDirectory, "files");
    mkdirSync(files, { recursive: true });
    if (user !== undefined) chmodSync(files, 0o1777);
    const child = spawn(binary, ["-", "--files", files], other);
    const out = [];
    const complaints = [];
    child.stdout.on("data", (data) => out.push(data));
    child.stderr.on("data", (data) => complaints.push(data));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString("utf8"));
      else reject(new Error(`real: ${Buffer.concat(complaints).toString("utf8").trim()}`));
    });
    child.stdin.on("error", () => {});
    child.stdin.end(text);
  });
}

/**
 * The real answers to traces: for each text an array of lines. Each trace runs in a process of its own,
 * forked from one that has allocated nothing, so that many cost little more than their commands. Of the mode (modes.mjs)
 * the process is as it says; its settings are the caller's to make (settings.mjs).
 */
export async function realAnswers(traces, { process: as } = modeOf()) {
  const separator = `\n${traceSeparator}\n`;
  const output = await run(buildReal(), traces.join(separator), as);
  const answers = [[]];
  for (const line of splitLines(output)) {
    if (line === traceSeparator) answers.push([]);
    else answers.at(-1).push(line);
  }
  return answers;
}

function splitLines(text) {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path] = process.argv.slice(2);
  const why = whyNotReal();
  if (path === undefined || why !== undefined) {
    console.error(why ?? "usage: node tests/conformance/real.mjs FILE|-");
    process.exit(2);
  }
  try {
    const [lines] = await realAnswers([readFileSync(path === "-" ? 0 : path, "utf8")]);
    process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
