/** A line that is not the language's: where it is, and what was expected there. */
export class TraceSyntaxError extends Error {
  override readonly name: string = "TraceSyntaxError";
  readonly line: number;
  readonly column: number;
  readonly expected: string;

  /** Lines and columns count from 1. */
  constructor(at: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly expected: string;
    readonly found: string;
  }) {
    const found = at.found === "" ? "the line ends" : `found "${at.found}"`;
    super(`${at.file}:${at.line}:${at.column}: expected ${at.expected}, ${found}`);
    this.line = at.line;
    this.column = at.column;
    this.expected = at.expected;
  }
}
