/** Which page of which process has which frame: the picture of fork, of copy-on-write and of Pss. */
import { hex } from "../core/units.js";
import type { Address, Pfn } from "../core/units.js";
import { makePicture } from "./picture.js";
import type { Picture } from "./picture.js";
import { box, colour, element, label, tint } from "./svg.js";
import type { SvgText } from "./svg.js";

/** One page of a process. Without `pfn` its entry is empty. */
export interface FramePage {
  readonly address: Address;
  readonly pfn?: Pfn;
  /** May be written without a fault. */
  readonly rights: "read only" | "read and write";
}

export interface FrameProcess {
  readonly name: string;
  readonly pages: readonly FramePage[];
}

export interface SharedFramesInput {
  readonly title: string;
  readonly processes: readonly FrameProcess[];
}

const CELL = 58;
const LEFT = 96;
const ROW = 34;
const SPACE = 64;

interface Frame {
  readonly pfn: Pfn;
  readonly users: readonly { readonly process: number; readonly page: number }[];
}

/**
 * Draws a row a process and a row of the frames, and a line from each page to its frame. Of two
 * processes one is above the frames and one below, so that no line passes behind a page.
 */
export function sharedFrames(input: SharedFramesInput): Picture {
  const { title, processes } = input;
  const frames = framesOf(processes);
  const body: SvgText[] = [label(10, 18, title, { "font-weight": "600" })];
  const rowsAbove = processes.length === 2 ? 1 : processes.length;
  const framesTop = 34 + rowsAbove * (ROW + SPACE);
  const rowTop = (row: number): number =>
    row < rowsAbove ? 34 + row * (ROW + SPACE) : framesTop + ROW + SPACE;
  const centre = (column: number): number => LEFT + column * CELL + (CELL - 6) / 2;

  const lines: SvgText[] = [];
  frames.forEach((frame, column) => {
    for (const { process, page } of frame.users) {
      const above = process < rowsAbove;
      const from = rowTop(process) + (above ? ROW : 0);
      const to = framesTop + (above ? 0 : ROW);
      const bend = above ? 40 : -40;
      lines.push(
        element("path", {
          d: `M${centre(page)} ${from}C${centre(page)} ${from + bend} ${centre(column)} ${to - bend} ${centre(column)} ${to}`,
          fill: "none",
          stroke: frame.users.length > 1 ? colour.d : colour.a,
          "stroke-width": 1.4,
          "stroke-opacity": 0.8,
        }),
      );
    }
  });
  body.push(...lines);

  processes.forEach((process, row) => {
    const y = rowTop(row);
    body.push(label(10, y + 21, process.name, { "font-weight": "600" }));
    process.pages.forEach((page, i) => {
      const x = LEFT + i * CELL;
      const mark = page.pfn === undefined ? "empty" : page.rights === "read only" ? "r" : "rw";
      body.push(
        box(x, y, CELL - 6, ROW, { fill: colour.paper, stroke: colour.line }),
        label(x + (CELL - 6) / 2, y + 14, `page ${i}`, {
          "text-anchor": "middle",
          "font-size": 11,
        }),
        label(x + (CELL - 6) / 2, y + 28, mark, {
          "text-anchor": "middle",
          "font-size": 10,
          fill: colour.muted,
        }),
      );
    });
  });

  body.push(label(10, framesTop + 21, "frames", { "font-weight": "600" }));
  frames.forEach((frame, column) => {
    const x = LEFT + column * CELL;
    const shared = frame.users.length > 1;
    body.push(
      box(x, framesTop, CELL - 6, ROW, {
        ...tint(shared ? "d" : "a", 0.25),
        stroke: colour.line,
      }),
      label(x + (CELL - 6) / 2, framesTop + 14, hex(frame.pfn), {
        "text-anchor": "middle",
        "font-size": 10,
      }),
      label(x + (CELL - 6) / 2, framesTop + 28, `× ${frame.users.length}`, {
        "text-anchor": "middle",
        "font-size": 11,
      }),
    );
  });

  const columns = Math.max(frames.length, ...processes.map((process) => process.pages.length), 1);
  return makePicture({
    title,
    text: words(input, frames),
    width: Math.max(LEFT + columns * CELL + 6, 380),
    height: Math.max(framesTop, rowTop(processes.length - 1)) + ROW + 10,
    body,
    data: { ...input, frames },
  });
}

function framesOf(processes: readonly FrameProcess[]): Frame[] {
  const users = new Map<Pfn, { process: number; page: number }[]>();
  processes.forEach((process, p) => {
    process.pages.forEach((page, i) => {
      if (page.pfn === undefined) return;
      const list = users.get(page.pfn) ?? [];
      list.push({ process: p, page: i });
      users.set(page.pfn, list);
    });
  });
  return [...users].sort(([a], [b]) => a - b).map(([pfn, list]) => ({ pfn, users: list }));
}

function words(input: SharedFramesInput, frames: readonly Frame[]): string {
  const lines = [input.title];
  for (const process of input.processes) {
    process.pages.forEach((page, i) => {
      const where = page.pfn === undefined ? "no frame" : `frame ${hex(page.pfn)}, ${page.rights}`;
      lines.push(`  ${process.name.padEnd(10)} page ${i}: ${where}`);
    });
  }
  for (const frame of frames) {
    const names = frame.users
      .map(({ process, page }) => `${input.processes[process]?.name ?? ""} page ${page}`)
      .join(", ");
    lines.push(`  frame ${hex(frame.pfn)}: ${frame.users.length} × (${names})`);
  }
  return lines.join("\n");
}
