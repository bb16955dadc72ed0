/** Executes the commands of a trace on simulated processes. */
import { ProgramTerminated } from "../abi/signal.js";
import { Answers } from "./answers.js";
import { HAS_CHILD } from "./command-list.js";
import type { CommandList } from "./command-list.js";
import { Op, limitNames, operandWords } from "./language.js";
import { layOut } from "./layout.js";
import type { Layout } from "./layout.js";
import { executeFile } from "./replay-file.js";
import { executeHeap, isAllocation } from "./replay-heap.js";
import { executeMap, signalText } from "./replay-map.js";
import type { CallRun } from "../libc/ptmalloc/call-run.js";
import type { TracedProcess } from "./traced-process.js";
import { TracedState } from "./traced-state.js";

export class Replay {
  readonly layout: Layout;
  readonly answers = new Answers();
  readonly #root: TracedState;
  /** Executes malloc, free, calloc and realloc of the first process. */
  readonly #run: CallRun;
  readonly #children = new Map<number, TracedState>();
  #hasEnded = false;

  /** Lays the process out; it must not have allocated anything yet. */
  constructor(process: TracedProcess, expectedNames?: number) {
    this.layout = layOut(process);
    this.#run = process.allocator.callRun(expectedNames);
    this.#root = new TracedState(process, this.layout, this.#run.addresses);
  }

  /** Whether the trace's first process has ended: nothing after that is answered. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Executes the commands from the word `from`, at most `most` of them, and appends their answers.
   * Returns the word that follows.
   */
  execute(list: CommandList, from = 0, most = Infinity): number {
    const words = list.words;
    const answers = this.answers;
    const last = answers.count + most;
    let at = from;
    this.#run.begin();
    for (;;) {
      at = this.#executeAllocations(list, at, last);
      if (at >= words.length || answers.count >= last || this.#hasEnded) return at;
      const first = words.at(at++);
      const op = first & 0xff;
      let state = this.#root;
      let child = -1;
      if ((first & HAS_CHILD) !== 0) {
        child = words.at(at++);
        const found = this.#children.get(child);
        if (found === undefined) {
          answers.unset();
          at += operandWords[op] as number;
          continue;
        }
        state = found;
      }
      try {
        const used = executeHeap(op, list, at, state, answers);
        at += used >= 0 ? used : this.#executeOther(op, list, at, state, child);
      } catch (error) {
        if (!(error instanceof ProgramTerminated)) throw error;
        answers.text(signalText(this.layout, error));
        at += operandWords[op] as number;
        this.#end(state, child);
      }
    }
  }

  /** The commands from `from` on that are malloc, free, calloc and realloc of the first process: most of a long trace. */
  #executeAllocations(list: CommandList, from: number, last: number): number {
    const { words } = list;
    const run = this.#run;
    let at = from;
    let executed = -1;
    while (
      executed !== 0 &&
      at < words.length &&
      isAllocation(words.at(at)) &&
      this.answers.count < last
    ) {
      let ended: ProgramTerminated | undefined;
      try {
        run.run(words.values, words.length, at, last - this.answers.count);
      } catch (error) {
        if (!(error instanceof ProgramTerminated)) throw error;
        ended = error;
      }
      this.answers.append(run.answersOfRun());
      at += run.words;
      executed = run.words;
      if (ended === undefined) continue;
      this.answers.text(signalText(this.layout, ended));
      this.#end(this.#root, -1);
      return at + 1 + (operandWords[words.at(at)] as number);
    }
    return at;
  }

  #executeOther(
    op: number,
    list: CommandList,
    at: number,
    state: TracedState,
    child: number,
  ): number {
    switch (op) {
      case Op.fork: {
        const process = state.process.fork();
        if (process === -1) this.answers.error(state.process.errno);
        else {
          this.#children.set(list.words.at(at), state.copyFor(process));
          this.answers.ok();
        }
        return 1;
      }
      case Op.exit:
        this.answers.ok();
        this.#end(state, child);
        return 0;
      case Op.rlimit:
        this.#limit(list, at, state);
        return 2;
      default: {
        const used = executeFile(op, list, at, state, this.answers);
        return used >= 0 ? used : executeMap(op, list, at, state, this.answers);
      }
    }
  }

  #end(state: TracedState, child: number): void {
    state.process.exit();
    if (child < 0) this.#hasEnded = true;
    else this.#children.delete(child);
  }

  /** as and data count from what the process had before the trace began. */
  #limit(list: CommandList, at: number, { process }: TracedState): void {
    const name = limitNames[list.words.at(at) as 0 | 1 | 2 | 3];
    const { virtual, data } = this.layout.own;
    const own = name === "as" ? virtual : name === "data" ? data : 0;
    if (process.setrlimit(name, list.numberAt(at + 1) + own) < 0) this.answers.error(process.errno);
    else this.answers.ok();
  }
}
