/** One thing that is wrong with a file: where it stands, what it is, and what to do about it. */
export interface Problem {
  file: string;
  /** Counted from 1; 0 where the problem belongs to no line. */
  line: number;
  message: string;
  hint: string;
}

/** `file:line: message (try: hint)`, the form that editors and terminals link to a place. */
export function problemText(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}` : problem.file;
  return `${place}: ${problem.message} (try: ${problem.hint})`;
}

/** Thrown for a file that cannot be shown as asked. Its message lists every problem, a line each. */
export class ListingError extends Error {
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    super(problems.map(problemText).join("\n"));
    this.name = "ListingError";
    this.problems = problems;
  }
}
