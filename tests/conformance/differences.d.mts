export interface Difference {
  index: number;
  real: string;
  simulated: string;
}

/** What simulator.mjs's loadSimulator() gives. */
export type Simulator = Record<
  "boot" | "tracedProcess" | "CommandList" | "TraceParser" | "Replay",
  unknown
>;

export function describeDifference(
  lines: string[],
  real: string[],
  difference: Difference,
  before?: number,
): string;

export function reduce(
  sides: {
    real: (texts: string[]) => Promise<string[][]>;
    simulated: (text: string) => string[];
  },
  lines: string[],
): Promise<string[]>;
