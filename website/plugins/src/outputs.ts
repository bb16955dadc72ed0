/** What a cell answered, as the page draws it. The text of each output stays as it is, byte for byte. */
import { ansiToHtml, stripAnsi } from "./ansi.js";
import { readAnswer, readComparison } from "./answers.js";
import { escapeHtml } from "./escape.js";
import type { Highlight } from "./highlight.js";
import type { NumberedOutput, Output, TextOutput } from "./model.js";
import { joinText } from "./notebook.js";
import type { MimeBundle, NotebookCell, NotebookOutput } from "./notebook.js";
import { sanitiseHtml, sanitiseSvg } from "./sanitise.js";

export const mime = {
  excerpt: "application/vnd.annotated-excerpt+json",
  answer: "application/vnd.memory-course.answer+json",
  comparison: "application/vnd.memory-course.comparison+json",
} as const;

/** A file that a page needs beside its text. */
export interface PageFile {
  /** Below the site's base. */
  readonly path: string;
  readonly bytes: Uint8Array | string;
}

export interface OutputContext {
  /** `08-demand-paging`: pictures are kept below this name. */
  readonly page: string;
  readonly highlight: Highlight;
  /** Name and version of the simulator that answered. */
  readonly simulator: string;
  readonly addFile: (file: PageFile) => void;
}

function lineCount(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function textOutput(stream: TextOutput["stream"], text: string): TextOutput {
  return { kind: "text", stream, html: ansiToHtml(text), lines: lineCount(stripAnsi(text)) };
}

function bitmap(data: MimeBundle, name: string, context: OutputContext): Output | null {
  for (const [type, extension] of [
    ["image/png", "png"],
    ["image/jpeg", "jpg"],
  ] as const) {
    const base64 = joinText(data[type]);
    if (base64 === "") continue;
    const path = `pictures/${context.page}/${name}.${extension}`;
    const bytes = Buffer.from(base64, "base64");
    context.addFile({ path, bytes });
    // A PNG's IHDR chunk comes first: width and height stand at 16 and 20 (RFC 2083, section 4.1.1).
    const isPng = extension === "png" && bytes.length > 24;
    return {
      kind: "image",
      file: path,
      alt: joinText(data["text/plain"]),
      width: isPng ? bytes.readUInt32BE(16) : null,
      height: isPng ? bytes.readUInt32BE(20) : null,
    };
  }
  return null;
}

function figure(data: MimeBundle, name: string, context: OutputContext): Output | null {
  const source = joinText(data["image/svg+xml"]);
  if (source === "") return null;
  const safe = sanitiseSvg(source, `${name}-`);
  if (safe === null) return null;
  const path = `pictures/${context.page}/${name}.svg`;
  context.addFile({ path, bytes: source });
  const words = joinText(data["text/plain"]);
  return {
    kind: "figure",
    svgHtml: safe.svg,
    title: safe.title,
    words: words === "" ? null : words,
    file: path,
  };
}

/** One bundle of MIME types as the best that a page can show of it. */
async function dataOutput(
  data: MimeBundle,
  name: string,
  context: OutputContext,
): Promise<Output | null> {
  const comparison = readComparison(data[mime.comparison], context.simulator);
  if (comparison) return comparison;
  const answer = readAnswer(data[mime.answer]);
  if (answer) return answer;
  const drawn = figure(data, name, context) ?? bitmap(data, name, context);
  if (drawn) return drawn;
  const html = joinText(data["text/html"]);
  if (html !== "") return { kind: "html", html: sanitiseHtml(html) };
  const text = joinText(data["text/plain"]);
  if (text !== "") return textOutput("result", text);
  const json = data["application/json"];
  if (json === undefined) return null;
  const shown = JSON.stringify(json, null, 2);
  return {
    kind: "text",
    stream: "result",
    html: await context.highlight(shown, "json"),
    lines: lineCount(shown),
  };
}

function traceHtml(output: Extract<NotebookOutput, { type: "error" }>): string {
  const trace = output.traceback.join("\n");
  return trace === "" ? escapeHtml(`${output.name}: ${output.message}`) : ansiToHtml(trace);
}

async function readOutput(
  output: NotebookOutput,
  name: string,
  context: OutputContext,
): Promise<Output | null> {
  if (output.type === "stream") return textOutput(output.name, output.text);
  if (output.type === "data") return dataOutput(output.data, name, context);
  const { name: errorName, message } = output;
  return { kind: "error", name: errorName, message, traceHtml: traceHtml(output) };
}

/** The outputs of a cell; pictures go to files through the context. */
export async function readOutputs(
  cell: NotebookCell,
  context: OutputContext,
): Promise<NumberedOutput[]> {
  const shown: NumberedOutput[] = [];
  for (const [position, output] of cell.outputs.entries()) {
    const index = position + 1;
    const drawn = await readOutput(output, `${cell.id}-${index}`, context);
    if (drawn !== null) shown.push({ index, output: drawn });
  }
  return shown;
}
