/** The recorded traces and programs, replayed on the simulator, to the letter. */
import { describe, expect, it } from "vitest";
import { boot } from "../../kernel-sim/src/machine.js";
import { replayText } from "../../kernel-sim/src/trace/index.js";
import { tracedProcess } from "../../kernel-sim/src/traced-process.js";
import {
  programAnswer,
  recordedPrograms,
  recordedRandomTraces,
  recordedTraces,
} from "./fixtures.js";
import { modeOf } from "./modes.mjs";

describe("traces recorded on Linux 6.18 with glibc 2.36", () => {
  for (const { name, text, expected, mode } of [...recordedTraces(), ...recordedRandomTraces()]) {
    it(`${name} answers as the real system did`, () => {
      const { machine: options, process } = modeOf(mode);
      const machine = boot(options);
      const answers = replayText(text, tracedProcess(machine.spawn("trace", process)), {
        ...(name.startsWith("vm-") ? { afterEach: () => machine.checkInvariants() } : {}),
      });
      machine.checkInvariants();
      expect(firstDifference(text, answers, expected)).toBe("none");
    });
  }
});

describe("programs recorded with glibc 2.36", () => {
  for (const { name, text, expected } of recordedPrograms()) {
    it(`every allocation of ${name} has its address`, () => {
      const answers = replayText(text, tracedProcess(boot().spawn(name))).map(programAnswer);
      const at = answers.findIndex((answer, index) => answer !== expected[index]);
      const command = text.split("\n")[at];
      expect(at < 0 ? "all agree" : `${at + 1}: ${command} -> ${answers[at]}`).toBe(
        at < 0 ? "all agree" : `${at + 1}: ${command} -> ${expected[at]}`,
      );
      expect(answers).toHaveLength(expected.length);
    });
  }
});

/** The first command whose answer differs, with both answers; `none`. */
function firstDifference(
  text: string,
  answers: readonly string[],
  expected: readonly string[],
): string {
  const commands = text.split("\n").filter((line) => line.replace(/#.*/, "").trim() !== "");
  const count = Math.max(answers.length, expected.length);
  for (let i = 0; i < count; i++) {
    if (answers[i] === expected[i]) continue;
    return `${i + 1}: ${commands[i]}\n  expected  ${expected[i]}\n  simulated ${answers[i]}`;
  }
  return "none";
}
