/**
 * Fresh random traces, real against simulated: other ones each run, with the seed in the test's name.
 * MEMORY_COURSE_SEED sets the seed, MEMORY_COURSE_TRACES how many traces a suite (12). A campaign takes thousands.
 * A trace to which the real system gives two answers, or does not come to an end with, is left out; a real difference fails.
 * Where the real system is not the one that is simulated, the recorded answers (recorded.spec.ts) stand alone.
 */
import { afterAll, describe, expect, it } from "vitest";
import { compareSuite } from "./compare.mjs";
import { describeDifference } from "./differences.mjs";
import { suites } from "./generate/index.mjs";
import { modeNames, modeOf } from "./modes.mjs";
import { whyNotReal } from "./real.mjs";
import { whyNotProcess, whyNotSettable, withSettings } from "./settings.mjs";
import { openSimulator } from "./simulator.mjs";

const seed = Number(process.env["MEMORY_COURSE_SEED"] ?? Math.floor(Math.random() * 1e9));
const count = Number(process.env["MEMORY_COURSE_TRACES"] ?? 12);
const why = whyNotReal();
const simulator = why === undefined ? openSimulator() : undefined;
afterAll(() => simulator?.close());

describe(`random traces from seed ${seed}, real against simulated`, () => {
  for (const suite of suites) {
    it.skipIf(why !== undefined)(`${suite}: ${why ?? "every answer agrees"}`, async () => {
      const differences: string[] = [];
      await compareSuite(simulator!, { suite, seed, count, checks: "each" }, (found) => {
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
          await compareSuite(simulator!, { suite, seed, count: 1, mode }, (found) => {
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
