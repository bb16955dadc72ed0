export function realVersions(): { kernel: string; libc: string; compiler: string };
export function whyNotReal(): string | undefined;
export function realAnswers(traces: string[]): Promise<string[][]>;
