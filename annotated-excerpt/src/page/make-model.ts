import type { Source } from "../model/source.js";
import type { FileModel, LineModel } from "./file-model.js";
import { highlightLines } from "./highlight.js";
import { noteHtml } from "./inline-markdown.js";

/** The model of a file for pages: highlighted, notes as HTML. Give it what `parseSource()` returned. */
export async function fileModel(source: Source): Promise<FileModel> {
  const code = source.lines.map((line) => line.text).join("\n");
  const html = await highlightLines(code, source.language);
  return {
    name: source.file,
    language: source.language,
    lines: source.lines.map((line, index) => {
      const model: LineModel = { number: line.number, html: html[index] ?? "", key: line.key };
      if (line.hidden) model.hidden = true;
      return model;
    }),
    notes: source.notes.map((note) => ({
      line: note.line,
      count: note.count,
      html: noteHtml(note.markdown),
      place: note.place,
      comment: note.comment,
    })),
    regions: source.regions.map(({ name, first, last }) => ({ name, first, last })),
  };
}
