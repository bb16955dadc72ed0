/** The two MIME types of the package `course`: a real program's answer, and one beside the simulator's. */
import type { AnswerHere, AnswerOutput, ComparedLine, ComparisonOutput, Stamp } from "./model.js";
import { joinText } from "./notebook.js";

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Json)
    : null;
}

const stampTexts = ["kernel", "libc", "compiler", "simulator", "date"] as const;

function readStamp(value: unknown): Stamp {
  const json = object(value) ?? {};
  const stamp: Record<string, string | boolean> = {};
  for (const name of stampTexts) {
    const text = json[name];
    if (typeof text === "string" && text !== "") stamp[name] = text;
  }
  if (json["recorded"] === true) stamp["recorded"] = true;
  return stamp;
}

function exitWords(json: Json): string {
  if (typeof json["signal"] === "string") return `ended by ${json["signal"]}`;
  const code = json["exitCode"];
  return typeof code === "number" && code !== 0 ? `exit code ${code}` : "";
}

/** What the building machine answered; null where that is the answer itself. */
function readHere(value: unknown, answer: string): AnswerHere | null {
  const json = object(value);
  if (json === null) return null;
  const text = joinText(json["text"]);
  return { text, stamp: readStamp(json["stamp"]), equal: text === answer };
}

/** The answer of a real program; null where `value` is none. */
export function readAnswer(value: unknown): AnswerOutput | null {
  const json = object(value);
  const text = json?.["stdout"];
  if (json === null || typeof text !== "string") return null;
  const errors = joinText(json["stderr"]);
  const exit = exitWords(json);
  const whole = [text, errors, exit].map((part) => part.replace(/\n$/, ""));
  return {
    kind: "answer",
    text,
    errors,
    exit,
    stamp: readStamp(json["stamp"]),
    here: readHere(json["here"], whole.filter((part) => part !== "").join("\n")),
  };
}

function compared(lines: readonly string[], others: readonly string[]): ComparedLine[] {
  return lines.map((text, index) => ({ text, differs: text !== others[index] }));
}

/** The real answer beside that of `simulator`, line by line; null where `value` is none. */
export function readComparison(value: unknown, simulator: string): ComparisonOutput | null {
  const json = object(value);
  const real = object(json?.["real"]);
  const simulated = object(json?.["simulated"]);
  if (json === null || real === null || simulated === null) return null;
  const realText = joinText(real["text"]);
  const simulatedText = joinText(simulated["text"]);
  const realLines = realText.split("\n");
  const simulatedLines = simulatedText.split("\n");
  const why = json["why"];
  return {
    kind: "comparison",
    real: compared(realLines, simulatedLines),
    simulated: compared(simulatedLines, realLines),
    realStamp: readStamp(real["stamp"]),
    here: readHere(real["here"], realText),
    simulatedStamp: { simulator, ...readStamp(simulated["stamp"]) },
    equal: realText === simulatedText,
    because: typeof why === "string" ? why : null,
  };
}
