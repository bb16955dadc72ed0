/**
 * Calls one by one, real against simulated: files of `calls/` whose every line is an expression of C and of TypeScript alike.
 *
 *     == title, of a process of its own | user=nobody legacy fixed stack=64M hugePages=8 thp=never overcommitMemory=2
 *     m = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) // address
 *     munmap(m + 1, PAGE) // EINVAL
 *     child {            a forked child executes what follows; its parent waits for it, and for `child unwaited {` does not
 *     }
 *
 * What stands behind `//`, or below the call in lines that begin with `//|`, is what the real system answered.
 *
 *     node tests/conformance/calls.mjs [NAME…] [--record]
 *
 * compares the recorded answers with the simulator's and, where it can, with the real system's; --record writes the real ones.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { normaliser } from "./calls-normal.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const directory = join(here, "calls");
const build = join(here, ".build");
const flags = [
  "-std=gnu11",
  "-D_GNU_SOURCE",
  "-O0",
  "-Wall",
  "-Wno-unused",
  "-Wno-multichar",
  "-Wno-overflow",
];

export const callFiles = readdirSync(directory)
  .filter((name) => name.endsWith(".calls"))
  .map((name) => name.slice(0, -".calls".length));

/** Settings of the whole machine that a section may ask for (settings.mjs), as numbers where they are numbers. */
const machineSettings = ["thp", "hugePages", "overcommitMemory"];

function optionsOf(text) {
  const options = { settings: {}, process: {}, words: [] };
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const [name, value] = word.split("=");
    if (machineSettings.includes(name)) {
      options.settings[name] = /^\d+$/.test(value) ? Number(value) : value;
    } else {
      options.process[name] = value ?? "yes";
      options.words.push(word);
    }
  }
  return options;
}

/** The sections of a file: title, options, and lines `{ code, expected, at }`; braces of children are lines too. */
export function readCalls(name) {
  const lines = readFileSync(join(directory, `${name}.calls`), "utf8").split("\n");
  const sections = [];
  for (const [at, line] of lines.entries()) {
    const text = line.trim();
    if (text.startsWith("==")) {
      const [title, options = ""] = text.slice(2).split("|");
      sections.push({ title: title.trim(), ...optionsOf(options), lines: [] });
    } else if (text.startsWith("//|")) {
      const last = sections.at(-1).lines.at(-1);
      last.expected =
        last.expected === undefined
          ? line.slice(line.indexOf("//|") + 4)
          : `${last.expected}\n${line.slice(line.indexOf("//|") + 4)}`;
    } else if (text !== "" && !text.startsWith("#")) {
      const [code, expected] = text.split(" // ");
      sections.at(-1).lines.push({ code: code.trim(), expected, at });
    }
  }
  return sections;
}

export const isBrace = (code) => code.endsWith("{") || code === "}";

/** Variables that a section assigns. */
export function variablesOf(section) {
  return [...new Set(section.lines.flatMap(({ code }) => /^(\w+) = /.exec(code)?.[1] ?? []))];
}

function sectionSource(section, index) {
  const body = section.lines.map(({ code }) => {
    if (code === "}")
      return "    flush(); _exit(child_code); }\n    if (waited) { wait_for(pid, 0); } else until_zombie(pid);\n  }";
    if (code.endsWith("{")) {
      const waited = code === "child unwaited {" ? "false" : "true";
      return `  { bool waited = ${waited}; flush(); pid_t pid = fork(); if (pid == 0) { int child_code = 0; prctl(PR_SET_PDEATHSIG, SIGKILL);`;
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

function compile(name, sections) {
  const text = source(sections);
  const hash = createHash("sha256")
    .update(text)
    .update(readFileSync(join(directory, "runtime.h")));
  const binary = join(build, `calls-${name}-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(binary)) return binary;
  mkdirSync(build, { recursive: true });
  writeFileSync(`${binary}.c`, text);
  execFileSync(
    "cc",
    [...flags, "-Wl,-z,now", "-I", directory, "-o", `${binary}.new`, `${binary}.c`],
    { stdio: "inherit" },
  );
  renameSync(`${binary}.new`, binary);
  return binary;
}

/** The real answers to a section, an array; settings of the machine are the caller's to make (settings.mjs). */
export function realCalls(name, sections, index) {
  const binary = compile(name, sections);
  const files = join(build, "files");
  mkdirSync(files, { recursive: true });
  chmodSync(files, 0o1777);
  const file = join(files, "memory-course-calls");
  writeFileSync(file, "x".repeat(8192));
  chmodSync(file, 0o644);
  const output = execFileSync(binary, [String(index), ...sections[index].words], {
    encoding: "utf8",
    cwd: files,
  });
  const codes = sections[index].lines.filter(
    ({ code }) => !isBrace(code) && !/^(exit_with|killed_by)\(/.test(code),
  );
  const normal = normaliser();
  return output
    .split("\n")
    .slice(0, -1)
    .map((line, i) => normal(codes[i]?.code ?? "", line.replaceAll("\x01", "\n")));
}

/** The lines of a section that answer. */
export function answering(section) {
  return section.lines.filter(
    ({ code }) => !isBrace(code) && !/^(exit_with|killed_by)\(/.test(code),
  );
}

/** Writes the answers of each section into the file, behind or below their calls. */
export function writeAnswers(name, sections, answers) {
  const path = join(directory, `${name}.calls`);
  const lines = readFileSync(path, "utf8").split("\n");
  const known = new Map();
  sections.forEach((section, i) =>
    answering(section).forEach(({ at, code }, k) =>
      known.set(at, { code, answer: answers[i]?.[k] }),
    ),
  );
  const out = [];
  for (const [at, line] of lines.entries()) {
    if (line.trim().startsWith("//|")) {
      if (!known.get(last(known, at))?.answer) out.push(line);
      continue;
    }
    const found = known.get(at);
    if (found?.answer === undefined) {
      out.push(line);
      continue;
    }
    const indent = /^ */.exec(line)[0];
    if (found.answer.includes("\n")) {
      out.push(
        indent + found.code,
        ...found.answer.split("\n").map((each) => `${indent}//| ${each}`),
      );
    } else out.push(`${indent}${found.code} // ${found.answer}`);
  }
  writeFileSync(path, out.join("\n"));
}

function last(known, at) {
  return Math.max(...[...known.keys()].filter((each) => each < at));
}
