/** Real against simulated: where a trace's answers differ first, and the shortest trace that still differs. */
import { realAnswers } from "./real.mjs";
import { simulatedAnswers } from "./simulator.mjs";

/** The commands of a trace, as its answers count them. */
export function commandsOf(text) {
  return text.split("\n").filter((line) => line.replace(/#.*/, "").trim() !== "");
}

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

/** Whether the real system gives the same answers once more, and again. */
export async function isStable(text, answers) {
  const again = await realAnswers([text, text]);
  const [alone] = await realAnswers([text]);
  return [...again, alone].every((each) => firstDifference(answers, each) === undefined);
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
 * real and simulated still disagree in the same kind of command.
 */
export async function reduce(simulator, lines, options = {}) {
  const kindOf = (trace, difference) =>
    (trace[difference.index] ?? "").replace(/^@\S+ /, "").split(" ")[0];
  const differing = async (candidates) => {
    const texts = candidates.map((trace) => trace.join("\n"));
    const real = await realAnswers(texts);
    return candidates.map((trace, i) => {
      const difference = firstDifference(real[i], simulatedAnswers(simulator, texts[i], options));
      return difference === undefined ? undefined : { difference, kind: kindOf(trace, difference) };
    });
  };
  const [first] = await differing([lines]);
  if (first === undefined) return lines;
  let best = lines.slice(0, first.difference.index + 1);
  for (
    let size = Math.ceil(best.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = Math.max(0, best.length - 1 - size); ; from = Math.max(0, from - size)) {
      const candidate = [
        ...best.slice(0, from),
        ...best.slice(Math.min(from + size, best.length - 1)),
      ];
      if (candidate.length < best.length) {
        const [found] = await differing([candidate]);
        if (found?.kind === first.kind) best = candidate.slice(0, found.difference.index + 1);
      }
      if (from === 0) break;
      from = Math.min(from, best.length - 1);
    }
  }
  return best;
}
