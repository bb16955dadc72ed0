/** The way from an address to its frame: four tables of 512 entries, an index of nine bits each. */
import { hex, PAGE_SIZE } from "../core/units.js";
import type { Address, Pfn } from "../core/units.js";
import { makePicture } from "./picture.js";
import type { Picture } from "./picture.js";
import { box, colour, element, label, tint } from "./svg.js";
import type { SvgText } from "./svg.js";

/** One step of the walk; the entry is as the hardware reads it. */
export interface WalkStep {
  /** Linux's name of the table: pgd, pud, pmd, pte. */
  readonly table: string;
  readonly index: number;
  /** What the entry says, in words: `"→ pud"`, `"frame 0x2a1, rw, dirty"`, `"empty"`. */
  readonly entry: string;
  readonly outcome: "next table" | "frame" | "empty";
}

export interface WalkInput {
  readonly address: Address;
  /** From the root down, as far as the walk came. */
  readonly steps: readonly WalkStep[];
  /** Where the walk ended at a frame. */
  readonly pfn?: Pfn;
  /** What the process's list of vmas says about the address. */
  readonly vma: string;
}

const BOX_WIDTH = 118;
const GAP = 26;

/** Draws the walk; an absent frame is drawn as the empty entry at which it ended. */
export function pageWalk(input: WalkInput): Picture {
  const { address, steps, pfn, vma } = input;
  const title = `page walk of ${hex(address)}`;
  const offset = address % PAGE_SIZE;
  const body: SvgText[] = [label(10, 18, title, { "font-weight": "600" })];
  steps.forEach((step, i) => {
    const x = 10 + i * (BOX_WIDTH + GAP);
    const empty = step.outcome === "empty";
    body.push(
      box(x, 34, BOX_WIDTH, 74, { fill: colour.paper, stroke: colour.line }),
      box(x, 66, BOX_WIDTH, 22, {
        ...tint(empty ? "warn" : "a", empty ? 0.15 : 0.25),
        stroke: colour.line,
      }),
      label(x + 8, 52, step.table, { "font-weight": "600" }),
      label(x + BOX_WIDTH - 8, 52, `[${step.index}]`, { "text-anchor": "end" }),
      label(x + 8, 81, step.entry, { "font-size": 11 }),
      label(x + 8, 102, "512 entries", { "font-size": 10, fill: colour.muted }),
    );
    if (!empty) body.push(arrow(x + BOX_WIDTH, 77, GAP));
  });
  const end = 10 + steps.length * (BOX_WIDTH + GAP);
  if (pfn !== undefined) {
    body.push(
      box(end, 34, BOX_WIDTH, 74, { ...tint("c", 0.25), stroke: colour.line }),
      label(end + 8, 52, "frame", { "font-weight": "600" }),
      label(end + 8, 81, `number ${hex(pfn)}`, { "font-size": 11 }),
      label(end + 8, 102, `offset ${hex(offset)}`, { "font-size": 10, fill: colour.muted }),
    );
  }
  body.push(label(10, 130, `vma: ${vma}`, { fill: colour.muted }));
  return makePicture({
    title,
    text: words(input, offset),
    width: pfn === undefined ? Math.max(end, 420) : end + BOX_WIDTH + 10,
    height: 142,
    body,
    data: input,
  });
}

function arrow(x: number, y: number, length: number): SvgText {
  return element("path", {
    d: `M${x} ${y}h${length - 2}m-6 -4l6 4l-6 4`,
    fill: "none",
    stroke: colour.ink,
    "stroke-width": 1.2,
  });
}

function words(input: WalkInput, offset: number): string {
  const lines = [`page walk of ${hex(input.address)} (vma: ${input.vma})`];
  for (const step of input.steps) {
    lines.push(`  ${step.table}[${step.index}]`.padEnd(14) + step.entry);
  }
  lines.push(
    input.pfn === undefined
      ? "  the walk ends here: touching the page faults"
      : `  physical address ${hex(input.pfn * PAGE_SIZE + offset)} (frame ${hex(input.pfn)}, offset ${hex(offset)})`,
  );
  return lines.join("\n");
}
