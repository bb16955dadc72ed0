/** `kernel-sim replay FILE [--stats]`: reads, parses, executes and prints a batch of commands at a time. */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { UsageError } from "../core/errors.js";
import { ByteWriter, CommandList, Replay, TraceParser, TraceSyntaxError } from "../trace/index.js";
import { tracedProcess } from "../traced-process.js";
import { boot } from "../machine.js";
import { peakRssBytes } from "./peak-rss.js";

/** Tables for so many names are reserved; the host backs what is used of them. */
const EXPECTED_NAMES = 1 << 20;
const READ_BYTES = 256 * 1024;
const WRITE_BYTES = 64 * 1024;

interface ReplayArguments {
  readonly path: string;
  readonly showsStats: boolean;
}

function readArguments(args: readonly string[]): ReplayArguments {
  const paths = args.filter((arg) => arg === "-" || !arg.startsWith("-"));
  const unknown = args.find((arg) => arg !== "-" && arg.startsWith("-") && arg !== "--stats");
  if (unknown !== undefined) {
    throw new UsageError(`replay has no option "${unknown}"`, "kernel-sim replay FILE [--stats]");
  }
  const [path, second] = paths;
  if (path === undefined || second !== undefined) {
    throw new UsageError(
      path === undefined ? "replay needs a file" : "replay takes one file",
      "kernel-sim replay FILE, or - for standard input",
    );
  }
  return { path, showsStats: args.includes("--stats") };
}

/** Returns the exit code: 0, or 2 where a line is not the language's, after the answers so far. */
export function replayCommand(args: readonly string[]): number {
  const { path, showsStats } = readArguments(args);
  const fd = open(path);
  const replay = new Replay(tracedProcess(boot().spawn("trace")), EXPECTED_NAMES);
  const stats = { commands: 0, nanoseconds: 0n };
  let failure: TraceSyntaxError | undefined;
  try {
    failure = run(fd, path, replay, stats);
  } finally {
    if (fd !== 0) closeSync(fd);
  }
  if (failure !== undefined) process.stderr.write(`kernel-sim: ${failure.message}\n`);
  if (showsStats) {
    const line = {
      commands: stats.commands,
      seconds: Number(stats.nanoseconds) / 1e9,
      peakRssBytes: peakRssBytes(),
    };
    process.stderr.write(`${JSON.stringify(line)}\n`);
  }
  return failure === undefined ? 0 : 2;
}

function open(path: string): number {
  if (path === "-") return 0;
  try {
    return openSync(path, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : (code ?? "it cannot be opened");
    throw new UsageError(
      `cannot read ${path}: ${why}`,
      "the path of a trace, or - for standard input",
    );
  }
}

function run(
  fd: number,
  path: string,
  replay: Replay,
  stats: { commands: number; nanoseconds: bigint },
): TraceSyntaxError | undefined {
  const parser = new TraceParser(path === "-" ? "standard input" : path, EXPECTED_NAMES);
  const list = new CommandList();
  const output = new ByteWriter(2 * WRITE_BYTES);
  let buffer = new Uint8Array(READ_BYTES);
  let held = 0;
  for (;;) {
    if (held === buffer.length) {
      const larger = new Uint8Array(2 * held);
      larger.set(buffer);
      buffer = larger;
    }
    const got = readSome(fd, buffer, held);
    held += got;
    let failure: TraceSyntaxError | undefined;
    let used = held;
    try {
      used = parser.parse(buffer.subarray(0, held), list, got === 0 ? "last" : "more follows");
    } catch (error) {
      if (!(error instanceof TraceSyntaxError)) throw error;
      failure = error;
    }
    execute(replay, list, stats, output);
    if (failure !== undefined) return failure;
    if (got === 0 || replay.hasEnded) return undefined;
    buffer.copyWithin(0, used, held);
    held -= used;
  }
}

function execute(
  replay: Replay,
  list: CommandList,
  stats: { commands: number; nanoseconds: bigint },
  output: ByteWriter,
): void {
  const before = process.hrtime.bigint();
  replay.execute(list);
  stats.nanoseconds += process.hrtime.bigint() - before;
  stats.commands += replay.answers.count;
  for (let i = 0; i < replay.answers.count; i++) {
    replay.answers.write(i, replay.layout, output);
    if (output.length > WRITE_BYTES) flush(output);
  }
  flush(output);
  list.clear();
  replay.answers.clear();
}

/** Bytes read into buffer[at…]; 0 at the end. A pipe that has nothing yet is asked again. */
function readSome(fd: number, buffer: Uint8Array, at: number): number {
  for (;;) {
    try {
      return readSync(fd, buffer, at, buffer.length - at, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      wait(5);
    }
  }
}

/** Writes all of it to standard output and clears it; a reader that has gone ends the process. */
export function flush(output: ByteWriter): void {
  for (let done = 0; done < output.length;) {
    try {
      done += writeSync(1, output.bytes, done, output.length - done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") process.exit(0);
      if (code !== "EAGAIN") throw error;
      wait(1);
    }
  }
  output.clear();
}

function wait(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
