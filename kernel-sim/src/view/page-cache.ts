/** A file's pages in the page cache, and who has mapped them. */
import { KiB, PAGE_SIZE } from "../core/units.js";
import { makePicture } from "./picture.js";
import type { Picture } from "./picture.js";
import { box, colour, label, tint } from "./svg.js";
import type { SvgText } from "./svg.js";
import { sizeWords } from "./words.js";

/** Where one page of the file's bytes stands. */
export type CacheState = "on disk" | "hole" | "clean" | "dirty";

export interface CachePage {
  readonly state: CacheState;
  /** How many page-table entries name the cached frame. */
  readonly mapCount: number;
}

export interface PageCacheInput {
  readonly title: string;
  readonly sizeBytes: number;
  /** One a page of the file, first to last. */
  readonly pages: readonly CachePage[];
}

const CELL = 22;
const COLUMNS = 32;
const LEFT = 10;

const styles = {
  "on disk": { sign: "·", name: "line", strength: 0, meaning: "not in the cache: a read waits" },
  hole: { sign: "_", name: "line", strength: 0.2, meaning: "no block on the disk: zeros" },
  clean: { sign: "c", name: "c", strength: 0.25, meaning: "in the cache, as on the disk" },
  dirty: { sign: "D", name: "b", strength: 0.45, meaning: "in the cache, newer than the disk" },
} as const;

/** Draws a cell a page with its state, and the number of maps where there are some. */
export function pageCache(input: PageCacheInput): Picture {
  const { title, pages } = input;
  const body: SvgText[] = [label(LEFT, 18, title, { "font-weight": "600" })];
  pages.forEach((page, i) => {
    const x = LEFT + (i % COLUMNS) * CELL;
    const y = 30 + Math.floor(i / COLUMNS) * CELL;
    const style = styles[page.state];
    body.push(
      box(x, y, CELL - 1, CELL - 1, {
        ...tint(style.name, style.strength),
        stroke: page.mapCount > 0 ? colour.ink : colour.line,
        "stroke-width": page.mapCount > 0 ? 1.6 : 0.6,
      }),
      label(x + (CELL - 1) / 2, y + 15, style.sign + (page.mapCount > 0 ? page.mapCount : ""), {
        "text-anchor": "middle",
        "font-size": 11,
      }),
    );
  });
  const states = (Object.keys(styles) as CacheState[]).filter((state) =>
    pages.some((page) => page.state === state),
  );
  const gridEnd = 30 + Math.ceil(pages.length / COLUMNS) * CELL;
  states.forEach((state, i) => {
    const style = styles[state];
    const y = gridEnd + 18 + i * 18;
    body.push(
      box(LEFT, y - 11, 14, 14, { ...tint(style.name, style.strength), stroke: colour.line }),
      label(LEFT + 7, y, style.sign, { "text-anchor": "middle", "font-size": 11 }),
      label(LEFT + 22, y, `${state}: ${style.meaning}`),
    );
  });
  const noteY = gridEnd + 18 + states.length * 18;
  body.push(
    label(LEFT, noteY, "A thick border and a number: so many page-table entries name it.", {
      fill: colour.muted,
    }),
  );
  return makePicture({
    title,
    text: words(input),
    width: Math.max(LEFT + Math.min(COLUMNS, pages.length) * CELL + 10, 430),
    height: noteY + 12,
    body,
    data: input,
  });
}

function words(input: PageCacheInput): string {
  const lines = [`${input.title}: ${sizeWords(input.sizeBytes)}, ${input.pages.length} pages`];
  let first = 0;
  const same = (a: CachePage | undefined, b: CachePage | undefined): boolean =>
    a !== undefined && b !== undefined && a.state === b.state && a.mapCount === b.mapCount;
  for (let i = 1; i <= input.pages.length; i++) {
    if (same(input.pages[i], input.pages[first])) continue;
    const page = input.pages[first];
    if (page !== undefined) {
      const range = i - first === 1 ? `page ${first}` : `pages ${first} to ${i - 1}`;
      const mapped = page.mapCount === 0 ? "not mapped" : `mapped ${page.mapCount} ×`;
      lines.push(
        `  ${range.padEnd(20)}${page.state.padEnd(10)}${mapped.padEnd(13)}${((i - first) * PAGE_SIZE) / KiB} kB`,
      );
    }
    first = i;
  }
  return lines.join("\n");
}
