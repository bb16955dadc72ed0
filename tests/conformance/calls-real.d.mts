import type { Section } from "./calls-file.mjs";

export function realCalls(name: string, sections: readonly Section[], index: number): string[];
