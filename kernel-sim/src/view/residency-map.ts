/**
 * A map of a range of addresses, a cell a page; of a large range, a cell is the sum of several pages.
 *
 * Not shown: which frame a page has (see `shared-frames.ts`), and rights.
 */
import { hex, KiB, PAGE_SIZE } from "../core/units.js";
import type { Address } from "../core/units.js";
import { UsageError } from "../core/errors.js";
import { stateOrder, stateStyles } from "./page-state.js";
import type { PageState } from "./page-state.js";
import { makePicture } from "./picture.js";
import type { Picture } from "./picture.js";
import { box, colour, label, tint } from "./svg.js";
import type { SvgText } from "./svg.js";
import { sizeWords } from "./words.js";

/** Neighbouring pages in one state. */
export interface PageRun {
  readonly pages: number;
  readonly state: PageState;
}

export interface ResidencyInput {
  /** What the range is: `"the first 384 pages of the map"`. */
  readonly title: string;
  readonly start: Address;
  readonly runs: readonly PageRun[];
}

const COLUMNS = 64;
const MAX_ROWS = 32;
const LARGE_CELL = 14;
const SMALL_CELL = 10;
const LEFT = 118;

/** Draws the runs, which follow one another from `start`. Throws UsageError where there is no page. */
export function residencyMap(input: ResidencyInput): Picture {
  const runs = joined(input.runs);
  const pages = runs.reduce((sum, run) => sum + run.pages, 0);
  if (pages === 0) {
    throw new UsageError(
      "a residency map of no pages",
      "give a length of at least one page, such as 4096",
    );
  }
  const pagesPerCell = Math.max(1, 2 ** Math.ceil(Math.log2(pages / (COLUMNS * MAX_ROWS))));
  const cells = cellsOf(runs, pagesPerCell);
  const columns = Math.min(cells.length <= 64 ? 16 : COLUMNS, cells.length);
  const cellSize = columns <= 16 ? LARGE_CELL * 1.6 : columns < COLUMNS ? LARGE_CELL : SMALL_CELL;
  const rows = Math.ceil(cells.length / columns);

  const body: SvgText[] = [];
  for (let row = 0; row < rows; row++) {
    const address = input.start + row * columns * pagesPerCell * PAGE_SIZE;
    if (row % (cellSize >= LARGE_CELL ? 1 : 4) === 0) {
      body.push(
        label(LEFT - 8, 30 + (row + 0.72) * cellSize, hex(address), {
          "text-anchor": "end",
          "font-size": 10,
          fill: colour.muted,
        }),
      );
    }
  }
  cells.forEach((state, i) => {
    const x = LEFT + (i % columns) * cellSize;
    const y = 30 + Math.floor(i / columns) * cellSize;
    const style = stateStyles[state];
    body.push(
      box(x, y, cellSize - 1, cellSize - 1, {
        ...tint(style.colour, style.strength),
        stroke: colour.line,
        "stroke-width": 0.5,
      }),
    );
    if (cellSize >= LARGE_CELL) {
      body.push(
        label(x + (cellSize - 1) / 2, y + cellSize * 0.7, style.sign, {
          "text-anchor": "middle",
          "font-size": 11,
        }),
      );
    }
  });

  const present = stateOrder.filter((state) => runs.some((run) => run.state === state));
  const width = Math.max(LEFT + columns * cellSize + 4, 470);
  const gridEnd = 30 + rows * cellSize;
  body.unshift(label(LEFT, 18, input.title, { "font-weight": "600" }));
  body.push(...legend(present, runs, gridEnd + 22, pagesPerCell));
  return makePicture({
    title: input.title,
    text: words(input, runs, pages, pagesPerCell),
    width,
    height: gridEnd + 16 + (present.length + (pagesPerCell > 1 ? 1 : 0)) * 18,
    body,
    data: { title: input.title, start: input.start, pages, runs, pagesPerCell },
  });
}

function joined(runs: readonly PageRun[]): PageRun[] {
  const result: PageRun[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (run.pages === 0) continue;
    if (last?.state === run.state) {
      result[result.length - 1] = { pages: last.pages + run.pages, state: run.state };
    } else {
      result.push(run);
    }
  }
  return result;
}

/** The strongest state of each cell: one anonymous page among 256 untouched ones is seen. */
function cellsOf(runs: readonly PageRun[], pagesPerCell: number): PageState[] {
  const total = runs.reduce((sum, run) => sum + run.pages, 0);
  const cells = new Array<PageState>(Math.ceil(total / pagesPerCell)).fill("unmapped");
  const rank = (state: PageState): number => stateOrder.indexOf(state);
  let page = 0;
  for (const run of runs) {
    const first = Math.floor(page / pagesPerCell);
    const last = Math.floor((page + run.pages - 1) / pagesPerCell);
    for (let cell = first; cell <= last; cell++) {
      if (rank(run.state) < rank(cells[cell] ?? "unmapped")) cells[cell] = run.state;
    }
    page += run.pages;
  }
  return cells;
}

function legend(
  present: readonly PageState[],
  runs: readonly PageRun[],
  top: number,
  pagesPerCell: number,
): SvgText[] {
  const lines = present.flatMap((state, i) => {
    const style = stateStyles[state];
    const y = top + i * 18;
    const pages = runs.reduce((sum, run) => sum + (run.state === state ? run.pages : 0), 0);
    return [
      box(LEFT, y - 11, 14, 14, { ...tint(style.colour, style.strength), stroke: colour.line }),
      label(LEFT + 7, y, style.sign, { "text-anchor": "middle", "font-size": 11 }),
      label(LEFT + 22, y, `${state}: ${style.meaning} (${pagesWords(pages)})`),
    ];
  });
  if (pagesPerCell === 1) return lines;
  const note = `A cell stands for ${pagesPerCell} pages and shows the first of these states that occurs in it.`;
  return [...lines, label(LEFT, top + present.length * 18, note, { fill: colour.muted })];
}

function words(
  input: ResidencyInput,
  runs: readonly PageRun[],
  pages: number,
  pagesPerCell: number,
): string {
  const lines = [
    `${input.title}: ${pagesWords(pages)}, ${sizeWords(pages * PAGE_SIZE)} from ${hex(input.start)}` +
      (pagesPerCell > 1 ? ` (${pagesPerCell} pages a cell)` : ""),
  ];
  const shown = runs.slice(0, 24);
  let page = 0;
  for (const run of shown) {
    const range = run.pages === 1 ? `page ${page}` : `pages ${page} to ${page + run.pages - 1}`;
    lines.push(
      `  ${range.padEnd(24)}${run.state.padEnd(18)}${String((run.pages * PAGE_SIZE) / KiB).padStart(9)} kB  ${stateStyles[run.state].meaning}`,
    );
    page += run.pages;
  }
  if (runs.length > shown.length) {
    lines.push(`  … and ${runs.length - shown.length} further runs`);
    for (const state of stateOrder) {
      const sum = runs.reduce((total, run) => total + (run.state === state ? run.pages : 0), 0);
      if (sum > 0) lines.push(`  in all ${pagesWords(sum)} ${state}`);
    }
  }
  return lines.join("\n");
}

function pagesWords(pages: number): string {
  return pages === 1 ? "1 page" : `${pages} pages`;
}
