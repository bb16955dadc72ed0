/** A picture of a process's address space as exec left it: what lies where, and how far apart. */
import type { Address } from "../core/units.js";
import { GiB, KiB, MiB, TiB, hex } from "../core/units.js";
import { makePicture } from "./picture.js";
import type { Picture } from "./picture.js";
import { box, colour, element, label, tint } from "./svg.js";
import type { ColourName, SvgText } from "./svg.js";

/** A stretch of the address space with one purpose; mappings that touch may be one part. */
export interface LayoutPart {
  readonly start: Address;
  readonly end: Address;
  readonly name: string;
  readonly role: "program" | "heap" | "maps" | "library" | "kernel" | "stack";
}

export interface LayoutData {
  readonly title: string;
  /** One past the highest address a program may use. */
  readonly taskSize: Address;
  readonly parts: readonly LayoutPart[];
  /** Marks beside the parts: `mmap_base`, `brk`, `rsp`. */
  readonly marks: readonly { readonly address: Address; readonly words: string }[];
}

const colours: Readonly<Record<LayoutPart["role"], ColourName>> = {
  program: "a",
  heap: "b",
  maps: "c",
  library: "c",
  kernel: "d",
  stack: "b",
};

const partHeight = 30;
const gapHeight = 26;
const width = 640;
const left = 160;
const boxWidth = 230;

/** Highest address first, as most books draw it; gaps are named by their size, not drawn to scale. */
export function layoutPicture(data: LayoutData): Picture {
  const parts = [...data.parts].sort((a, b) => b.start - a.start);
  const marks = [...data.marks].sort((a, b) => b.address - a.address);
  const lines: string[] = [];
  const body: SvgText[] = [];
  let y = 14;
  let above = data.taskSize;
  const takeMarks = (from: Address): string[] => {
    const words: string[] = [];
    while (marks[0] !== undefined && marks[0].address >= from) {
      const mark = marks.shift();
      if (mark !== undefined) words.push(`${mark.words} ${hex(mark.address)}`);
    }
    return words;
  };
  const gap = (low: Address): void => {
    const words = takeMarks(low);
    if (above - low === 0 && words.length === 0) return;
    const size = above === low ? "" : `${sizeWords(above - low)} free`;
    lines.push(...[size, ...words].filter((one) => one !== "").map((one) => `    ${one}`));
    body.push(
      element("line", {
        x1: left + 12,
        x2: left + 12,
        y1: y,
        y2: y + gapHeight,
        stroke: colour.line,
        "stroke-dasharray": "2 3",
      }),
      label(left + 22, y + 17, size, { fill: colour.muted, "font-size": 11 }),
      label(left + boxWidth + 10, y + 17, words.join("; "), { fill: colour.warn, "font-size": 11 }),
    );
    y += gapHeight;
  };
  for (const part of parts) {
    gap(part.end);
    const words = takeMarks(part.start);
    const size = sizeWords(part.end - part.start);
    const mark = words.length === 0 ? "" : `  (${words.join("; ")})`;
    lines.push(`${hex(part.start)}-${hex(part.end)}  ${part.name}, ${size}${mark}`);
    body.push(
      box(left, y, boxWidth, partHeight, {
        ...tint(colours[part.role], 0.22),
        stroke: colour[colours[part.role]],
      }),
      label(left + 8, y + 19, part.name),
      label(left + boxWidth + 10, y + 19, [size, ...words].join("; "), {
        fill: colour.muted,
        "font-size": 11,
      }),
      // Where two parts touch, one address is both the end of one and the start of the other.
      ...(part.end === above && above !== data.taskSize
        ? []
        : [label(left - 8, y + 11, hex(part.end), addressStyle)]),
      label(left - 8, y + partHeight - 2, hex(part.start), addressStyle),
    );
    y += partHeight;
    above = part.start;
  }
  gap(0);
  const text = [data.title, ...lines].join("\n");
  return makePicture({ title: data.title, text, width, height: y + 14, body, data });
}

const addressStyle = {
  "font-family": "monospace",
  "font-size": 10,
  "text-anchor": "end",
  fill: colour.muted,
};

/** A size in its largest unit, to a tenth: `127 MiB`, `85.3 TiB`. */
export function sizeWords(bytes: number): string {
  const units = [
    [TiB, "TiB"],
    [GiB, "GiB"],
    [MiB, "MiB"],
    [KiB, "KiB"],
  ] as const;
  for (const [unit, name] of units)
    if (bytes >= unit) return `${Math.round((bytes / unit) * 10) / 10} ${name}`;
  return `${bytes} bytes`;
}
