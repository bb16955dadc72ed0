/** Real against simulated: where a trace's answers differ first, and the shortest trace that still differs. */
import { realAnswers } from "./real.mjs";
import { heapListsBefore } from "./simulator.mjs";

/** The first line in which two arrays of answers differ, or undefined. */
export function firstDifference(real, simulated) {
  const length = Math.max(real.length, simulated.length);
  for (let index = 0; index < length; index++) {
    if (real[index] !== simulated[index]) {
      return {
        index,
        real: real[index] ?? "(no answer)",
        simulated: simulated[index] ?? "(no answer)",
      };
    }
  }
  return undefined;
}

/** How often a trace is executed again: an answer that hangs on one random bit passes for the same once in 512. */
const AGAIN = 9;

/**
 * Whether the real system begins with the same answers each time that it is asked again. Each time by a program started anew:
 * the traces of one program have its addresses in common.
 */
export async function isStable(text, answers, mode) {
  for (let i = 0; i < AGAIN; i++) {
    const [again] = await realAnswers([text], mode);
    if (firstDifference(answers, again.slice(0, answers.length)) !== undefined) return false;
  }
  return true;
}

/** The difference with what came before it, as text. */
export function describeDifference(lines, real, difference, before = 8) {
  const { index } = difference;
  const from = Math.max(0, index - before);
  const shown = lines
    .slice(from, index)
    .map(
      (line, i) =>
        `  ${String(from + i + 1).padStart(4)}  ${line}    ${shorten(real[from + i] ?? "")}`,
    );
  return [
    ...shown,
    `> ${String(index + 1).padStart(4)}  ${lines[index] ?? "(after the last command)"}`,
    `        real       ${difference.real}`,
    `        simulated  ${difference.simulated}`,
    ...fieldDifferences(difference),
  ].join("\n");
}

function shorten(text) {
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/** For answers of many fields: those that differ. */
function fieldDifferences({ real, simulated }) {
  const separator = real.includes(" ; ") ? " ; " : " ";
  const a = real.split(separator);
  const b = simulated.split(separator);
  if (a.length < 4 || simulated.startsWith("BUG")) return [];
  const missing = a.filter((each) => !b.includes(each));
  const extra = b.filter((each) => !a.includes(each));
  return [
    `        only real      ${missing.join(separator)}`,
    `        only simulated ${extra.join(separator)}`,
  ];
}

/**
 * The shortest trace found that still differs: commands are left out, in large pieces first, as long as
 * the two sides still disagree in the same kind of command. `real` answers many texts at once,
 * `simulated` one.
 */
export async function reduce({ real, simulated }, lines) {
  const differenceOf = async (trace) => {
    if (dropsUnwritten(trace) && !dropsUnwritten(lines)) return undefined;
    const text = trace.join("\n");
    const [answers] = await real([text]);
    const difference = firstDifference(answers, await simulated(text));
    if (difference === undefined) return undefined;
    const command = trace[difference.index] ?? "";
    return { index: difference.index, kind: command.replace(/^@\S+ /, "").split(" ")[0] };
  };
  const first = await differenceOf(lines);
  if (first === undefined) return lines;
  let best = lines.slice(0, first.index + 1);
  let size = Math.ceil(best.length / 2);
  while (size >= 1) {
    let isShorter = false;
    for (let from = best.length - 1 - size; from > -size; from -= size) {
      const start = Math.max(0, from);
      const candidate = [...best.slice(0, start), ...best.slice(from + size)];
      const found = candidate.length < best.length ? await differenceOf(candidate) : undefined;
      if (found?.kind !== first.kind) continue;
      best = candidate.slice(0, found.index + 1);
      isShorter = true;
      from = Math.min(from, best.length - 1);
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (!isShorter) break;
  }
  return best;
}

/** Whether a cache is dropped that was not written to the disk just before: how soon the disk is, is no answer. */
function dropsUnwritten(trace) {
  return trace.some(
    (line, index) =>
      /^(@\S+ )?dropcache /.test(line) && trace[index - 1] !== line.replace("dropcache", "fsync"),
  );
}

/** The two sides of a comparison: our C program on this machine, and the simulator. */
export function sidesOf(simulator, options = {}) {
  return {
    real: (texts) => realAnswers(texts, options.mode),
    simulated: (text) => simulator.answers(text, options),
  };
}

/** For traces that allocate: the simulated heap's lists before the command that differs. */
export async function describeHeap(simulator, lines, difference) {
  const usesHeap = lines.some((line) => /^(@\S+ )?(malloc|calloc|realloc|memalign) /.test(line));
  if (!usesHeap) return "";
  const lists = await heapListsBefore(simulator, lines.join("\n"), difference.index);
  return lists === "" ? "" : `the simulated heap's lists before it:\n${lists}`;
}
