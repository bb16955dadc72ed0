/** Reads a file: its lines of code, its notes and its regions. */
import { findComments } from "./comments.js";
import { ListingError } from "./errors.js";
import type { Problem } from "./errors.js";
import { shortHash } from "./hash.js";
import { commentStyleOf, languageOf } from "./language.js";
import { lineParts } from "./line-parts.js";
import type { FoundMarker, FoundNote, LinePart } from "./line-parts.js";
import type { Source, SourceLine, SourceNote, SourceRegion } from "./source.js";

/** What `parseSource()` reads. `language` is Shiki's name; without it the file's ending tells. */
export interface SourceText {
  file: string;
  text: string;
  language?: string;
}

interface OpenRegion {
  name: string;
  number: number;
  first: number;
}

const regionName = /^[A-Za-z0-9][\w-]*$/;

class Reader {
  readonly problems: Problem[] = [];
  readonly lines: SourceLine[] = [];
  readonly notes: SourceNote[] = [];
  readonly regions: SourceRegion[] = [];
  private readonly open: OpenRegion[] = [];
  private readonly waiting: { note: FoundNote; depth: number }[] = [];
  private readonly seen = new Map<string, number>();

  constructor(private readonly file: string) {}

  read(parts: LinePart[]): void {
    for (const part of parts) {
      if (part.kind === "code") this.code(part.number, part.text);
      else if (part.kind === "marker") this.marker(part);
      else this.note(part);
    }
    this.endWaiting("the file ends below it");
    for (const region of this.open) {
      this.report(region.number, `region "${region.name}" is never closed`, "add // #endregion");
    }
    for (const note of this.notes) {
      if (note.line + note.count > this.lines.length) {
        this.report(
          note.number,
          `a note speaks of ${note.count} lines, but the file ends before`,
          "lower the number in [ ]",
        );
      }
    }
  }

  private report(line: number, message: string, hint: string): void {
    this.problems.push({ file: this.file, line, message, hint });
  }

  private code(number: number, text: string): void {
    if (text.trim() === "") this.endWaiting("an empty line follows it");
    const named = this.open.filter((region) => region.name !== "hidden").at(-1);
    const hash = shortHash(`${named?.name ?? ""}\n${text.trim()}`);
    const count = (this.seen.get(hash) ?? 0) + 1;
    this.seen.set(hash, count);
    const hidden = this.open.some((region) => region.name === "hidden");
    const key = count === 1 ? hash : `${hash}_${count}`;
    this.lines.push({ number, text: text.trimEnd(), key, hidden });
    for (const { note } of this.waiting.splice(0)) this.attach(note, this.lines.length - 1);
  }

  private note(note: FoundNote): void {
    if (note.place === "end") this.attach(note, this.lines.length - 1);
    else this.waiting.push({ note, depth: this.open.length });
  }

  private attach(found: FoundNote, line: number): void {
    const counted = /^\[(\d+)\]\s*/.exec(found.text);
    const count = counted ? Number(counted[1]) : 1;
    const markdown = found.text.slice(counted?.[0].length ?? 0).trim();
    if (markdown === "") this.report(found.from, "a note says nothing", "write it, or remove it");
    if (count < 1) this.report(found.from, "a note speaks of no line: [0]", "count from 1");
    this.notes.push({
      line,
      count,
      markdown,
      place: found.place,
      comment: found.comment,
      number: found.from,
    });
  }

  private marker(marker: FoundMarker): void {
    if (marker.opens) this.openRegion(marker);
    else this.closeRegion(marker);
  }

  private openRegion({ name, number }: FoundMarker): void {
    if (!regionName.test(name)) {
      this.report(
        number,
        name === "" ? "a region has no name" : `"${name}" cannot name a region`,
        "use letters, digits and -, as in // #region first-touch",
      );
    }
    const earlier =
      this.regions.find((region) => region.name === name) ??
      this.open.find((region) => region.name === name);
    if (earlier && name !== "hidden") {
      this.report(
        number,
        `region "${name}" is there twice; the first opens in line ${earlier.number}`,
        "give one of them another name",
      );
    }
    this.open.push({ name, number, first: this.lines.length });
  }

  private closeRegion({ name, number }: FoundMarker): void {
    const region = this.open.at(-1);
    if (!region) {
      this.report(number, "#endregion closes no region", "remove it, or add the #region");
      return;
    }
    const inside = this.waiting.filter((one) => one.depth >= this.open.length);
    if (inside.length > 0) this.endWaiting("the region ends below it");
    if (name !== "" && name !== region.name) {
      this.report(
        number,
        `#endregion ${name} stands where region "${region.name}" (line ${region.number}) is open`,
        "close the regions in the reverse order in which they open",
      );
    }
    // The one that is named is closed, so that its other marker is not reported as well.
    const named = this.open.findLastIndex((one) => one.name === name);
    const [closed = region] = this.open.splice(named === -1 ? this.open.length - 1 : named, 1);
    this.addRegion(closed);
  }

  private addRegion(region: OpenRegion): void {
    let { first } = region;
    let last = this.lines.length - 1;
    while (first <= last && this.lines[first]?.text === "") first += 1;
    while (first <= last && this.lines[last]?.text === "") last -= 1;
    if (first > last) {
      const hint = "put the lines that it names between its two markers, or remove it";
      this.report(region.number, `region "${region.name}" has no line of code`, hint);
    } else if (region.name !== "hidden") {
      this.regions.push({ name: region.name, first, last, number: region.number });
    }
  }

  private endWaiting(why: string): void {
    for (const { note } of this.waiting.splice(0)) {
      const hint = "put it right above the line it speaks of, or at that line's end";
      this.report(note.from, `a note speaks of no line: ${why}`, hint);
    }
  }
}

/** Reads a file. Throws a ListingError that lists all problems of the file where there are any. */
export function parseSource({ file, text, language = languageOf(file) }: SourceText): Source {
  const unix = text.replaceAll("\r\n", "\n");
  const comments = findComments(unix, commentStyleOf(language), language);
  const reader = new Reader(file);
  reader.read(lineParts(file, unix, comments, reader.problems));
  if (reader.problems.length > 0) {
    throw new ListingError(reader.problems.sort((a, b) => a.line - b.line));
  }
  const { lines, notes, regions } = reader;
  regions.sort((a, b) => a.number - b.number);
  return { file, language, text: unix, lines, notes, regions };
}
