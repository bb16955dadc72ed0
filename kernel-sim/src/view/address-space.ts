/** The mappings of a process from high addresses to low, with the gaps between them. Heights are not to scale. */
import { hex, KiB } from "../core/units.js";
import type { Address } from "../core/units.js";
import { makePicture } from "./picture.js";
import type { Picture } from "./picture.js";
import { box, colour, label, tint } from "./svg.js";
import type { ColourName, SvgText } from "./svg.js";
import { sizeWords } from "./words.js";

/** One mapping, a line of /proc/PID/maps. */
export interface MappingFacts {
  readonly start: Address;
  readonly end: Address;
  /** `rw-p`, as in maps. */
  readonly rights: string;
  /** The last column of maps, `""` for an anonymous map. */
  readonly name: string;
  readonly rssKb?: number;
}

export interface AddressSpaceInput {
  readonly title: string;
  /** In ascending order, apart from each other, as in maps. */
  readonly mappings: readonly MappingFacts[];
}

const BAR = 190;
const LEFT = 128;
const ROW = 26;
const GAP_ROW = 20;

function colourOf(mapping: MappingFacts): ColourName {
  if (mapping.name.startsWith("[heap")) return "a";
  if (mapping.name.startsWith("[stack")) return "d";
  if (mapping.rights.endsWith("s")) return "b";
  return mapping.name === "" ? "a" : mapping.name.startsWith("[") ? "line" : "c";
}

/** The name as it fits into a bar: of a path its last part. The words have the whole. */
function shortName({ name }: MappingFacts): string {
  return name === "" ? "anonymous" : name.slice(name.lastIndexOf("/") + 1);
}

/** Draws the mappings, highest first. The darker part of a bar is what is resident of it. */
export function addressSpace(input: AddressSpaceInput): Picture {
  const { title, mappings } = input;
  const body: SvgText[] = [label(LEFT, 18, title, { "font-weight": "600" })];
  let y = 30;
  const descending = [...mappings].reverse();
  descending.forEach((mapping, i) => {
    const size = mapping.end - mapping.start;
    const share =
      mapping.rssKb === undefined ? 0 : Math.min(1, (mapping.rssKb * KiB) / Math.max(1, size));
    const name = colourOf(mapping);
    body.push(
      box(LEFT, y, BAR, ROW - 2, { ...tint(name, 0.18), stroke: colour.line }),
      ...(share > 0 ? [box(LEFT, y, Math.max(2, BAR * share), ROW - 2, tint(name, 0.4))] : []),
      label(LEFT - 8, y + ROW - 6, hex(mapping.start), {
        "text-anchor": "end",
        "font-size": 10,
        fill: colour.muted,
      }),
      label(LEFT + 8, y + 16, `${mapping.rights}  ${shortName(mapping)}`, {
        "font-size": 11,
      }),
      label(
        LEFT + BAR + 10,
        y + 16,
        sizeWords(size) + (mapping.rssKb === undefined ? "" : `, resident ${mapping.rssKb} kB`),
        { "font-size": 11 },
      ),
    );
    y += ROW;
    const below = descending[i + 1];
    if (below !== undefined && below.end < mapping.start) {
      body.push(
        label(LEFT + BAR / 2, y + 13, `⋮ ${sizeWords(mapping.start - below.end)} unmapped`, {
          "text-anchor": "middle",
          "font-size": 10,
          fill: colour.muted,
        }),
      );
      y += GAP_ROW;
    }
  });
  return makePicture({
    title,
    text: words(input),
    width: LEFT + BAR + 190,
    height: y + 8,
    body,
    data: input,
  });
}

function words(input: AddressSpaceInput): string {
  const lines = [`${input.title}, highest first`];
  const descending = [...input.mappings].reverse();
  descending.forEach((mapping, i) => {
    const size = sizeWords(mapping.end - mapping.start).padStart(10);
    const rss = mapping.rssKb === undefined ? "" : `  resident ${mapping.rssKb} kB`;
    lines.push(
      `  ${hex(mapping.start)}-${hex(mapping.end)} ${mapping.rights} ${size}  ${mapping.name === "" ? "anonymous" : mapping.name}${rss}`,
    );
    const below = descending[i + 1];
    if (below !== undefined && below.end < mapping.start) {
      lines.push(`  (${sizeWords(mapping.start - below.end)} unmapped)`);
    }
  });
  return lines.join("\n");
}
