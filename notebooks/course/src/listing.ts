/** A listing, or a named region of one, as a cell shows it. */
import { DISPLAY, escapeHtml, type MimeBundle } from "./display.js";
import { ListingError, readListing } from "./listing-files.js";

/** Code of a listing, cut by region; `first` and `last` are its lines in the file, from 1. */
export class Listing {
  readonly file: string;
  /** Undefined for the whole file. */
  readonly region: string | undefined;
  readonly first: number;
  readonly last: number;
  readonly text: string;

  constructor(cut: { file: string; region?: string; first: number; last: number; text: string }) {
    this.file = cut.file;
    this.region = cut.region;
    this.first = cut.first;
    this.last = cut.last;
    this.text = cut.text;
  }

  toString(): string {
    return this.text;
  }

  [DISPLAY](): MimeBundle {
    const title = `${this.file}, lines ${this.first} to ${this.last}`;
    return {
      "text/plain": this.text,
      "text/html": `<figure><figcaption>${escapeHtml(title)}</figcaption><pre><code class="language-c">${escapeHtml(this.text)}</code></pre></figure>`,
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
  const { text } = readListing(file);
  const lines = text.replace(/\n$/, "").split("\n");
  if (region === undefined) {
    return cut(file, undefined, lines, 0, lines.length);
  }
  const start = lines.findIndex((line) => regionNamed(line) === region);
  if (start < 0) {
    const there = lines.flatMap((line) => regionNamed(line) ?? []);
    throw new ListingError(
      `${file} has no region "${region}". ${there.length > 0 ? `It has: ${there.join(", ")}.` : 'Mark one with "// #region NAME" and "// #endregion".'}`,
    );
  }
  let depth = 1;
  let end = start + 1;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? "";
    if (regionNamed(line) !== undefined) depth++;
    else if (/^\s*\/\/ *#endregion\b/.test(line) && --depth === 0) break;
  }
  if (depth > 0) {
    throw new ListingError(`${file}:${start + 1}: the region "${region}" has no // #endregion.`);
  }
  return cut(file, region, lines, start + 1, end);
}

function cut(
  file: string,
  region: string | undefined,
  lines: readonly string[],
  start: number,
  end: number,
): Listing {
  const kept = lines
    .slice(start, end)
    .filter((line) => !/^\s*\/\/ *#(region|endregion)\b/.test(line));
  const text = kept.join("\n");
  const range = { first: start + 1, last: end, text };
  return new Listing(region === undefined ? { file, ...range } : { file, region, ...range });
}

function regionNamed(line: string): string | undefined {
  return /^\s*\/\/ *#region +([\w-]+)\s*$/.exec(line)?.[1];
}
