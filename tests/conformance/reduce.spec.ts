import { describe, expect, it } from "vitest";
import { reduce } from "./differences.mjs";

/** Two sides that disagree about `smaps` once a map was both written and protected. */
const real = (texts: string[]): Promise<string[][]> =>
  Promise.resolve(texts.map((text) => text.split("\n").map(() => "ok")));
const simulated = (text: string): string[] => {
  const lines = text.split("\n");
  return lines.map((line, index) => {
    const before = lines.slice(0, index);
    const isWrong =
      line.startsWith("smaps") &&
      before.some((each) => each.startsWith("write m2")) &&
      before.some((each) => each.startsWith("mprotect m2"));
    return isWrong ? "wrong" : "ok";
  });
};

describe("reduce()", () => {
  it("leaves the commands without which the answers agree", async () => {
    const noise = Array.from({ length: 60 }, (_, i) => `read m${i} 4096`);
    const lines = [
      ...noise,
      "write m2 4096",
      ...noise,
      "mprotect m2 4096 r",
      ...noise,
      "smaps m2",
      ...noise,
    ];
    expect(await reduce({ real, simulated }, lines)).toEqual([
      "write m2 4096",
      "mprotect m2 4096 r",
      "smaps m2",
    ]);
  });

  it("gives a trace back that agrees", async () => {
    expect(await reduce({ real, simulated }, ["read a 1", "smaps a"])).toEqual([
      "read a 1",
      "smaps a",
    ]);
  });
});
