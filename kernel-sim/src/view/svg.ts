/** SVG as text: elements, escaped words, and the colours that follow the page's theme. */

/** A piece of finished SVG. */
export type SvgText = string;

/** Attributes of an element; numbers are rounded to a hundredth, so that the same data gives the same bytes. */
export type Attributes = Readonly<Record<string, string | number>>;

/** The colours of every picture: a variable of the page, with a value of its own where there is none. */
export const colour = {
  ink: "var(--fig-ink, #1f2328)",
  paper: "var(--fig-paper, #ffffff)",
  line: "var(--fig-line, #8c959f)",
  muted: "var(--fig-muted, #59636e)",
  a: "var(--fig-a, #2563a8)",
  b: "var(--fig-b, #b35900)",
  c: "var(--fig-c, #2f7d4f)",
  d: "var(--fig-d, #7a4fa3)",
  warn: "var(--fig-warn, #b3261e)",
} as const;

export type ColourName = keyof typeof colour;

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

/** The text with the five characters replaced that mean something in XML. */
export function escapeXml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** One element; its children are pieces of SVG already, never raw words. */
export function element(name: string, attributes: Attributes, ...children: SvgText[]): SvgText {
  const list = Object.entries(attributes)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === "number" ? rounded(value) : escapeXml(value)}"`,
    )
    .join("");
  return children.length === 0
    ? `<${name}${list}/>`
    : `<${name}${list}>${children.join("")}</${name}>`;
}

/** Words at a place. `size` is in the picture's units, 12 unless told. */
export function label(x: number, y: number, words: string, attributes: Attributes = {}): SvgText {
  return element(
    "text",
    { x, y, "font-size": 12, fill: colour.ink, ...attributes },
    escapeXml(words),
  );
}

/** A rectangle. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  attributes: Attributes = {},
): SvgText {
  return element("rect", { x, y, width, height, ...attributes });
}

/** How a rectangle of a named state is filled: a tint, so that dark words on it stay readable in both themes. */
export function tint(name: ColourName, strength: number): Attributes {
  return { fill: colour[name], "fill-opacity": strength };
}

/** What a whole picture consists of. */
export interface SvgDocument {
  readonly width: number;
  readonly height: number;
  /** A short name, read first. */
  readonly title: string;
  /** The picture's words: everything that it shows. */
  readonly description: string;
  readonly body: readonly SvgText[];
}

/** A whole picture. It has no ids, so several on one page cannot clash. */
export function svgDocument(picture: SvgDocument): SvgText {
  const { width, height, title, description, body } = picture;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${rounded(width)} ${rounded(height)}`,
      width,
      height,
      role: "img",
      "aria-label": title,
      "font-family": "inherit",
      style: "max-width:100%;height:auto",
    },
    element("title", {}, escapeXml(title)),
    element("desc", {}, escapeXml(description)),
    ...body,
  );
}
