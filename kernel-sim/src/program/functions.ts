/** Functions of the C program: their bodies are TypeScript, their calls happen on the simulated stack. */
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import type { CallStack } from "./call-stack.js";
import type { TypeTable } from "./type-table.js";
import type { DeepCall, Definition, FunctionBody, Returned } from "./deep-call.js";
import type { Frame } from "./frame.js";
import type { FunctionInfo } from "./stack-types.js";

/** What a definition may say beyond its header. */
export interface FunctionOptions {
  /** The frame's size, as `sub $N,%rsp` in the disassembly shows it. */
  readonly frameBytes?: number;
}

/** A C function: called as in C, its value a number (0 where the body returns nothing). */
export interface CFunction {
  (...args: number[]): number;
  /** The same call, to be returned by a body: recursion of any depth. */
  deep(...args: number[]): DeepCall;
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

/** Where the functions' calls go: the stack of the running thread. */
export interface Caller {
  stack(): CallStack;
  types: TypeTable;
  /** The address of the next function's code. */
  nextAddress(): Address;
}

/** The texts of `f.local("…")` in a body, as they stand in its source: those that are put together when it runs are not seen. */
function declarationsIn(body: FunctionBody): readonly string[] {
  return [...String(body).matchAll(/\.local\(\s*(["'`])([^"'`$]+)\1/g)].map(
    ([, , text]) => text ?? "",
  );
}

/** Makes the function of that header; throws `UsageError` where the header cannot be read. */
export function defineFunction(
  caller: Caller,
  header: string,
  body: FunctionBody,
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
    declared: declarationsIn(body),
    placements: [],
    body,
  };
  const wanted = type.parameters.length;
  // Given their number alone: arguments that nothing else is done with than to copy them need no array.
  const check = (given: number): void => {
    if (given !== wanted)
      throw new UsageError(
        `${name}() takes ${wanted} argument${wanted === 1 ? "" : "s"} and was given ${given}`,
        `call it as its header says: ${header}`,
      );
  };
  const call = (...args: number[]): number => {
    check(args.length);
    return run(caller.stack(), definition, args);
  };
  return Object.assign(call, {
    deep: (...args: number[]): DeepCall => {
      check(args.length);
      const stack = caller.stack();
      stack.current?.seal();
      return stack.pending.ask(definition, args);
    },
    enter: (...args: number[]): Frame => {
      check(args.length);
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

function run(stack: CallStack, definition: Definition, args: readonly number[]): number {
  const { running } = stack;
  const before = running.stack;
  const depthBefore = running.depth;
  const frame = stack.enter(definition, args);
  let result: Returned;
  running.stack = stack;
  running.depth = frame.depth;
  try {
    result = definition.body(frame, ...args);
    if (stack.pending.callee !== undefined) result = runDeep(stack, frame.depth, result);
  } catch (error) {
    stack.pending.forget();
    stack.unwind(frame.depth);
    throw tooDeep(error, definition);
  } finally {
    running.stack = before;
    running.depth = depthBefore;
  }
  stack.leave(frame);
  return typeof result === "number" ? result : 0;
}

/** Makes the call that the running function returned, and all that follow from it: the function's own result then. */
function runDeep(stack: CallStack, depth: number, first: Returned): Returned {
  const { pending, rests, running } = stack;
  let result = first;
  for (;;) {
    const { callee, args } = pending;
    if (callee !== undefined) {
      if (result !== pending) throw notReturned(callee);
      rests[stack.depth - 1] = pending.rest;
      pending.forget();
      running.depth = stack.depth;
      result = runBody(callee, stack.enter(callee, args), args);
    } else if (stack.depth - 1 === depth) {
      return result;
    } else {
      stack.leave(stack.top());
      const rest = rests[stack.depth - 1];
      if (rest === undefined) continue;
      // What was kept for it is garbage from here on.
      rests[stack.depth - 1] = undefined;
      running.depth = stack.depth - 1;
      result = rest(typeof result === "number" ? result : 0, stack.top());
    }
  }
}

/** The body with its own arguments: most functions have few, and a spread of the shared array costs more than naming them. */
function runBody({ body, type }: Definition, frame: Frame, args: readonly number[]): Returned {
  const { length } = type.parameters;
  if (length === 0) return body(frame);
  if (length === 1) return body(frame, args[0] ?? 0);
  if (length === 2) return body(frame, args[0] ?? 0, args[1] ?? 0);
  if (length === 3) return body(frame, args[0] ?? 0, args[1] ?? 0, args[2] ?? 0);
  return body(frame, ...args.slice(0, length));
}

function notReturned({ name }: FunctionInfo): UsageError {
  return new UsageError(
    `${name}.deep(…) was not returned, and so the call was not made`,
    `write "return ${name}.deep(…)", or call ${name}(…) where a plain call is deep enough`,
  );
}

const engineStackMessage = "Maximum call stack size exceeded";

/** The JavaScript engine's own stack ended first: says how to write the recursion instead. */
function tooDeep(error: unknown, { name }: Definition): unknown {
  // Compared without a call: there is hardly any stack left here.
  if (!(error instanceof RangeError) || error.message !== engineStackMessage) return error;
  return new UsageError(
    `${name}() recursed deeper than the JavaScript engine's own stack allows`,
    `let its body end in "return ${name}.deep(…)", and what is left to do in .after((result) => …): then only the simulated stack's limit counts`,
  );
}
