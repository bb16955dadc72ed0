import { describe, expect, it } from "vitest";
import { CommandList, TraceParser } from "../../kernel-sim/src/trace/index.js";
import { randomTrace, suites } from "./generate/index.mjs";

describe("random traces", () => {
  for (const suite of suites) {
    it(`${suite}: the same seed gives the same trace, another seed another, and each is the language's`, () => {
      const [one, again, other] = [7, 7, 8].map((seed) => randomTrace(suite, seed));
      expect(again).toEqual(one);
      expect(other).not.toEqual(one);
      const list = new CommandList();
      const bytes = new TextEncoder().encode((one ?? []).join("\n"));
      new TraceParser(suite).parse(bytes, list, "last");
      expect(list.count).toBe(one?.length);
    });
  }
});
