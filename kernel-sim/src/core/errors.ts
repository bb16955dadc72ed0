/**
 * The two kinds of failure that are thrown. The third kind, what the C program itself would see
 * (errno, a signal, an abort message), is always a value of the simulation; see `abi/signal.ts`.
 */

/** A wrong call of this package's own interface: what happened, where, and what to try. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
  /** What the caller can try instead, a sentence. */
  readonly hint: string;

  constructor(what: string, hint: string) {
    super(`${what}\n  try: ${hint}`);
    this.hint = hint;
  }
}

/** Something that cannot happen did: a bug of the simulator, never of its user. */
export class InvariantError extends Error {
  override readonly name: string = "InvariantError";
}

/** Throws {@link InvariantError} with `what` unless `condition` holds. */
export function invariant(condition: boolean, what: string): asserts condition {
  if (!condition) throw new InvariantError(`invariant broken: ${what}`);
}
