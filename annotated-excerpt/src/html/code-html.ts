/** The lines of a block as HTML. No mark, number or button of it is text, so that none gets into a copy. */
import { lineAnchor } from "../page/anchors.js";
import { escapeHtml } from "../page/escape.js";
import type { FileModel } from "../page/file-model.js";
import type { NumberedNote, View } from "./view.js";
import { numberedNotes } from "./view.js";

function markHtml({ number, id, markId, note }: NumberedNote, file: FileModel): string {
  const first = file.lines[note.line]?.number ?? 0;
  const last = file.lines[note.line + note.count - 1]?.number ?? first;
  const lines = note.count === 1 ? `line ${first}` : `lines ${first} to ${last}`;
  return (
    `<a class="ax-mark" id="${escapeHtml(markId)}" href="#${escapeHtml(id)}" data-n="${number}"` +
    ` aria-label="Note ${number}, ${lines}" aria-describedby="${escapeHtml(id)}-text"></a>`
  );
}

/** Where a line stands among those that a note of several lines speaks of. */
function spanOf(notes: NumberedNote[], line: number): string {
  const note = notes.find(
    ({ note: one }) => one.count > 1 && one.line <= line && line < one.line + one.count,
  )?.note;
  if (!note) return "";
  const place =
    line === note.line ? "first" : line === note.line + note.count - 1 ? "last" : "middle";
  return ` data-span="${place}"`;
}

function lineHtml(file: FileModel, view: View, notes: NumberedNote[], index: number): string {
  const line = file.lines[index];
  if (!line) return "";
  const id = escapeHtml(lineAnchor(view.id, line.key));
  const marks = notes.filter(({ note }) => note.line === index);
  const outside = index < view.excerpt.first || index > view.excerpt.last ? " ax-out" : "";
  return (
    `<span class="ax-l${outside}" id="${id}" data-i="${index}"${spanOf(notes, index)}>` +
    `<span class="ax-g">` +
    `<span class="ax-marks">${marks.map((mark) => markHtml(mark, file)).join("")}</span>` +
    `<a class="ax-n" href="#${id}" data-n="${line.number}" tabindex="-1" aria-hidden="true"></a>` +
    `</span><span class="ax-t">${line.html}\n</span></span>`
  );
}

function hiddenHtml(first: number, count: number): string {
  const lines = count === 1 ? "1 line" : `${count} lines`;
  return (
    `<button type="button" class="ax-hidden ax-js" data-first="${first}"` +
    ` data-label="⋯ ${lines}" aria-label="Show ${lines} that are left out here"></button>`
  );
}

/** What stands in the block's `<code>`. */
export function codeHtml(file: FileModel, view: View): string {
  const notes = numberedNotes(file, view);
  let html = "";
  for (let index = view.first; index <= view.last; index++) {
    if (view.hidden === "folded" && file.lines[index]?.hidden) {
      const first = index;
      while (index < view.last && file.lines[index + 1]?.hidden) index += 1;
      html += hiddenHtml(first, index - first + 1);
    } else {
      html += lineHtml(file, view, notes, index);
    }
  }
  return html;
}
