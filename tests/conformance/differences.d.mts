export interface Difference {
  index: number;
  real: string;
  simulated: string;
}

export function describeDifference(
  lines: string[],
  real: string[],
  difference: Difference,
  before?: number,
): string;

export function reduce(
  sides: {
    real: (texts: string[]) => Promise<string[][]>;
    simulated: (text: string) => string[] | Promise<string[]>;
  },
  lines: string[],
): Promise<string[]>;
