/** What a reader can take home of a file: all of it, with notes or without, and the excerpt. */
import { excerptText, cut, wholeText } from "../model/excerpt.js";
import { commentStyleOf } from "../model/language.js";
import type { Source } from "../model/source.js";

/** A file to be written where the site serves it. */
export interface DownloadFile {
  kind: string;
  /** What the reader is told. */
  label: string;
  /** The name under which it is saved. */
  name: string;
  bytes: Uint8Array;
  language: string;
  /** Runs it, in the folder in which it was saved; absent where it does not run by itself. */
  command?: string;
}

export interface ListingDownloadOptions {
  /** The command that runs the file of this name. */
  command?: (name: string) => string;
}

const utf8 = new TextEncoder();

/** `a/b.c` and `clean` make `b.clean.c`. */
function nameWith(file: string, addition: string): string {
  const base = file.slice(file.lastIndexOf("/") + 1);
  const dot = base.lastIndexOf(".");
  if (dot <= 0) return `${base}.${addition}`;
  return `${base.slice(0, dot)}.${addition}${base.slice(dot)}`;
}

function commentLine(source: Source, text: string): string {
  if (source.language === "css") return `/* ${text} */\n`;
  return `${commentStyleOf(source.language) === "hash" ? "#" : "//"} ${text}\n`;
}

/**
 * The text with the command on its last line, as it is where it names the command already. On the first line it would
 * give every other line another number than the page shows.
 */
function withCommand(source: Source, text: string, command: string | undefined): string {
  if (command === undefined || text.includes(command)) return text;
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  return text + end + commentLine(source, `Run it: ${command}`);
}

/**
 * The downloads of a file and, where `region` names one, of the excerpt. Whole files carry the command that runs them,
 * on their last line; an excerpt says of which file and lines it is.
 */
export function listingDownloads(
  source: Source,
  region: string | undefined,
  options: ListingDownloadOptions = {},
): DownloadFile[] {
  const plain = source.file.slice(source.file.lastIndexOf("/") + 1);
  const whole = (kind: string, label: string, name: string, text: string): DownloadFile => {
    const command = options.command?.(name);
    const bytes = utf8.encode(withCommand(source, text, command));
    const file: DownloadFile = { kind, label, name, bytes, language: source.language };
    if (command !== undefined) file.command = command;
    return file;
  };
  const files = [whole("whole", "Whole file", plain, source.text)];
  if (source.notes.length > 0 || source.regions.length > 0) {
    const clean = nameWith(plain, "clean");
    files[0] = whole("whole", "Whole file, with notes", plain, source.text);
    files.push(whole("clean", "Whole file, without notes", clean, wholeText(source, "clean")));
  }
  if (region === undefined) return files;
  const { firstLine, lastLine } = cut(source, region);
  const origin = commentLine(source, `Lines ${firstLine} to ${lastLine} of ${plain}.`);
  files.push({
    kind: "excerpt",
    label: "This excerpt",
    name: nameWith(plain, region),
    bytes: utf8.encode(origin + excerptText(source, region, "notes")),
    language: source.language,
  });
  return files;
}
