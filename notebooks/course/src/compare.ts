/** The real answer and the simulated one, side by side. */
import { hereJson, hereText, stampText, type RealAnswer, type Stamp } from "./answer.js";
import { DISPLAY, escapeHtml, type MimeBundle } from "./display.js";

export interface CompareOptions {
  /** Why the two answers differ, where they are meant to. */
  readonly differs?: string;
}

/** Wider than this, the two texts stand one above the other. */
const MAX_WIDTH = 100;

export class Comparison {
  readonly real: {
    readonly file: string;
    readonly args: readonly string[];
    readonly text: string;
    readonly stamp: Stamp;
    /** The answer of this very machine, where it is not the one that the course speaks of. */
    readonly here?: { readonly text: string; readonly stamp: Stamp };
  };
  readonly simulated: { readonly text: string };
  readonly equal: boolean;
  /** Lines, from 1, that differ. */
  readonly differences: readonly number[];
  /** Why they differ, where that was said. */
  readonly why: string | undefined;
  readonly #here: string;

  constructor(real: RealAnswer, simulated: string, why: string | undefined) {
    const { file, args, stamp } = real;
    this.real = { file, args, text: real.toString(), stamp, ...hereJson(real) };
    this.simulated = { text: simulated.replace(/\n$/, "") };
    this.differences = differingLines(this.real.text, this.simulated.text);
    this.equal = this.differences.length === 0;
    this.why = why;
    this.#here = hereText(real);
  }

  toString(): string {
    const left = this.real.text.split("\n");
    const right = this.simulated.text.split("\n");
    const titles = [`real: ${stampText(this.real.stamp)}`, "simulated"] as const;
    const width = Math.max(titles[0].length, ...left.map((line) => line.length));
    const total = width + 5 + Math.max(...right.map((line) => line.length));
    const verdict = this.equal
      ? `equal, ${left.length} ${left.length === 1 ? "line" : "lines"}`
      : `${this.differences.length} of ${Math.max(left.length, right.length)} lines differ${this.why === undefined ? "" : `: ${this.why}`}`;
    const body = total <= MAX_WIDTH ? this.#beside(width, titles) : this.#stacked(titles);
    return `${body}\n(${verdict})${this.#here}`;
  }

  [DISPLAY](): MimeBundle {
    const { real, simulated, equal, differences, why } = this;
    return {
      "text/plain": this.toString(),
      "text/html": this.#html(),
      "application/vnd.memory-course.comparison+json": {
        real,
        simulated,
        equal,
        differences,
        ...(why === undefined ? {} : { why }),
      },
    };
  }

  #beside(width: number, titles: readonly [string, string]): string {
    const left = this.real.text.split("\n");
    const right = this.simulated.text.split("\n");
    const rows = [`${titles[0].padEnd(width)}  | ${titles[1]}`];
    for (let i = 0; i < Math.max(left.length, right.length); i++) {
      const mark = this.differences.includes(i + 1) ? "≠" : " ";
      rows.push(`${(left[i] ?? "").padEnd(width)} ${mark}| ${right[i] ?? ""}`.trimEnd());
    }
    return rows.join("\n");
  }

  #stacked(titles: readonly [string, string]): string {
    const part = (title: string, text: string): string =>
      [
        title,
        ...text
          .split("\n")
          .map((line, index) => `${this.differences.includes(index + 1) ? "≠ " : "  "}${line}`),
      ].join("\n");
    if (this.equal) return part(`${titles[0]}; ${titles[1]}`, this.real.text);
    return `${part(titles[0], this.real.text)}\n${part(titles[1], this.simulated.text)}`;
  }

  #html(): string {
    const column = (text: string): string =>
      text
        .split("\n")
        .map((line, index) =>
          this.differences.includes(index + 1)
            ? `<mark>${escapeHtml(line)}</mark>`
            : escapeHtml(line),
        )
        .join("\n");
    const cell = (text: string): string =>
      `<td style="text-align:left;vertical-align:top"><pre>${column(text)}</pre></td>`;
    return `<table><caption>${this.equal ? "equal" : "different"}</caption><thead><tr><th scope="col">real: ${escapeHtml(stampText(this.real.stamp))}</th><th scope="col">simulated</th></tr></thead><tbody><tr>${cell(this.real.text)}${cell(this.simulated.text)}</tr></tbody></table>`;
  }
}

/** Puts a real answer and a simulated text side by side, line by line. */
export function compare(
  real: RealAnswer,
  simulated: string | { toString(): string },
  options: CompareOptions = {},
): Comparison {
  return new Comparison(real, String(simulated), options.differs);
}

function differingLines(a: string, b: string): number[] {
  const left = a.split("\n");
  const right = b.split("\n");
  const differing: number[] = [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if (left[i] !== right[i]) differing.push(i + 1);
  }
  return differing;
}
