/** What is wrong with something that a person wrote: where, what, and what to try. Shown without a stack trace. */
export class Problem extends Error {
  override name = "Problem";
}
