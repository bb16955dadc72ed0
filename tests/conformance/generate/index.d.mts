export const recordedSuites: string[];
export const suites: string[];
export function randomTrace(suite: string, seed: number, length?: number): string[];
