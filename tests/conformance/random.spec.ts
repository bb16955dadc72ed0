/**
 * Fresh random traces, real against simulated: other ones each run, with the seed in the test's name.
 * MEMORY_COURSE_SEED sets the seed, MEMORY_COURSE_TRACES how many traces a suite: 8 of the suites of the recorded traces,
 * one of the others, a few of whose answers hang on how soon the disk was ready (docs/accuracy.md). A campaign takes thousands.
 * Where the real system is not the one that is simulated, the recorded answers (recorded.spec.ts) stand alone.
 */
import { describe, expect, it } from "vitest";
import { boot } from "../../kernel-sim/src/machine.js";
import { CommandList, Replay, TraceParser } from "../../kernel-sim/src/trace/index.js";
import { tracedProcess } from "../../kernel-sim/src/traced-process.js";
import { compareSuite } from "./compare.mjs";
import { describeDifference } from "./differences.mjs";
import { recordedSuites, suites } from "./generate/index.mjs";
import { modeNames, modeOf } from "./modes.mjs";
import { whyNotReal } from "./real.mjs";
import { whyNotProcess, whyNotSettable, withSettings } from "./settings.mjs";

const seed = Number(process.env["MEMORY_COURSE_SEED"] ?? Math.floor(Math.random() * 1e9));
const countOf = (suite: string): number =>
  Number(process.env["MEMORY_COURSE_TRACES"] ?? (recordedSuites.includes(suite) ? 8 : 1));
const simulator = { boot, tracedProcess, CommandList, TraceParser, Replay };
const why = whyNotReal();

describe(`random traces from seed ${seed}, real against simulated`, () => {
  for (const suite of suites) {
    it.skipIf(why !== undefined)(`${suite}: ${why ?? "every answer agrees"}`, async () => {
      const differences: string[] = [];
      // The machine's books are the kernel's: after every command where the commands are the kernel's.
      const checks = suite.startsWith("vm-") ? "each" : "end";
      const count = countOf(suite);
      await compareSuite(simulator, { suite, seed, count, checks }, (found) => {
        const { lines, real, difference } = found;
        differences.push(`seed ${found.seed}\n${describeDifference(lines, real, difference)}`);
        return Promise.resolve("stop");
      });
      expect(differences.join("\n"), `compare.mjs --suite ${suite} --seed ${seed} --reduce`).toBe(
        "",
      );
    });
  }
});

/** Suites in other modes than the machine's own, a few traces each; those that change its settings need leave to (settings.mjs). */
describe(`random traces in other modes from seed ${seed}, real against simulated`, () => {
  for (const name of modeNames) {
    const mode = modeOf(name);
    const whyNot = why ?? whyNotSettable(mode.settings) ?? whyNotProcess(mode.process);
    it.skipIf(whyNot !== undefined)(`${name}: ${whyNot ?? "every answer agrees"}`, async () => {
      const differences: string[] = [];
      await withSettings(mode.settings, async () => {
        for (const suite of mode.suites) {
          await compareSuite(simulator, { suite, seed, count: 1, mode }, (found) => {
            const { lines, real, difference } = found;
            differences.push(
              `${suite} ${found.seed}\n${describeDifference(lines, real, difference)}`,
            );
            return Promise.resolve("stop");
          });
        }
      });
      expect(differences.join("\n"), `compare.mjs --mode ${name} --seed ${seed}`).toBe("");
    });
  }
});
