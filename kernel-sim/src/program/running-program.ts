/** Which program's function runs, of all the programs of a machine: an address means nothing in another program. */
import { UsageError } from "../core/errors.js";

/** A stack as others' programs see it. */
interface RunningStack {
  /** Its program's name, for messages. */
  readonly program: string;
  readonly current: { readonly fn: { readonly name: string } } | undefined;
}

/** There is one for a machine; `undefined` where no function runs, and whoever drives the machine looks on. */
export class RunningProgram {
  stack: RunningStack | undefined;
  /** The depth of the frame whose body runs: that body may have entered deeper ones by `f.enter()`. */
  depth = 0;

  /** Throws `UsageError` where another program's function runs than that of `stack`. */
  check(stack: RunningStack, what: string): void {
    const { stack: other } = this;
    if (other === undefined || other === stack || other.program === stack.program) return;
    throw new UsageError(
      `${what} is used in ${other.current?.fn.name ?? "a function"}() of ${other.program}, and it is of ${stack.program}`,
      "a program reaches its own objects alone; processes share memory through mmap(MAP_SHARED), and a child has a copy of its parent's",
    );
  }
}
