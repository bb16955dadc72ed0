/** The call that a body asks for with `return f.deep(…)`: there is one at a time, so a deep recursion makes no garbage. */
import type { DeepCall, Definition, Returned } from "./functions.js";

const none: readonly number[] = [];

export class PendingCall implements DeepCall {
  /** `undefined` where no call is asked for. */
  callee: Definition | undefined;
  args: readonly number[] = none;
  /** What the caller does with the result; `undefined` where it returns it as it is. */
  rest: ((result: number) => Returned) | undefined;

  ask(callee: Definition, args: readonly number[]): this {
    this.callee = callee;
    this.args = args;
    return this;
  }

  after(rest: (result: number) => Returned): this {
    this.rest = rest;
    return this;
  }

  forget(): void {
    this.callee = undefined;
    this.args = none;
    this.rest = undefined;
  }
}
