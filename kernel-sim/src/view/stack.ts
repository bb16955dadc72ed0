/** A picture of a stack: its frames from high addresses to low, and what lies in each. */
import type { FrameInfo, LocalInfo, StackInfo } from "../report/program-info.js";
import { hex } from "../core/units.js";
import { makePicture } from "./picture.js";
import type { Picture } from "./picture.js";
import { box, colour, element, label, tint } from "./svg.js";
import type { SvgText } from "./svg.js";

const rowHeight = 20;
const left = 150;
const width = 640;
/** Frames drawn at each end of a deep stack; the ones between are counted. */
const shownAtEachEnd = 4;

interface Row {
  readonly at: string;
  readonly words: string;
  readonly kind: "frame" | "live" | "dead" | "dynamic" | "skipped" | "pointer";
}

/** The stack as text, a line an object, and as a picture of the same rows. */
export function stackPicture(stack: StackInfo, title = "The stack"): Picture {
  const rows = rowsOf(stack);
  const widest = Math.max(...rows.map((row) => row.at.length));
  const lines = rows.map((row) => {
    const indent =
      row.kind === "frame" || row.kind === "skipped" || row.kind === "pointer" ? "" : "  ";
    return `${row.at.padEnd(widest)}  ${indent}${row.words}`;
  });
  const text = [`${stack.name}, high addresses first`, ...lines].join("\n");
  const body: SvgText[] = [];
  rows.forEach((row, index) => body.push(...drawRow(row, 12 + index * rowHeight)));
  return makePicture({
    title,
    text,
    width,
    height: 24 + rows.length * rowHeight,
    body,
    data: stack,
  });
}

function rowsOf(stack: StackInfo): Row[] {
  const rows: Row[] = [];
  const { frames } = stack;
  const skipped = frames.length - 2 * shownAtEachEnd;
  frames.forEach((frame, depth) => {
    const hidden = skipped > 1 && depth >= shownAtEachEnd && depth < frames.length - shownAtEachEnd;
    if (!hidden) rows.push(...frameRows(frame));
    else if (depth === shownAtEachEnd) {
      const last = frames[depth + skipped - 1];
      const bytes = frame.end - (last?.low ?? frame.low);
      rows.push({ at: "⋮", words: `${skipped} more frames, ${bytes} bytes`, kind: "skipped" });
    }
  });
  rows.push({ at: hex(stack.pointer), words: "← rsp, the stack pointer", kind: "pointer" });
  return rows;
}

function frameRows(frame: FrameInfo): Row[] {
  const rows: Row[] = [
    {
      at: hex(frame.end - 8),
      words: `${frame.function}(), ${frame.end - frame.low} bytes: return address here, rbp ${hex(frame.base)}`,
      kind: "frame",
    },
  ];
  for (const local of frame.locals) {
    const dynamic = local.kind === "vla" || local.kind === "alloca";
    const kind = local.state === "dead" ? "dead" : dynamic ? "dynamic" : "live";
    rows.push({ at: hex(local.address), words: localWords(local), kind });
  }
  return rows;
}

function localWords(local: LocalInfo): string {
  const value = local.value === "" ? "" : ` = ${local.value}`;
  const state = local.state === "dead" ? " (its block has ended)" : "";
  const size = `, ${local.sizeBytes} byte${local.sizeBytes === 1 ? "" : "s"}`;
  return `${local.declaration}${value}${state}${value === "" ? size : ""}`;
}

function drawRow(row: Row, y: number): SvgText[] {
  const text = { "font-family": "monospace", "font-size": 11 };
  const at = label(left - 8, y + 14, row.at, { ...text, "text-anchor": "end", fill: colour.muted });
  if (row.kind === "pointer")
    return [
      at,
      element("line", {
        x1: left,
        x2: width - 12,
        y1: y + 2,
        y2: y + 2,
        stroke: colour.warn,
        "stroke-width": 2,
      }),
      label(left + 8, y + 15, row.words, { fill: colour.warn }),
    ];
  const fill =
    row.kind === "frame"
      ? tint("a", 0.28)
      : row.kind === "dynamic"
        ? tint("b", 0.2)
        : row.kind === "live"
          ? tint("a", 0.08)
          : { fill: "none" };
  const stroke = { stroke: colour.line, "stroke-width": 0.5 };
  const dashed: Record<string, string> = row.kind === "dead" ? { "stroke-dasharray": "3 2" } : {};
  return [
    box(left, y, width - left - 12, rowHeight, { ...fill, ...stroke, ...dashed }),
    at,
    label(left + (row.kind === "frame" ? 8 : 22), y + 14, row.words, {
      ...text,
      fill: row.kind === "dead" ? colour.muted : colour.ink,
    }),
  ];
}
