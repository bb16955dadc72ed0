import type { Section } from "./calls-file.mjs";

export function simulatedCalls(simulator: object, section: Section): string[];
