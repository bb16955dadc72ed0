/** Two blocks side by side; one above the other without scripts, tabs on a phone. */
import { escapeHtml } from "../page/escape.js";
import { listingHtml } from "./listing-html.js";
import { firstView } from "./view.js";
import type { ListingProps } from "./view.js";

export interface PairProps {
  left: ListingProps;
  right: ListingProps;
  /** What the two are called; without it their languages. */
  labels?: readonly [string, string] | undefined;
}

const languageNames: Record<string, string> = {
  c: "C",
  cpp: "C++",
  typescript: "TypeScript",
  javascript: "JavaScript",
  python: "Python",
};

function labelOf({ file }: ListingProps): string {
  return languageNames[file.language] ?? file.language;
}

export function pairHtml({ left, right, labels }: PairProps): string {
  const names = labels ?? [labelOf(left), labelOf(right)];
  const sides = [left, right];
  const ids = sides.map((side) => escapeHtml(firstView(side).id));
  const tabs = names
    .map(
      (name, index) =>
        `<button type="button" class="ax-tab" role="tab" id="${ids[index]}.tab" aria-controls="${ids[index]}.panel"` +
        ` aria-selected="${index === 0}" tabindex="${index === 0 ? 0 : -1}" data-tab="${escapeHtml(name)}">${escapeHtml(name)}</button>`,
    )
    .join("");
  const panels = sides
    .map(
      (side, index) =>
        `<div class="ax-side" id="${ids[index]}.panel" data-tab="${escapeHtml(names[index] ?? "")}">${listingHtml(side)}</div>`,
    )
    .join("");
  const label = escapeHtml(`${names[0]} and ${names[1]}`);
  return (
    `<div class="ax-pair"><div class="ax-tabs ax-js" role="tablist" aria-label="${label}">${tabs}</div>` +
    `<div class="ax-sides">${panels}</div></div>`
  );
}
