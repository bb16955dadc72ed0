/**
 * What is taken out of an answer before two systems are compared: the addresses and numbers that are each system's own.
 * A figure of a process counts from what it was at the last time it was asked for, because the C program and the
 * C library under it take pages that the simulated program has not.
 */

import { isAnswering, isBrace } from "./calls-file.mjs";

const number = (text) => Number(text.replace(/ kB$/, ""));

/** `Name:   value kB` lines, in their order. */
function figures(text) {
  return text
    .split("\n")
    .map((line) => /^([^:\s]+):\s*(-?\d+)(?: kB)?$/.exec(line))
    .filter((found) => found !== null)
    .map(([, name, value]) => [name, number(value)]);
}

function changes(before, now) {
  return now
    .filter(([name, value]) => before.get(name) !== value)
    .map(([name, value]) => {
      const change = value - (before.get(name) ?? 0);
      return `${name}${change > 0 ? "+" : ""}${change}`;
    })
    .join(" ");
}

/** Lines whose value is the whole machine's or another part of the process's life, and no figure of its memory. */
const unlike =
  /^(Name|Umask|State|Tgid|Ngid|Pid|PPid|TracerPid|FDSize|Groups|NS\w+|SigQ|\w*ctxt_switches)$/;

/** Of smaps_rollup, what changes when another process that has the C library mapped comes or goes. */
const othersToo = /^(Pss|Pss_File|Shared_Clean|Private_Clean)$/;

/** High-water marks count from what the program's own start has left; they are compared by tests of their own. */
const marks = new Set(["VmPeak", "VmHWM"]);

/** The form of a text: its numbers as the columns that they fill; of lines that are another's, the name alone. */
function form(text) {
  return text
    .replace(/^[0-9a-f]+-[0-9a-f]+ /gm, "RANGE ")
    .split("\n")
    .map((line) => {
      const [, name] = /^(\w+):/.exec(line) ?? [];
      if (name !== undefined && unlike.test(name)) return `${name}:`;
      if (/^[\d ]+$/.test(line)) return line.replace(/\d+/g, "N");
      return line.replace(
        /( *)(\d+)( kB)?$/,
        (_, space, digits, unit = "") => ` ${space.length + digits.length} columns${unit}`,
      );
    })
    .join("\n")
    .trim();
}

/** Everything of an entry of maps but where it lies: its size in pages instead. A blank that ends a line is made visible. */
function entry(text) {
  return text
    .replace(
      /^([0-9a-f]+)-([0-9a-f]+) /gm,
      (_, start, end) => `${(parseInt(end, 16) - parseInt(start, 16)) / 4096} pages `,
    )
    .replace(/ (\w\w:\w\w) [1-9]\d* +/g, " $1 INODE ")
    .replace(/\n$/, "")
    .replace(/ $/gm, "␠");
}

/** The answers of a section as they are compared. A child's figures count from when it asks first. */
export function normalised(section, answers) {
  const processes = [normaliser()];
  const out = [];
  for (const { code } of section.lines) {
    if (code === "}") processes.pop();
    else if (isBrace(code)) processes.push(normaliser());
    else if (isAnswering(code))
      out.push(processes.at(-1)(code, answers[out.length] ?? "no answer"));
  }
  return out;
}

/** A function of a call and its answer to the answer as it is compared; it remembers the figures of one process. */
function normaliser() {
  const before = new Map();
  const since = (key, now) => {
    const change = changes(before.get(key) ?? new Map(), now);
    const first = !before.has(key);
    before.set(key, new Map(now));
    return first ? "from here on" : change === "" ? "no change" : change;
  };
  return (code, answer) => {
    if (code.startsWith("status(")) {
      return since(
        "status",
        figures(answer).filter(([name]) => !unlike.test(name) && !marks.has(name)),
      );
    }
    if (code.startsWith("peaks(")) return peaks(figures(answer));
    if (code.startsWith("statm(")) {
      const names = ["size", "resident", "shared", "text", "lib", "data", "dt"];
      return since(
        "statm",
        answer
          .trim()
          .split(" ")
          .map((value, i) => [names[i], Number(value)]),
      );
    }
    if (code.startsWith("rollup(")) {
      return since(
        "rollup",
        figures(answer).filter(([name]) => !othersToo.test(name)),
      );
    }
    if (code.startsWith("meminfo(")) return poolFigures(before, answer);
    if (code.startsWith("committed(")) return committedSince(before, answer);
    if (code.startsWith("form(")) return form(answer);
    if (code.startsWith("smaps(") || code.startsWith("mapping(")) return entry(answer);
    if (/^\w+ = pfn\(/.test(code)) return "pfn";
    if (code.startsWith("pagemap(")) return pagemapWords(answer);
    return answer;
  };
}

/**
 * How far the high-water marks are above the figures, in MiB. Linux counts resident pages on each processor apart and
 * sums them up roughly when it notes the mark (percpu_counter).
 */
function peaks(now) {
  const value = new Map(now);
  const above = (mark, figure) =>
    `${mark}=${figure}+${Math.round((value.get(mark) - value.get(figure)) / 1024)} MiB`;
  return `${above("VmPeak", "VmSize")} ${above("VmHWM", "VmRSS")}`;
}

/** The pool of huge pages, less what is promised to nobody when it is first asked for (settings.mjs: lostReservations). */
function poolFigures(before, answer) {
  const now = new Map(figures(answer));
  if (!before.has("lost")) before.set("lost", now.get("HugePages_Rsvd"));
  const lost = before.get("lost");
  const figure = (name, each = 1) => `${name}=${now.get(name) - lost * each}`;
  return [
    figure("HugePages_Total"),
    figure("HugePages_Free"),
    figure("HugePages_Rsvd"),
    `HugePages_Surp=${now.get("HugePages_Surp")}`,
    figure("Hugetlb", 2048),
  ].join(" ");
}

/** What Committed_AS has grown by since it was asked last, in steps of 4 GiB: less is what other programs of a real machine do. */
function committedSince(before, answer) {
  const now = new Map(figures(answer)).get("Committed_AS");
  const then = before.get("Committed_AS") ?? now;
  before.set("Committed_AS", now);
  const step = 4;
  return `${Math.round((now - then) / (step * 2 ** 20)) * step + 0} GiB more`;
}

function pagemapWords(answer) {
  if (!answer.startsWith("0x")) return answer;
  const bits = BigInt(answer);
  const words = [
    [63n, "present"],
    [62n, "swapped"],
    [61n, "file-or-shared"],
    [58n, "guard"],
    [57n, "uffd-wp"],
    [56n, "exclusive"],
    [55n, "soft-dirty"],
  ]
    .filter(([bit]) => ((bits >> bit) & 1n) === 1n)
    .map(([, word]) => word);
  if ((bits & ((1n << 55n) - 1n)) !== 0n) words.push("pfn");
  return words.join(" ") || "nothing";
}
