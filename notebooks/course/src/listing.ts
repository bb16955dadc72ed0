/** A listing, or a named region of one, as a cell shows it. The parts of a file are annotated-excerpt's business. */
import { cut, excerptText, parseSource, type Excerpt } from "annotated-excerpt";
import { DISPLAY, escapeHtml, type MimeBundle } from "./display.js";
import { readListing } from "./listing-files.js";

/** Code of a listing, cut by region; `first` and `last` are its lines in the file, from 1. */
export class Listing {
  readonly file: string;
  /** Undefined for the whole file. */
  readonly region: string | undefined;
  readonly first: number;
  readonly last: number;
  /** The code with its notes as comments, as they stand in the file. */
  readonly text: string;
  readonly #html: string;

  constructor(parts: { excerpt: Excerpt; text: string }) {
    const { excerpt, text } = parts;
    this.file = excerpt.file;
    this.region = excerpt.region;
    this.first = excerpt.firstLine;
    this.last = excerpt.lastLine;
    this.text = text;
    this.#html = excerptHtml(excerpt);
  }

  toString(): string {
    return this.text;
  }

  [DISPLAY](): MimeBundle {
    return {
      "text/plain": this.text,
      "text/html": this.#html,
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

/** What Jupyter can show of it: the code with numbered marks, which are never copied, and the notes below. */
function excerptHtml(excerpt: Excerpt): string {
  const width = String(excerpt.lastLine).length;
  const quiet = 'style="user-select:none;opacity:0.7"';
  const code = excerpt.lines.flatMap((line, offset) => {
    if (line.hidden) return [];
    const marks = excerpt.notes.flatMap((note, index) =>
      note.line === excerpt.first + offset ? [` <sup ${quiet}>(${index + 1})</sup>`] : [],
    );
    const number = `<span ${quiet}>${String(line.number).padStart(width)}  </span>`;
    return [`${number}${escapeHtml(line.text)}${marks.join("")}`];
  });
  const notes = excerpt.notes.map((note) => `<li>${inlineHtml(note.markdown)}</li>`);
  const where = excerpt.region === undefined ? "" : ` (${escapeHtml(excerpt.region)})`;
  return [
    `<figure><figcaption>${escapeHtml(excerpt.file)}${where}, lines ${excerpt.firstLine} to ${excerpt.lastLine}</figcaption>`,
    `<pre><code>${code.join("\n")}</code></pre>`,
    notes.length === 0 ? "" : `<ol>${notes.join("")}</ol>`,
    "</figure>",
  ].join("");
}

/** The inline Markdown that notes use: code, strong, emphasis; what else there is stays as it was written. */
function inlineHtml(markdown: string): string {
  return escapeHtml(markdown)
    .split(/(`[^`]+`)/)
    .map((part) =>
      /^`[^`]+`$/.test(part)
        ? `<code>${part.slice(1, -1)}</code>`
        : part
            .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
            .replace(/(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g, "<em>$1</em>")
            .replace(/(?<!\w)_([^_\s][^_]*)_(?!\w)/g, "<em>$1</em>"),
    )
    .join("")
    .replaceAll("\n\n", "<br><br>");
}
