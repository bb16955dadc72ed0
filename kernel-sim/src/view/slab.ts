/** Pictures of allocators that programs write: slabs item by item, chunks filled from front to back. */
import type { ChunkInfo, Locality, SlabCacheInfo, SlabInfo } from "../report/program-info.js";
import { hex } from "../core/units.js";
import { makePicture } from "./picture.js";
import type { Picture } from "./picture.js";
import { box, colour, label, tint } from "./svg.js";
import type { Attributes, SvgText } from "./svg.js";

const width = 660;
const left = 130;
const barWidth = width - left - 14;
const barHeight = 24;
const rowHeight = 40;

/** Each slab a bar to scale: header, colour, items used or free, and the rest that fits no item. */
export function slabPicture(cache: SlabCacheInfo, title = "Slabs"): Picture {
  const lines = [`${title}: items of ${cache.itemBytes} bytes`];
  const body: SvgText[] = [];
  cache.slabs.forEach((slab, index) => {
    lines.push(slabWords(slab, cache.itemBytes));
    body.push(...drawSlab(slab, cache.itemBytes, 12 + index * rowHeight));
  });
  const legend = 12 + cache.slabs.length * rowHeight;
  lines.push("# used item, . free item");
  body.push(
    ...drawLegend(legend, [
      ["header", tint("d", 0.6)],
      ["colour", tint("b", 0.5)],
      ["used item", tint("a", 0.55)],
      ["free item", tint("a", 0.1)],
    ]),
  );
  const height = legend + 28;
  return makePicture({ title, text: lines.join("\n"), width, height, body, data: cache });
}

function slabWords(slab: SlabInfo, itemBytes: number): string {
  const used = slab.items.filter((state) => state === "used").length;
  const row = slab.items.map((state) => (state === "used" ? "#" : ".")).join("");
  const rest = slab.sizeBytes - slab.headerBytes - slab.colourBytes - slab.items.length * itemBytes;
  const shift = `, colour ${slab.colourBytes}`;
  return `${hex(slab.address)}  header ${slab.headerBytes}${shift}, ${used} of ${slab.items.length} used, ${rest} left over  ${row}`;
}

function drawSlab(slab: SlabInfo, itemBytes: number, y: number): SvgText[] {
  const scale = barWidth / slab.sizeBytes;
  const at = (offset: number): number => left + offset * scale;
  const first = slab.headerBytes + slab.colourBytes;
  const parts: SvgText[] = [
    label(left - 8, y + 16, hex(slab.address), {
      "text-anchor": "end",
      "font-family": "monospace",
      "font-size": 11,
      fill: colour.muted,
    }),
    box(left, y, barWidth, barHeight, { fill: "none", stroke: colour.line }),
    box(left, y, slab.headerBytes * scale, barHeight, tint("d", 0.6)),
  ];
  if (slab.colourBytes > 0)
    parts.push(box(at(slab.headerBytes), y, slab.colourBytes * scale, barHeight, tint("b", 0.5)));
  slab.items.forEach((state, i) =>
    parts.push(
      box(at(first + i * itemBytes), y, Math.max(itemBytes * scale - 0.6, 0.4), barHeight, {
        ...tint("a", state === "used" ? 0.55 : 0.1),
        stroke: colour.line,
        "stroke-width": 0.3,
      }),
    ),
  );
  return parts;
}

/** Chunks of a pool or an obstack, newest first, each a bar to the same scale. */
export function chunksPicture(chunks: readonly ChunkInfo[], title = "Chunks"): Picture {
  const most = Math.max(1, ...chunks.map((chunk) => chunk.sizeBytes));
  const scale = barWidth / most;
  const lines = [title];
  const body: SvgText[] = [];
  chunks.forEach((chunk, index) => {
    const y = 12 + index * rowHeight;
    const used = chunk.usedBytes ?? chunk.sizeBytes - chunk.headerBytes;
    const free = chunk.sizeBytes - chunk.headerBytes - used;
    const words =
      chunk.usedBytes === undefined
        ? "older objects (how far it is filled is kept nowhere)"
        : `${used} used, ${free} ${index === 0 ? "free" : "lost at its end"}`;
    lines.push(
      `${hex(chunk.address)}  ${chunk.sizeBytes} bytes: header ${chunk.headerBytes}, ${words}`,
    );
    body.push(
      label(left - 8, y + 16, hex(chunk.address), {
        "text-anchor": "end",
        "font-family": "monospace",
        "font-size": 11,
        fill: colour.muted,
      }),
      box(left, y, chunk.headerBytes * scale, barHeight, tint("d", 0.6)),
      box(
        left + chunk.headerBytes * scale,
        y,
        used * scale,
        barHeight,
        tint("a", chunk.usedBytes === undefined ? 0.25 : 0.5),
      ),
      box(left, y, chunk.sizeBytes * scale, barHeight, { fill: "none", stroke: colour.line }),
    );
  });
  const legend = 12 + Math.max(1, chunks.length) * rowHeight;
  body.push(
    ...drawLegend(legend, [
      ["header", tint("d", 0.6)],
      ["used", tint("a", 0.5)],
    ]),
  );
  const height = legend + 28;
  return makePicture({ title, text: lines.join("\n"), width, height, body, data: chunks });
}

function drawLegend(y: number, entries: readonly (readonly [string, Attributes])[]): SvgText[] {
  return entries.flatMap(([words, fill], index) => [
    box(left + index * 110, y, 14, 14, { ...fill, stroke: colour.line, "stroke-width": 0.5 }),
    label(left + index * 110 + 20, y + 12, words, { "font-size": 11 }),
  ]);
}

/** Several walks side by side: what each touches, in numbers and as bars to one scale a measure. */
export function localityPicture(
  walks: readonly { readonly name: string; readonly locality: Locality }[],
  title = "What a walk touches",
): Picture {
  const measures = [
    ["pages", "pages of 4 KiB"],
    ["cacheLines", "cache lines of 64 bytes"],
    ["tlbMisses", `misses of a TLB with ${walks[0]?.locality.tlbEntries ?? 64} entries`],
  ] as const;
  const lines = [title];
  const body: SvgText[] = [];
  let y = 18;
  const nameWidth = Math.max(0, ...walks.map((walk) => walk.name.length));
  for (const [key, words] of measures) {
    const most = Math.max(1, ...walks.map((walk) => walk.locality[key]));
    lines.push(words);
    body.push(label(14, y, words, { "font-weight": "bold" }));
    y += 8;
    for (const { name, locality } of walks) {
      const value = locality[key];
      lines.push(`  ${name.padEnd(nameWidth)}  ${value}`);
      body.push(
        label(left - 8, y + 14, name, { "text-anchor": "end", "font-size": 11 }),
        box(left, y + 3, (value / most) * (barWidth - 70), 14, tint("a", 0.5)),
        label(left + (value / most) * (barWidth - 70) + 6, y + 14, String(value), {
          "font-size": 11,
        }),
      );
      y += 20;
    }
    y += 22;
  }
  return makePicture({ title, text: lines.join("\n"), width, height: y, body, data: walks });
}
