/** Reads the constants of declarations: whole numbers and `sizeof(type)`, joined by + - * / and brackets. */
import type { CType } from "./ctype.js";
import { TokenReader } from "./token-reader.js";

export abstract class ConstantReader extends TokenReader {
  /** A type's name, in a bracket. */
  protected abstract typeName(): CType;

  protected constant(): number {
    let value = this.term();
    for (;;) {
      if (this.accept("+")) value += this.term();
      else if (this.accept("-")) value -= this.term();
      else return value;
    }
  }

  private term(): number {
    let value = this.factor();
    for (;;) {
      if (this.accept("*")) value *= this.factor();
      else if (this.accept("/")) value = Math.trunc(value / this.factor());
      else return value;
    }
  }

  private factor(): number {
    if (this.accept("-")) return -this.factor();
    if (this.accept("(")) {
      const value = this.constant();
      this.expect(")");
      return value;
    }
    if (this.accept("sizeof")) {
      this.expect("(");
      const { sizeBytes } = this.typeName();
      this.expect(")");
      return sizeBytes;
    }
    const token = this.next();
    if (!/^\d/.test(token)) this.fail("a number", -1);
    return Number(token);
  }
}
