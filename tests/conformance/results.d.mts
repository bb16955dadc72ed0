export interface Result {
  readonly suite: string;
  readonly mode: string;
  readonly seeds: readonly number[];
  readonly day: string;
  readonly kernel: string;
  readonly libc: string;
  readonly compiler: string;
  readonly traces: number;
  readonly commands: number;
  readonly agreeing: number;
  readonly unstable: number;
  readonly endless: number;
}

export function readResults(): Result[];
export function mergeResults(
  kept: readonly Result[],
  found: readonly Result[],
  how: "add" | "replace",
): Result[];
export function writeResults(rows: readonly Result[]): void;
