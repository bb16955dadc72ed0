/**
 * Calls one by one (calls-file.mjs): the simulator answers what was recorded on Linux 6.18 and, where this machine is one,
 * what it answers now. Those that change the machine's settings need leave to (settings.mjs).
 */
import { describe, expect, it } from "vitest";
import * as simulator from "../../kernel-sim/src/index.js";
import { answering, callFiles, readCalls } from "./calls-file.mjs";
import type { Section } from "./calls-file.mjs";
import { realCalls } from "./calls-real.mjs";
import { simulatedCalls } from "./calls-simulated.mjs";
import { whyNotReal } from "./real.mjs";
import { whyNotSettable, withSettings } from "./settings.mjs";

const why =
  whyNotReal() ??
  (process.getuid?.() === 0 ? undefined : "pagemap and limits answer root alone in full");

/** Each call with its answer, a line each. */
const table = (section: Section, answers: readonly (string | undefined)[]): string =>
  answering(section)
    .map(({ code }, i) => `${code} // ${answers[i]}`)
    .join("\n");

for (const name of callFiles) {
  const sections = readCalls(name);
  describe(`${name}.calls`, () => {
    for (const [index, section] of sections.entries()) {
      const simulated = (): string => table(section, simulatedCalls(simulator, section));

      it(`${section.title}: as recorded`, () => {
        const recorded = answering(section).map(({ expected }) => expected);
        expect(recorded, "an answer to each call").not.toContain(undefined);
        expect(simulated()).toBe(table(section, recorded));
      });

      const whyNot = why ?? whyNotSettable(section.settings);
      it.skipIf(whyNot !== undefined)(`${section.title}: ${whyNot ?? "as now"}`, async () => {
        const real = await withSettings(section.settings, () =>
          Promise.resolve(realCalls(name, sections, index)),
        );
        expect(simulated()).toBe(table(section, real));
      });
    }
  });
}
