/** A listing, or a named region of one, as a cell shows it. The parts of a file are annotated-excerpt's business. */
import { cut, excerptText, parseSource, type Excerpt } from "annotated-excerpt";
import { DISPLAY, type MimeBundle } from "./display.js";
import { readListing } from "./listing-files.js";
import { excerptHtml } from "./listing-html.js";

/** Code of a listing, cut by region; `first` and `last` are its lines in the file, from 1. */
export class Listing {
  readonly file: string;
  /** Undefined for the whole file. */
  readonly region: string | undefined;
  readonly first: number;
  readonly last: number;
  /** The code with its notes as comments, as they stand in the file. */
  readonly text: string;
  readonly #excerpt: Excerpt;

  constructor(parts: { excerpt: Excerpt; text: string }) {
    const { excerpt, text } = parts;
    this.file = excerpt.file;
    this.region = excerpt.region;
    this.first = excerpt.firstLine;
    this.last = excerpt.lastLine;
    this.text = text;
    this.#excerpt = excerpt;
  }

  toString(): string {
    return this.text;
  }

  async [DISPLAY](): Promise<MimeBundle> {
    return {
      "text/plain": this.text,
      "text/html": await excerptHtml(this.#excerpt, "c"),
      "application/vnd.annotated-excerpt+json": {
        file: this.file,
        ...(this.region === undefined ? {} : { region: this.region }),
      },
    };
  }
}

/** Shows the listing `"08-name.c"`, or its region `"08-name.c#region"`. Throws where there is no such thing. */
export function listing(name: string): Listing {
  const [file = "", region] = name.split("#");
  const source = parseSource({ file, text: readListing(file).text });
  const excerpt = cut(source, region);
  return new Listing({ excerpt, text: excerptText(source, region, "notes").replace(/\n$/, "") });
}
