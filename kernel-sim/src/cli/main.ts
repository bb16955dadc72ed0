/** The commands of the package's bin. */
import { readFileSync } from "node:fs";
import { UsageError } from "../core/errors.js";
import { TraceSyntaxError } from "../trace/index.js";
import { importCommand } from "./import.js";
import { replayCommand } from "./replay.js";

const usage = `kernel-sim: a simulator of Linux's memory and glibc's allocator

usage:
  kernel-sim replay FILE [--stats]   answers a memory trace, a line a command; FILE - is standard input
  kernel-sim import FORMAT FILE      prints the memory trace that another tool's log comes to
  kernel-sim --help                  says this
  kernel-sim --version               says the version

formats of import:
  mtrace   the log of glibc's mtrace()          rep      a trace of the malloc lab
  strace   of strace -e trace=%memory           lackey   of valgrind --tool=lackey --trace-mem=yes

options of replay:
  --stats   adds one line of JSON on standard error: {"commands", "seconds", "peakRssBytes"};
            the seconds are those of executing alone, without reading, parsing and printing

exit codes: 0 all was answered; 2 a line is not the language's or the format's, or the command is not understood.
The language: docs/trace-language.md.
`;

/** Runs the command line (without node and script); returns the exit code. */
export function main(args: readonly string[]): number {
  const [command, ...rest] = args;
  try {
    switch (command) {
      case undefined:
      case "--help":
      case "-h":
      case "help":
        process.stdout.write(usage);
        return command === undefined ? 2 : 0;
      case "--version":
        process.stdout.write(`${version()}\n`);
        return 0;
      case "replay":
        return replayCommand(rest);
      case "import":
        return importCommand(rest);
      default:
        throw new UsageError(`there is no command "${command}"`, "kernel-sim --help");
    }
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof TraceSyntaxError)) throw error;
    process.stderr.write(`kernel-sim: ${error.message}\n`);
    return 2;
  }
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
