/** Calls that a body returns instead of making them: recursion as deep as the simulated stack allows. */
import type { Frame } from "./frame.js";
import type { FunctionInfo } from "./stack-types.js";

/** A body: it gets its frame, then its arguments as numbers, as a function gets them in registers. */
export type FunctionBody = (f: Frame, ...args: number[]) => Returned;

/** What a body returns: nothing, a value, or a call whose result its own result follows from. */
export type Returned = number | void | DeepCall;

/** What a function does with the result of the call that it returned; `f` is its frame, whose turn it is again. */
export type Rest = (result: number, f: Frame) => Returned;

/**
 * `return down.deep(n - 1)` is C's `return down(n - 1);`, and
 * `return down.deep(n - 1).after((below) => below + 1)` its `return down(n - 1) + 1;`. The call happens when the
 * body has returned it, so that the recursion is as deep as the simulated stack allows, not JavaScript's own.
 */
export interface DeepCall {
  /**
   * The rest of the caller's body. A function that is made in each call is kept until its turn comes, with what it uses;
   * of one that is written once, outside the body, nothing is: {@link Frame.named} gives it the caller's objects.
   */
  after(rest: Rest): DeepCall;
}

/** A defined function, as the stack and the trampoline see it. */
export interface Definition extends FunctionInfo {
  readonly body: FunctionBody;
}

/** The call that a body asks for: there is one at a time, so a deep recursion makes no garbage. */
export class PendingCall implements DeepCall {
  /** `undefined` where no call is asked for. */
  callee: Definition | undefined;
  /** The same array for all calls: the caller has spilled its own when it asks for the next. */
  readonly args: number[] = [];
  /** What the caller does with the result; `undefined` where it returns it as it is. */
  rest: Rest | undefined;

  ask(callee: Definition, args: readonly number[]): this {
    this.callee = callee;
    for (let i = 0; i < args.length; i++) this.args[i] = args[i] ?? 0;
    return this;
  }

  after(rest: Rest): this {
    this.rest = rest;
    return this;
  }

  forget(): void {
    this.callee = undefined;
    this.rest = undefined;
  }
}
