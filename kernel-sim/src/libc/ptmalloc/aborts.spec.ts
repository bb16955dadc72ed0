import { describe, expect, it } from "vitest";
import { ProgramTerminated } from "../../abi/signal.js";
import { heapCommands } from "../heap-commands.testing.js";
import { recordedAborts } from "./recorded-aborts.testing.js";

/** `seven f 24` allocates seven chunks, `freeSeven f` frees them: enough to fill a bin of the tcache. */
function commandsOf(text: string): string[] {
  return text.split("; ").flatMap((command) => {
    const [verb, name = "", size = ""] = command.split(" ");
    const numbers = [0, 1, 2, 3, 4, 5, 6];
    if (verb === "seven") return numbers.map((i) => `malloc ${name}${i} ${size}`);
    if (verb === "freeSeven") return numbers.map((i) => `free ${name}${i}`);
    return [command];
  });
}

function wordsOfAbort(commands: readonly string[]): string {
  const run = heapCommands();
  try {
    for (const command of commands) run(command);
  } catch (error) {
    if (error instanceof ProgramTerminated) return error.info.message ?? error.info.signal;
    throw error;
  }
  return "no abort";
}

describe("a broken heap ends the program with the words that glibc 2.36 has for it", () => {
  it.each(recordedAborts)("%s", (_how, commands, words) => {
    expect(wordsOfAbort(commandsOf(commands))).toBe(words);
  });
});
