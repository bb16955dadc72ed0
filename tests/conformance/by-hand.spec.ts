/** Traces written by hand (by-hand.mjs): the simulator answers what was recorded on Linux 6.18 with glibc 2.36, and so does this machine where it is one. */
import { describe, expect, it } from "vitest";
import { boot } from "../../kernel-sim/src/machine.js";
import { replayText } from "../../kernel-sim/src/trace/index.js";
import { tracedProcess } from "../../kernel-sim/src/traced-process.js";
import { tracesByHand } from "./by-hand.mjs";
import { realAnswers, whyNotReal } from "./real.mjs";

const why = whyNotReal();

describe("traces by hand", () => {
  for (const { title, lines, expected } of tracesByHand()) {
    it(`${title}: the simulator`, () => {
      expect(replayText(lines.join("\n"), tracedProcess(boot().spawn("trace")))).toEqual(expected);
    });
  }
  it.skipIf(why !== undefined)(
    `this machine answers as recorded: ${why ?? "all of them"}`,
    async () => {
      const traces = tracesByHand();
      const answers = await realAnswers(traces.map(({ lines }) => lines.join("\n")));
      expect(answers).toEqual(traces.map(({ expected }) => expected));
    },
  );
});
