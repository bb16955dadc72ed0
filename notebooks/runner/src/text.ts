/** An executed notebook as text for a terminal: each code cell's outputs, and the words of its pictures. */
import { sourceOf, type Notebook, type Output } from "./notebook.js";

/** The outputs of all code cells, each under a line that names its cell. */
export function notebookAsText(notebook: Notebook): string {
  const parts: string[] = [];
  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type === "markdown") {
      const heading = /^#+ +(.+)$/m.exec(sourceOf(cell))?.[1];
      if (heading !== undefined) parts.push(`\n# ${heading}\n`);
      continue;
    }
    if (cell.cell_type !== "code" || cell.outputs.length === 0) continue;
    parts.push(`\n[cell ${index + 1}, ${cell.id}]\n`);
    for (const output of cell.outputs) parts.push(ensureNewline(outputAsText(output)));
  }
  return parts.join("").replace(/^\n/, "");
}

/** One output as text; a picture adds its title and description where the text does not hold them. */
export function outputAsText(output: Output): string {
  if (output.output_type === "stream") return output.text.join("");
  if (output.output_type === "error") return output.traceback.join("\n");
  const plain = textOf(output.data["text/plain"]);
  const picture = textOf(output.data["image/svg+xml"]);
  if (picture === "") return plain;
  const said = oneLine(plain);
  const words = pictureWords(picture).filter((line) => !said.includes(line));
  return words.length === 0
    ? plain
    : `${ensureNewline(plain)}${words.map((line) => `  (picture) ${line}\n`).join("")}`;
}

/** The title and description of an SVG, without markup. */
export function pictureWords(svg: string): string[] {
  return ["title", "desc"].flatMap((name) => {
    const text = new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`).exec(svg)?.[1];
    return text === undefined ? [] : [oneLine(unescapeXml(text))];
  });
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function unescapeXml(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join("");
  return typeof value === "string" ? value : "";
}

function ensureNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
