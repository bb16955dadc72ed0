/** A picture with its words: neither is made without the other. */
import { display } from "../core/display.js";
import type { Displayable, MimeBundle } from "../core/display.js";
import { svgDocument } from "./svg.js";
import type { SvgText } from "./svg.js";

/** What {@link makePicture} needs. */
export interface PictureParts {
  readonly title: string;
  /** Everything that the picture shows, as text of one or more lines. */
  readonly text: string;
  readonly width: number;
  readonly height: number;
  readonly body: readonly SvgText[];
  /** The plain data that was drawn. */
  readonly data: unknown;
}

/** A drawn value: text for a reader without pictures, SVG for one with, and the data of both. */
export interface Picture extends Displayable {
  readonly title: string;
  readonly text: string;
  readonly svg: SvgText;
  readonly data: unknown;
}

/** Joins the parts; the SVG's description is the text. */
export function makePicture(parts: PictureParts): Picture {
  const { title, text, width, height, body, data } = parts;
  const svg = svgDocument({ width, height, title, description: text, body });
  return {
    title,
    text,
    svg,
    data,
    toString: () => text,
    [display]: (): MimeBundle => ({
      "text/plain": text,
      "image/svg+xml": svg,
      "application/json": data,
    }),
  };
}
