/**
 * A map of a heap: every byte of it in a row of strips, few chunks drawn one by one, up to a million
 * summed by the pixel.
 *
 * In a summed strip each column shows its share of bytes from the bottom up: in use, cached, free.
 * Not shown: the bytes of mapped chunks, which lie elsewhere; they are counted in the words.
 */
import { UsageError } from "../core/errors.js";
import { hex } from "../core/units.js";
import type { Address } from "../core/units.js";
import { makePicture } from "./picture.js";
import type { Picture } from "./picture.js";
import { box, colour, element, label, tint } from "./svg.js";
import type { ColourName, SvgText } from "./svg.js";
import { sizeWords } from "./words.js";

/** What the map tells apart. */
export type HeapUse = "in use" | "cached" | "free" | "top" | "own";

/** One chunk, or many of one use that follow one another. */
export interface HeapRun {
  readonly address: Address;
  readonly bytes: number;
  readonly use: HeapUse;
  readonly chunks: number;
}

export interface HeapMapInput {
  readonly title: string;
  /** The C library's version whose heap it is. */
  readonly glibc: string;
  /** In order of address; gaps between them are other people's memory. */
  readonly runs: readonly HeapRun[];
  /** Sentences that follow the map's own words: the figures of the heap. */
  readonly notes: readonly string[];
  readonly data: unknown;
}

const styles: Readonly<Record<HeapUse, { colour: ColourName; strength: number; words: string }>> = {
  "in use": { colour: "a", strength: 0.75, words: "in use" },
  own: { colour: "d", strength: 0.6, words: "the allocator's own" },
  cached: { colour: "b", strength: 0.6, words: "free, in the tcache or a fastbin" },
  free: { colour: "c", strength: 0.35, words: "free, in a bin" },
  top: { colour: "muted", strength: 0.12, words: "top" },
};
const order: readonly HeapUse[] = ["in use", "own", "cached", "free", "top"];

const WIDTH = 720;
const LEFT = 118;
const STRIP = 22;
const MAX_STRIPS = 16;
/** Below this many runs a strip draws each; above, it sums by the pixel. */
const DRAW_EACH = 400;

/** Draws the runs. Throws UsageError where there is none. */
export function heapMap(input: HeapMapInput): Picture {
  const first = input.runs[0];
  const last = input.runs[input.runs.length - 1];
  if (first === undefined || last === undefined) {
    throw new UsageError("a map of a heap without chunks", "call malloc first");
  }
  const start = first.address;
  const end = last.address + last.bytes;
  const strips = stripCount(end - start, input.runs.length);
  const stripBytes = Math.ceil((end - start) / strips / 16) * 16;
  const each = input.runs.length <= DRAW_EACH;
  const scale: Scale = { start, end, strips, stripBytes, each };
  const sums = sumByPixel(input.runs, scale);
  const body: SvgText[] = [];
  for (let row = 0; row < strips; row++) {
    const from = start + row * stripBytes;
    const to = Math.min(from + stripBytes, end);
    const y = 12 + row * (STRIP + 4);
    body.push(
      label(LEFT - 8, y + 15, hex(from), {
        "text-anchor": "end",
        "font-size": 10,
        fill: colour.muted,
      }),
    );
    const place = { row, from, to, y, scale: WIDTH / stripBytes };
    body.push(...(each ? drawEach(input.runs, place) : drawSums(sums, place)));
    body.push(
      box(LEFT, y, (to - from) * place.scale, STRIP, {
        fill: "none",
        stroke: colour.line,
        "stroke-width": 0.75,
      }),
    );
  }
  const legendY = 12 + strips * (STRIP + 4) + 8;
  body.push(...legend(legendY));
  body.push(
    label(LEFT + WIDTH, legendY + 10, `glibc ${input.glibc}`, {
      "text-anchor": "end",
      "font-size": 11,
      fill: colour.muted,
    }),
  );
  return makePicture({
    title: input.title,
    text: words(input, sums, scale),
    width: LEFT + WIDTH + 8,
    height: legendY + 24,
    body,
    data: input.data,
  });
}

interface Scale {
  readonly start: Address;
  readonly end: Address;
  readonly strips: number;
  readonly stripBytes: number;
  readonly each: boolean;
}

/** Bytes of each use, a column of pixels after the other through all strips. */
function sumByPixel(runs: readonly HeapRun[], scale: Scale): readonly Float64Array[] {
  const bytesPerPixel = scale.stripBytes / WIDTH;
  const sums = order.map(() => new Float64Array(scale.strips * WIDTH));
  for (const run of runs) {
    const column = sums[order.indexOf(run.use)];
    if (column === undefined) continue;
    const from = run.address - scale.start;
    const to = from + run.bytes;
    const last = Math.min(Math.floor(to / bytesPerPixel), column.length - 1);
    for (let pixel = Math.floor(from / bytesPerPixel); pixel <= last; pixel++) {
      const left = Math.max(from, pixel * bytesPerPixel);
      const right = pixel === column.length - 1 ? to : Math.min(to, (pixel + 1) * bytesPerPixel);
      if (right > left) column[pixel] = (column[pixel] ?? 0) + right - left;
    }
  }
  return sums;
}

function stripCount(bytes: number, runs: number): number {
  const byRuns = Math.ceil(runs / 24);
  const byBytes = Math.ceil(bytes / 4096);
  return Math.max(1, Math.min(MAX_STRIPS, byRuns, byBytes));
}

interface Strip {
  readonly row: number;
  readonly from: Address;
  readonly to: Address;
  readonly y: number;
  /** Pixels a byte. */
  readonly scale: number;
}

function drawEach(runs: readonly HeapRun[], strip: Strip): SvgText[] {
  const pieces: SvgText[] = [];
  for (const run of runs) {
    const from = Math.max(run.address, strip.from);
    const to = Math.min(run.address + run.bytes, strip.to);
    if (from >= to) continue;
    const { colour: name, strength } = styles[run.use];
    pieces.push(
      box(
        LEFT + (from - strip.from) * strip.scale,
        strip.y,
        (to - from) * strip.scale,
        STRIP,
        run.bytes * strip.scale < 2 || run.chunks > 1
          ? tint(name, strength)
          : { ...tint(name, strength), stroke: colour.line, "stroke-width": 0.5 },
      ),
    );
  }
  return pieces;
}

/** Each column's shares stacked, an outline a use; neighbouring columns that look alike are one rectangle of it. */
function drawSums(sums: readonly Float64Array[], strip: Strip): SvgText[] {
  const bytesPerPixel = 1 / strip.scale;
  const first = strip.row * WIDTH;
  const pieces: SvgText[] = [];
  let bottoms: Float64Array = new Float64Array(WIDTH);
  order.forEach((use, i) => {
    const column = sums[i] ?? bottoms;
    const tops = bottoms.map(
      (bottom, x) => bottom + ((column[first + x] ?? 0) / bytesPerPixel) * STRIP,
    );
    const { colour: name, strength } = styles[use];
    let outline = "";
    for (let x = 0; x < WIDTH;) {
      const bottom = Math.round(bottoms[x] ?? 0);
      const top = Math.round(tops[x] ?? 0);
      let next = x + 1;
      while (
        next < WIDTH &&
        Math.round(bottoms[next] ?? 0) === bottom &&
        Math.round(tops[next] ?? 0) === top
      ) {
        next++;
      }
      if (top > bottom) {
        const [across, up] = [next - x, top - bottom];
        outline += `M${LEFT + x} ${strip.y + STRIP - bottom}h${across}v-${up}h-${across}z`;
      }
      x = next;
    }
    if (outline !== "") pieces.push(element("path", { d: outline, ...tint(name, strength) }));
    bottoms = tops;
  });
  return pieces;
}

function legend(y: number): SvgText[] {
  const pieces: SvgText[] = [];
  let x = LEFT;
  for (const use of order) {
    const { colour: name, strength, words: text } = styles[use];
    pieces.push(
      box(x, y, 12, 12, { ...tint(name, strength), stroke: colour.line, "stroke-width": 0.5 }),
      label(x + 17, y + 10, text, { "font-size": 11 }),
    );
    x += 34 + text.length * 6;
  }
  return pieces;
}

/** Everything that the picture shows: its scale, and the share of each use in each strip. */
function words(input: HeapMapInput, sums: readonly Float64Array[], scale: Scale): string {
  const { start, end, strips, stripBytes, each } = scale;
  const lines = [
    `${input.title}: ${hex(start)} to ${hex(end)}, ${sizeWords(end - start)} in ` +
      `${strips === 1 ? "one strip" : `${strips} strips of ${sizeWords(stripBytes)}`}` +
      (each ? ", chunk by chunk." : ", summed by the pixel."),
    ...input.notes,
  ];
  for (let row = 0; row < strips; row++) {
    const from = start + row * stripBytes;
    const to = Math.min(from + stripBytes, end);
    const shares = order.flatMap((use, i) => {
      let bytes = 0;
      for (let x = row * WIDTH; x < (row + 1) * WIDTH; x++) bytes += sums[i]?.[x] ?? 0;
      if (bytes === 0) return [];
      return [`${styles[use].words} ${((bytes / (to - from)) * 100).toFixed(1)} %`];
    });
    lines.push(`${hex(from)}  ${shares.join("; ")}`);
  }
  return lines.join("\n");
}
