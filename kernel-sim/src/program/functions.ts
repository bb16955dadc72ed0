/** Functions of the C program: their bodies are TypeScript, their calls happen on the simulated stack. */
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import type { CallStack } from "./call-stack.js";
import type { TypeTable } from "./declarations.js";
import type { Frame } from "./frame.js";
import type { FunctionInfo } from "./stack-types.js";

/** A body: it gets its frame, then its arguments as numbers, as a function gets them in registers. */
export type PlainBody = (f: Frame, ...args: number[]) => number | void;

/** A body for deep recursion: `function* (f, n) { … yield self.deep(n - 1) … }`. */
export type DeepBody = (
  f: Frame,
  ...args: number[]
) => Generator<DeferredCall, number | void, number>;

/** A call that a `function*` body asks for with `yield`; its result is what `yield` gives back. */
export interface DeferredCall {
  readonly callee: Definition;
  readonly args: readonly number[];
}

/** What a definition may say beyond its header. */
export interface FunctionOptions {
  /** The frame's size, as `sub $N,%rsp` in the disassembly shows it. */
  readonly frameBytes?: number;
}

/** A C function: called as in C, its value a number (0 where the body returns nothing). */
export interface CFunction {
  (...args: number[]): number;
  /** The same call, to be yielded by a `function*` body, at any depth. */
  deep(...args: number[]): DeferredCall;
  /**
   * The call alone, for recursion that a loop drives: the function stays entered until {@link leave}.
   * A million entered functions cost a million frames and nothing else.
   */
  enter(...args: number[]): Frame;
  /** The return of the function entered last; throws `UsageError` where that is another one, or none. */
  leave(): void;
  /** Where its code would lie: what a pointer to it holds. */
  readonly address: Address;
  readonly header: string;
}

/** A defined function, as the stack and the trampoline see it. */
export interface Definition extends FunctionInfo {
  readonly body: PlainBody | DeepBody;
  readonly style: "plain" | "deep";
}

/** Where the functions' calls go: the stack of the running thread. */
export interface Caller {
  stack(): CallStack;
  types: TypeTable;
  /** The address of the next function's code. */
  nextAddress(): Address;
}

const isGenerator = (body: unknown): boolean =>
  Object.prototype.toString.call(body) === "[object GeneratorFunction]";

/** Makes the function of that header; throws `UsageError` where the header cannot be read. */
export function defineFunction(
  caller: Caller,
  header: string,
  body: PlainBody | DeepBody,
  options: FunctionOptions,
): CFunction {
  const { name, type } = caller.types.header(header);
  const frameBytes = options.frameBytes;
  if (frameBytes !== undefined && (frameBytes < 0 || frameBytes % 16 !== 0))
    throw new UsageError(
      `a frame of ${frameBytes} bytes for ${name}()`,
      "a frame's size is a multiple of 16, from 0 up (System V ABI 3.2.2)",
    );
  const definition: Definition = {
    name,
    type,
    address: caller.nextAddress(),
    frameBytes,
    body,
    style: isGenerator(body) ? "deep" : "plain",
  };
  const wanted = type.parameters.length;
  const check = (args: readonly number[]): void => {
    if (args.length !== wanted)
      throw new UsageError(
        `${name}() takes ${wanted} argument${wanted === 1 ? "" : "s"} and was given ${args.length}`,
        `call it as its header says: ${header}`,
      );
  };
  const plain = body as PlainBody;
  const call =
    definition.style === "deep"
      ? (...args: number[]): number => {
          check(args);
          return runDeep(caller.stack(), definition, args);
        }
      : (...args: number[]): number => {
          if (args.length !== wanted) check(args);
          return runPlain(caller.stack(), definition, plain, args);
        };
  return Object.assign(call, {
    deep: (...args: number[]): DeferredCall => {
      check(args);
      return { callee: definition, args };
    },
    enter: (...args: number[]): Frame => {
      check(args);
      return caller.stack().enter(definition, args);
    },
    leave: (): void => {
      const stack = caller.stack();
      const frame = stack.current;
      if (frame?.fn !== definition)
        throw new UsageError(
          frame === undefined
            ? `${name}.leave() with no function entered: it was left already`
            : `${name}.leave() while ${frame.fn.name}() runs`,
          "leave each function once, the last entered first",
        );
      stack.leave(frame);
    },
    address: definition.address,
    header,
  });
}

function runPlain(
  stack: CallStack,
  definition: Definition,
  body: PlainBody,
  args: readonly number[],
): number {
  const frame = stack.enter(definition, args);
  let result: number | void;
  try {
    result = body(frame, ...args);
  } catch (error) {
    stack.unwind(frame.depth);
    throw tooDeep(error, definition);
  }
  stack.leave(frame);
  return result ?? 0;
}

/** Runs `function*` bodies without the JavaScript engine's own stack: a call is as deep as memory allows. */
function runDeep(stack: CallStack, first: Definition, firstArgs: readonly number[]): number {
  const base = stack.depth;
  const running: Generator<DeferredCall, number | void, number>[] = [];
  try {
    let frame = stack.enter(first, firstArgs);
    let body = (first.body as DeepBody)(frame, ...firstArgs);
    let given = 0;
    for (;;) {
      const step = body.next(given);
      if (step.done === true) {
        stack.leave(frame);
        given = step.value ?? 0;
        const below = running.pop();
        if (below === undefined) return given;
        body = below;
        frame = stack.top();
        continue;
      }
      const { callee, args } = step.value;
      if (callee.style === "plain") {
        given = runPlain(stack, callee, callee.body as PlainBody, args);
        continue;
      }
      running.push(body);
      frame = stack.enter(callee, args);
      body = (callee.body as DeepBody)(frame, ...args);
      given = 0;
    }
  } catch (error) {
    // Innermost first, so that blocks end in the order in which C would leave them.
    while (running.length > 0) running.pop()?.return(0);
    stack.unwind(base);
    throw error;
  }
}

const engineStackMessage = "Maximum call stack size exceeded";

/** The JavaScript engine's own stack ended first: says how to write the recursion instead. */
function tooDeep(error: unknown, { name }: Definition): unknown {
  // Compared without a call: there is hardly any stack left here.
  if (!(error instanceof RangeError) || error.message !== engineStackMessage) return error;
  return new UsageError(
    `${name}() recursed deeper than the JavaScript engine's own stack allows`,
    `write its body as function* (f, …) { … } and call itself with "yield ${name}.deep(…)": then only the simulated stack's limit counts`,
  );
}
