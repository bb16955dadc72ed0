/** A line of another tool's log, which knows where it is. */
import { TraceSyntaxError } from "../syntax-error.js";

export class LogLine {
  readonly text: string;
  readonly #file: string;
  readonly #number: number;

  constructor(file: string, number: number, text: string) {
    this.#file = file;
    this.#number = number;
    this.text = text;
  }

  /** To be thrown where `expected` should be at `index` of the text, and the word there is not that. */
  error(expected: string, index: number): TraceSyntaxError {
    return new TraceSyntaxError({
      file: this.#file,
      line: this.#number,
      column: index + 1,
      expected,
      found: /^[^\s,)|]*/.exec(this.text.slice(index))?.[0] ?? "",
    });
  }

  /** The words between white space, each with the index at which it begins. */
  words(): { readonly text: string; readonly index: number }[] {
    return Array.from(this.text.matchAll(/\S+/g), (match) => ({
      text: match[0],
      index: match.index ?? 0,
    }));
  }
}

/** The lines of a log that hold anything, in their order. */
export function* logLines(text: string, file: string): Generator<LogLine> {
  let number = 0;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    number++;
    const line = text.slice(start, end).trimEnd();
    if (line !== "") yield new LogLine(file, number, line);
    start = end + 1;
  }
}
