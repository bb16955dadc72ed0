/** The real side of calls: a file of `calls/` becomes a program in C, and a process of it executes each section. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { directory, variablesOf } from "./calls-file.mjs";
import { normalised } from "./calls-normal.mjs";

const build = join(dirname(fileURLToPath(import.meta.url)), ".build");
const flags = [
  ...["-std=gnu11", "-D_GNU_SOURCE", "-O0", "-fno-builtin", "-Wall"],
  // A line may stand for its answer alone, or do on purpose what the compiler warns of.
  ...["-Wno-unused", "-Wno-unused-result", "-Wno-overflow", "-Wno-nonnull"],
  "-Wno-alloc-size-larger-than",
];

function sectionSource(section, index) {
  const body = section.lines.map(({ code }) => {
    if (code === "}")
      return "    flush(); _exit(child_code); }\n    if (waited) { wait_for(pid, 0); } else until_zombie(pid);\n  }";
    if (code.endsWith("{")) {
      const waited = code === "child unwaited {" ? "false" : "true";
      return `  { bool waited = ${waited}; flush(); pid_t pid = fork(); if (pid == 0) { int child_code = 0; prctl(PR_SET_PDEATHSIG, SIGKILL); own_pages(); touch(fence_at, PAGE); faults();`;
    }
    if (code.startsWith("exit_with(")) return `    child_code = ${code.slice(10, -1)};`;
    if (code.startsWith("killed_by("))
      return `    flush(); signal(${code.slice(10, -1)}, SIG_DFL); raise(${code.slice(10, -1)});`;
    return `    begin(); end((long)(${code}));`;
  });
  const variables = variablesOf(section);
  return `static void section_${index}(void) {
${variables.length > 0 ? `  long ${variables.map((name) => `${name} = 0`).join(", ")};\n` : ""}  warm();
${body.join("\n")}
  flush();
  end_sleepers();
}
`;
}

/** The C program of a file: \`program SECTION WORD…\` executes one section, as its options ask. */
function source(sections) {
  return `#include "runtime.h"
${sections.map(sectionSource).join("\n")}
static void (*const sections[])(void) = {${sections.map((_, i) => `section_${i}`).join(", ")}};

int main(int argc, char **argv) {
  unsigned long persona = 0;
  bool again = getenv("CALLS_AGAIN") == NULL;
  for (int i = 2; i < argc; i++) {
    if (strcmp(argv[i], "legacy") == 0) persona |= ADDR_COMPAT_LAYOUT;
    if (strcmp(argv[i], "fixed") == 0) persona |= ADDR_NO_RANDOMIZE;
    if (again && strncmp(argv[i], "stack=", 6) == 0) {
      struct rlimit limit = {strtoul(argv[i] + 6, NULL, 10) << 10, RLIM_INFINITY};
      if (strcmp(argv[i] + 6, "unlimited") == 0) limit.rlim_cur = RLIM_INFINITY;
      setrlimit(RLIMIT_STACK, &limit);
    }
  }
  if (again) {
    /* Standard input and output are a pipe, whatever the caller has them for; the answers go elsewhere. */
    int ends[2];
    if (dup2(1, ANSWERS) < 0 || pipe(ends) != 0) return 5;
    dup2(ends[0], 0);
    dup2(ends[1], 1);
    close(ends[0]);
    close(ends[1]);
    setenv("CALLS_AGAIN", "no", 1);
    personality(persona);
    execv("/proc/self/exe", argv);
  }
  for (int i = 2; i < argc; i++) {
    if (strcmp(argv[i], "user=nobody") == 0) {
      if (setgid(65534) != 0 || setuid(65534) != 0) return 4;
      prctl(PR_SET_DUMPABLE, 1);
    }
  }
  int end = strcmp(argv[1], "end") == 0;
  if (!end) sections[atoi(argv[1])]();
  return 0;
}
`;
}

/** Programs of other texts, once nobody can be running them. */
function removeOld(prefix) {
  for (const file of readdirSync(build).filter((each) => each.startsWith(prefix))) {
    const path = join(build, file);
    if (Date.now() - statSync(path).mtimeMs > 15 * 60_000) rmSync(path, { force: true });
  }
}

function compile(name, sections) {
  const text = source(sections);
  const hash = createHash("sha256")
    .update(text)
    .update(readFileSync(join(directory, "runtime.h")));
  const binary = join(build, `calls-${name}-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(binary)) return binary;
  mkdirSync(build, { recursive: true });
  removeOld(`calls-${name}-`);
  writeFileSync(`${binary}.c`, text);
  execFileSync(
    "cc",
    [...flags, "-Wl,-z,now", "-I", directory, "-o", `${binary}.new`, `${binary}.c`],
    { stdio: "inherit" },
  );
  // On the disk, so that its pages are clean ones.
  const fd = openSync(`${binary}.new`, "r+");
  fsyncSync(fd);
  closeSync(fd);
  renameSync(`${binary}.new`, binary);
  return binary;
}

/** How often a section that wants the processor alone is executed at most. */
const MOST_TRIES = 40;

/** The real answers to a section, an array; settings of the machine are the caller's to make (settings.mjs). */
export function realCalls(name, sections, index) {
  const binary = compile(name, sections);
  const files = join(build, "files");
  mkdirSync(files, { recursive: true });
  chmodSync(files, 0o1777);
  const file = join(files, "memory-course-calls");
  writeFileSync(file, "x".repeat(8192));
  chmodSync(file, 0o644);
  const execute = () =>
    execFileSync(binary, [String(index), ...sections[index].words], {
      encoding: "utf8",
      cwd: files,
    });
  let output = execute();
  if (sections[index].process.alone !== undefined) {
    const seen = new Set();
    for (let i = 0; i < MOST_TRIES && !seen.has(output); i++) {
      seen.add(output);
      output = execute();
    }
  }
  const answers = output.split("\n").slice(0, -1);
  return normalised(
    sections[index],
    answers.map((line) => line.replaceAll("\x01", "\n")),
  );
}
