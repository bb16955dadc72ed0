/**
 * HTML and SVG that came from outside, made safe for a page: what is not on the list is left out, no id can clash with
 * the page's own, nothing is fetched from elsewhere.
 */
import { fromHtml } from "hast-util-from-html";
import { defaultSchema, sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import type { Schema } from "hast-util-sanitize";
import type { Nodes } from "hast";

const own = defaultSchema.attributes ?? {};

/** What a Markdown cell may hold: GitHub's list, with figures, details and classes of our own. */
export const markdownSchema: Schema = {
  ...defaultSchema,
  clobber: [],
  tagNames: [...(defaultSchema.tagNames ?? []), "figure", "figcaption", "mark", "abbr", "kbd", "u"],
  attributes: {
    ...own,
    "*": [...(own["*"] ?? []), "id", "className", "lang"],
    abbr: ["title"],
  },
  protocols: { ...defaultSchema.protocols, src: ["http", "https", "data"] },
};

const outputSchema: Schema = {
  ...markdownSchema,
  clobber: ["id", "name"],
  clobberPrefix: "output-",
  tagNames: (markdownSchema.tagNames ?? []).filter((name) => name !== "input"),
  attributes: {
    ...markdownSchema.attributes,
    td: ["align", "colSpan", "rowSpan", "scope"],
    th: ["align", "colSpan", "rowSpan", "scope"],
  },
  protocols: { ...markdownSchema.protocols, src: ["data"] },
};

const svgTags = (
  "svg g defs title desc path rect circle ellipse line polyline polygon text tspan textPath " +
  "linearGradient radialGradient stop clipPath mask pattern marker symbol use"
).split(" ");

const svgAttributes = (
  "className id role ariaLabel ariaLabelledBy ariaHidden style transform viewBox width height x y x1 y1 x2 y2 dx dy " +
  "cx cy r rx ry d points fill fillOpacity fillRule stroke strokeWidth strokeDashArray strokeDashOffset strokeLineCap " +
  "strokeLineJoin strokeOpacity opacity fontFamily fontSize fontWeight fontStyle textAnchor dominantBaseline " +
  "alignmentBaseline letterSpacing textLength lengthAdjust whiteSpace preserveAspectRatio offset stopColor stopOpacity " +
  "gradientUnits gradientTransform clipPath clipPathUnits mask maskUnits patternUnits patternTransform markerWidth " +
  "markerHeight markerStart markerEnd markerMid refX refY orient vectorEffect shapeRendering textRendering focusable " +
  "xmlSpace fontVariant rotate spreadMethod paintOrder colorInterpolation data*"
).split(" ");

const svgSchema: Schema = {
  strip: ["script", "style", "foreignObject"],
  clobber: [],
  tagNames: svgTags,
  attributes: { "*": svgAttributes, use: ["href"] },
  protocols: { href: [] },
};

/** Styles may name colours and sizes; they may not fetch. */
function dropUnsafeStyles(node: Nodes): void {
  if (node.type === "element") {
    const style = node.properties["style"];
    if (typeof style === "string" && /url\s*\(|expression|@import|javascript:/i.test(style)) {
      delete node.properties["style"];
    }
    for (const [name, value] of Object.entries(node.properties)) {
      const outside = typeof value === "string" && /url\(\s*['"]?(?!#)/i.test(value);
      if (outside) delete node.properties[name];
    }
    const href = node.properties["href"];
    if (node.tagName === "use" && !(typeof href === "string" && href.startsWith("#"))) {
      node.properties["href"] = undefined;
    }
  }
  if ("children" in node) node.children.forEach(dropUnsafeStyles);
}

/** A picture that may not be fetched becomes its words. */
function wordsForPictures(node: Nodes): void {
  if (!("children" in node)) return;
  node.children.forEach((child, index) => {
    const lost = child.type === "element" && child.tagName === "img" && !child.properties["src"];
    if (lost) {
      node.children[index] = { type: "text", value: String(child.properties["alt"] ?? "") };
    } else wordsForPictures(child);
  });
}

/** HTML that a cell displayed, safe to stand in a page. */
export function sanitiseHtml(html: string): string {
  const safe = sanitize(fromHtml(html, { fragment: true }), outputSchema);
  dropUnsafeStyles(safe);
  wordsForPictures(safe);
  return toHtml(safe);
}

export interface SafeSvg {
  readonly svg: string;
  /** The text of its <title>, and of its <desc>. */
  readonly title: string;
  readonly desc: string;
  readonly width: number | null;
  readonly height: number | null;
}

function textOf(node: Nodes): string {
  if (node.type === "text") return node.value;
  return "children" in node ? node.children.map(textOf).join("") : "";
}

function childText(svg: Nodes, tagName: string): string {
  if (!("children" in svg)) return "";
  const found = svg.children.find((node) => node.type === "element" && node.tagName === tagName);
  return found === undefined ? "" : textOf(found).trim();
}

/** Gives every id a prefix, and every reference with it, so that two pictures on one page cannot clash. */
function prefixIds(node: Nodes, prefix: string): void {
  if (node.type === "element") {
    for (const [name, value] of Object.entries(node.properties)) {
      if (name === "ariaLabelledBy" && Array.isArray(value)) {
        node.properties[name] = value.map((id) => `${prefix}${id}`);
      }
      if (typeof value !== "string") continue;
      if (name === "id") node.properties[name] = `${prefix}${value}`;
      else if (name === "href" && value.startsWith("#"))
        node.properties[name] = `#${prefix}${value.slice(1)}`;
      else node.properties[name] = value.replace(/url\((['"]?)#/g, `url($1#${prefix}`);
    }
  }
  if ("children" in node) for (const child of node.children) prefixIds(child, prefix);
}

/** An SVG picture, safe to stand in a page; null where `source` holds none. */
export function sanitiseSvg(source: string, prefix: string): SafeSvg | null {
  const start = source.indexOf("<svg");
  if (start < 0) return null;
  const safe = sanitize(fromHtml(source.slice(start), { fragment: true, space: "svg" }), svgSchema);
  dropUnsafeStyles(safe);
  prefixIds(safe, prefix);
  const svg =
    "children" in safe
      ? safe.children.find((node) => node.type === "element" && node.tagName === "svg")
      : undefined;
  if (svg?.type !== "element") return null;
  const box = String(svg.properties["viewBox"] ?? "")
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const width = Number.parseFloat(String(svg.properties["width"] ?? "")) || box[2] || null;
  const height = Number.parseFloat(String(svg.properties["height"] ?? "")) || box[3] || null;
  svg.properties["role"] = "img";
  return {
    svg: toHtml(svg, { space: "svg" }),
    title: childText(svg, "title"),
    desc: childText(svg, "desc"),
    width,
    height,
  };
}
