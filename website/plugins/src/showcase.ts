/** What the first page shows of the course: one answer of a real program beside the simulator's. */
import type { ComparisonOutput, PageData } from "./model.js";

/** A comparison that is equal and small enough for a first page. */
export interface Showcase {
  readonly path: string;
  readonly chapter: string;
  readonly output: ComparisonOutput;
}

/** The first chapter's that has one, in the order given; null where none has. */
export function chooseShowcase(
  pages: readonly { readonly path: string; readonly chapter: string; readonly data: PageData }[],
): Showcase | null {
  for (const { path, chapter, data } of pages) {
    for (const block of data.blocks) {
      if (block.kind !== "cell") continue;
      for (const { output } of block.outputs) {
        if (output.kind !== "comparison" || !output.equal) continue;
        const widest = Math.max(...output.real.map((line) => line.text.length));
        const lines = output.real.length;
        if (widest <= 52 && lines >= 4 && lines <= 12) return { path, chapter, output };
      }
    }
  }
  return null;
}
