/** A fault in what an author wrote, shown as its message alone: where it is, what is wrong, what to try. */
export class PageError extends Error {
  constructor(where: string, what: string, hint?: string) {
    super(`${where}: ${what}${hint === undefined ? "" : `\n  try: ${hint}`}`);
    this.name = "PageError";
  }
}
