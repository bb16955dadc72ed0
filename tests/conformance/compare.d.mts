import type { Mode } from "./modes.mjs";
import type { Difference } from "./differences.mjs";
import type { Simulator } from "./simulator.mjs";

export interface Tally {
  suite: string;
  seed: number;
  traces: number;
  commands: number;
  agreeing: number;
  unstable: number;
  endless: number;
  differing: number;
}

export interface Found {
  suite: string;
  seed: number;
  lines: string[];
  real: string[];
  difference: Difference;
}

export function compareSuite(
  simulator: Simulator,
  request: {
    suite: string;
    seed: number;
    count: number;
    length?: number;
    checks?: "each" | "often" | "end" | "never";
    mode?: Mode;
  },
  onDifference: (found: Found) => Promise<string>,
): Promise<Tally>;
