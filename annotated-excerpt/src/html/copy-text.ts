/** The text of lines of a page's model, as it stood in the file. */
import type { Form } from "../model/excerpt.js";
import type { FileModel } from "../page/file-model.js";
import { showsLine } from "./view.js";
import type { View } from "./view.js";

const characters: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };

/** The text of a line's HTML. */
export function plainText(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&(lt|gt|amp|quot);/g, (_, name: string) => characters[name] ?? "");
}

/** What is copied of a block: the lines that it shows, with their notes as comments or clean. */
export function copyText(file: FileModel, view: View, form: Form): string {
  let text = "";
  for (let index = view.first; index <= view.last; index++) {
    const line = file.lines[index];
    if (!line || !showsLine(file, view, index)) continue;
    const notes = form === "clean" ? [] : file.notes.filter((note) => note.line === index);
    for (const note of notes) if (note.place === "above") text += `${note.comment}\n`;
    text += plainText(line.html);
    for (const note of notes) if (note.place === "end") text += note.comment;
    text += "\n";
  }
  return text;
}
