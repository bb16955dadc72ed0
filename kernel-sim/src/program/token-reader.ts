/** Reads a C declaration's tokens, one after another; says what was expected where another one stands. */
import { UsageError } from "../core/errors.js";

export class TokenReader {
  private readonly tokens: readonly string[];
  protected position = 0;

  constructor(protected readonly text: string) {
    const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, " ");
    this.tokens = bare.match(/[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|\.\.\.|\S/g) ?? [];
  }

  protected peek(ahead = 0): string | undefined {
    return this.tokens[this.position + ahead];
  }

  protected next(): string {
    const token = this.tokens[this.position];
    if (token === undefined) this.fail("more");
    this.position++;
    return token;
  }

  protected name(): string {
    if (!/^[A-Za-z_]/.test(this.peek() ?? "")) this.fail("a name");
    return this.next();
  }

  protected accept(token: string): boolean {
    if (this.peek() !== token) return false;
    this.position++;
    return true;
  }

  protected expect(token: string): void {
    if (!this.accept(token)) this.fail(`"${token}"`);
  }

  protected end(): void {
    if (this.peek() !== undefined) this.fail("the end");
  }

  protected fail(expected: string, back = 0): never {
    const found = this.tokens[this.position + back];
    throw new UsageError(
      `in the C declaration "${this.text.trim()}": expected ${expected}, found ${found === undefined ? "the end" : `"${found}"`}`,
      "write it as C would; a struct, union or typedef must be declared first, with c.types(…)",
    );
  }
}
