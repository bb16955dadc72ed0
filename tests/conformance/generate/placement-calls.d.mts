import type { Section } from "../calls-file.mjs";

export const placementLayouts: readonly string[];
export function placementSection(layout: string, seed: number, length?: number): Section;
