/**
 * Fresh random placement in both layouts, real against simulated (generate/placement-calls.mjs); the recorded ones are
 * calls/placement.calls. MEMORY_COURSE_SEED sets the seed.
 */
import { describe, expect, it } from "vitest";
import * as simulator from "../../kernel-sim/src/index.js";
import { realCalls } from "./calls-real.mjs";
import { simulatedCalls } from "./calls-simulated.mjs";
import { placementLayouts, placementSection } from "./generate/placement-calls.mjs";
import { whyNotReal } from "./real.mjs";

const seed = Number(process.env["MEMORY_COURSE_SEED"] ?? Math.floor(Math.random() * 1e9));
const why = whyNotReal();

describe(`random placement from seed ${seed}, real against simulated`, () => {
  const sections = placementLayouts.flatMap((layout) =>
    Array.from({ length: 4 }, (_, i) => placementSection(layout, seed + i)),
  );
  for (const [index, section] of sections.entries()) {
    it.skipIf(why !== undefined)(`${section.title}: ${why ?? "every answer agrees"}`, () => {
      const table = (answers: string[]): string[] =>
        section.lines.map(({ code }, i) => `${code} // ${answers[i]}`);
      const real = realCalls("placement-random", sections, index);
      expect(table(simulatedCalls(simulator, section))).toEqual(table(real));
    });
  }
});
