/** setjmp(3) and longjmp(3): a jump out of frames, which end without their code running on. */
import { UsageError } from "../core/errors.js";
import type { Address } from "../core/units.js";
import type { CallStack } from "./call-stack.js";

/** What setjmp saved. */
export interface JumpBuffer {
  state: "unset" | "set" | "gone";
  sp: Address;
  depth: number;
}

/** Thrown by `longjmp`, and taken by the `setjmp` whose buffer it names; nothing else should catch it. */
export class LongJump extends Error {
  override readonly name: string = "LongJump";

  constructor(
    readonly buffer: JumpBuffer,
    readonly value: number,
  ) {
    super("longjmp");
  }
}

/** `jmp_buf env;` */
export function makeJumpBuffer(): JumpBuffer {
  return { state: "unset", sp: 0, depth: 0 };
}

/**
 * Runs `body(0)`, as setjmp's first return does; after a `longjmp(env, v)` runs `body(v)`, with the
 * stack pointer as it was here. Returns what the body returned.
 */
export function setjmp<T>(stack: CallStack, buffer: JumpBuffer, body: (value: number) => T): T {
  stack.current?.seal();
  buffer.state = "set";
  buffer.sp = stack.sp;
  buffer.depth = stack.depth;
  let value = 0;
  try {
    for (;;) {
      try {
        return body(value);
      } catch (error) {
        if (!(error instanceof LongJump) || error.buffer !== buffer) throw error;
        stack.unwind(buffer.depth);
        stack.sp = buffer.sp;
        value = error.value;
      }
    }
  } finally {
    buffer.state = "gone";
  }
}

/** Never returns. A value of 0 becomes 1, as in C. Throws `UsageError` where the buffer's function is gone. */
export function longjmp(buffer: JumpBuffer, value: number): never {
  if (buffer.state !== "set")
    throw new UsageError(
      buffer.state === "unset"
        ? "longjmp() to a buffer that setjmp() never filled"
        : "longjmp() to a setjmp() whose block has ended: in C, undefined behaviour",
      "jump only while the body given to setjmp() runs",
    );
  throw new LongJump(buffer, value === 0 ? 1 : value);
}
