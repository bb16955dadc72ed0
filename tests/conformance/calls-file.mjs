/**
 * The files of `calls/`: calls that are expressions of C and of TypeScript alike, and what the real system answered.
 *
 *     == title, of a process of its own | user=nobody legacy fixed stack=65536 hugePages=8 thp=never overcommitMemory=2
 *     m = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) // address
 *     munmap(m + 1, PAGE) // EINVAL
 *     child {
 *       exit_with(3)
 *     }
 *
 * A child executes what stands between the braces; its parent waits for it, except after `child unwaited {`. An answer of
 * several lines stands below its call, behind `//|`. `legacy` is `setarch -L`, `fixed` `setarch -R`, `stack` `ulimit -s`.
 * `alone` is for answers that another program on the same processor changes: what two executions agree on counts.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const directory = join(dirname(fileURLToPath(import.meta.url)), "calls");

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
      const [title, options = ""] = text.slice(2).split(" | ");
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

export const isAnswering = (code) => !isBrace(code) && !/^(exit_with|killed_by)\(/.test(code);

export const isBrace = (code) => code.endsWith("{") || code === "}";

/** Variables that a section assigns. */
export function variablesOf(section) {
  return [...new Set(section.lines.flatMap(({ code }) => /^(\w+) = /.exec(code)?.[1] ?? []))];
}

/** The lines of a section that answer. */
export function answering(section) {
  return section.lines.filter(({ code }) => isAnswering(code));
}

/** Writes the answers of each section into the file, behind or below their calls. */
export function writeAnswers(name, sections, answers) {
  const path = join(directory, `${name}.calls`);
  const known = new Map();
  for (const [i, section] of sections.entries()) {
    answering(section).forEach((line, k) => known.set(line.at, answers[i]?.[k] ?? line.expected));
  }
  const out = [];
  for (const [at, line] of readFileSync(path, "utf8").split("\n").entries()) {
    if (line.trim().startsWith("//|")) continue;
    const answer = known.get(at);
    const code = line.split(" // ")[0].trimEnd();
    const indent = /^ */.exec(line)[0];
    if (answer === undefined) out.push(line);
    else if (!answer.includes("\n")) out.push(`${code} // ${answer}`);
    else out.push(code, ...answer.split("\n").map((each) => `${indent}//| ${each}`.trimEnd()));
  }
  writeFileSync(path, out.join("\n"));
}
