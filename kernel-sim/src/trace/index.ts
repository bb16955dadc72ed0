/** The memory-trace language, replayed in memory: text in, answers out. */
import { CommandList } from "./command-list.js";
import { TraceParser } from "./parser.js";
import { Replay } from "./replay.js";
import type { TracedProcess } from "./traced-process.js";

export { ByteWriter } from "./byte-writer.js";
export { CommandList } from "./command-list.js";
export { TraceParser } from "./parser.js";
export { Replay } from "./replay.js";
export { TraceSyntaxError } from "./syntax-error.js";
export type {
  TracedAllocator,
  TracedMapping,
  TracedMappingUse,
  TracedProcess,
} from "./traced-process.js";

export interface ReplayTextOptions {
  /** The file's name for messages. */
  readonly file?: string;
  /** Called after each command. */
  readonly afterEach?: (commandIndex: number) => void;
}

/** The answers to a whole trace, a string a command. Throws TraceSyntaxError before anything is executed. */
export function replayText(
  text: string,
  process: TracedProcess,
  options: ReplayTextOptions = {},
): string[] {
  const list = new CommandList();
  const bytes = Uint8Array.from(text, (letter) => Math.min(letter.charCodeAt(0), 0xff));
  new TraceParser(options.file ?? "trace").parse(bytes, list, "last");
  const replay = new Replay(process);
  const step = options.afterEach === undefined ? Infinity : 1;
  let at = 0;
  for (let done = 0; at < list.words.length && !replay.hasEnded; done++) {
    at = replay.execute(list, at, step);
    options.afterEach?.(done);
  }
  return Array.from({ length: replay.answers.count }, (_, index) =>
    replay.answers.lineAt(index, replay.layout),
  );
}
