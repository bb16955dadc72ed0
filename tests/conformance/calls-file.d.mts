import type { Settings } from "./settings.mjs";

export interface CallLine {
  readonly code: string;
  readonly expected: string | undefined;
  readonly at: number;
}

export interface Section {
  readonly title: string;
  readonly settings: Settings;
  readonly process: Readonly<Record<string, string>>;
  readonly words: readonly string[];
  readonly lines: readonly CallLine[];
}

export const callFiles: readonly string[];
export function readCalls(name: string): readonly Section[];
export function answering(section: Section): readonly CallLine[];
