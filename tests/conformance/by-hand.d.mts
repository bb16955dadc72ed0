export interface TraceByHand {
  readonly title: string;
  readonly lines: readonly string[];
  readonly expected: readonly string[];
}
export function tracesByHand(): TraceByHand[];
