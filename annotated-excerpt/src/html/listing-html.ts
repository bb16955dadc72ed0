/** A block as HTML: complete and readable before any script runs. */
import { escapeHtml } from "../page/escape.js";
import type { FileModel } from "../page/file-model.js";
import { codeHtml } from "./code-html.js";
import { firstView, numberedNotes } from "./view.js";
import type { Download, ListingProps, NumberedNote, View } from "./view.js";

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Number((bytes / 1000).toPrecision(2))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

interface Range {
  first: number;
  last: number;
}

function linesText(file: FileModel, view: Range): string {
  const first = file.lines[view.first]?.number ?? 0;
  const last = file.lines[view.last]?.number ?? 0;
  return first === last ? `line ${first}` : `lines ${first}–${last}`;
}

function downloadHtml({ label, href, name, bytes, command }: Download): string {
  const size = bytes === undefined ? "" : `<span class="ax-size">${sizeText(bytes)}</span>`;
  const run = command === undefined ? "" : `<code class="ax-command">${escapeHtml(command)}</code>`;
  return (
    `<li><a href="${escapeHtml(href)}" download="${escapeHtml(name)}">` +
    `<span class="ax-label">${escapeHtml(label)}</span> ` +
    `<span class="ax-name">${escapeHtml(name)}</span> ${size}</a>${run}</li>`
  );
}

function downloadsHtml(downloads: readonly Download[]): string {
  if (downloads.length === 0) return "";
  const commands = downloads.map((one) => one.command);
  const items = downloads.map((one, index) =>
    downloadHtml(commands.indexOf(one.command) === index ? one : { ...one, command: undefined }),
  );
  return (
    `<details class="ax-menu"><summary class="ax-button">Download</summary>` +
    `<ul class="ax-card ax-downloads">${items.join("")}</ul></details>`
  );
}

/** What stands in this menu is made when it is opened: a browser looks at every form of a page while the page loads. */
const linkMenu = `<details class="ax-menu ax-js" data-menu="link"><summary class="ax-button">Link</summary></details>`;

function toolsHtml(props: ListingProps, view: View): string {
  const { file, downloads = [] } = props;
  const notes = file.notes.length > 0;
  const whole = view.first === 0 && view.last === file.lines.length - 1;
  const withNotes = notes
    ? `<label class="ax-check ax-js"><input type="checkbox" autocomplete="off" data-do="with-notes"><span class="ax-box"></span>with notes</label>`
    : "";
  const unfold =
    whole || props.fold === "none"
      ? ""
      : `<button type="button" class="ax-button ax-js" data-do="whole" aria-pressed="false">Whole file</button>`;
  return (
    `<span class="ax-tools"><button type="button" class="ax-button ax-js" data-do="copy">Copy</button>` +
    `${withNotes}${unfold}${linkMenu}${downloadsHtml(downloads)}</span>`
  );
}

function foldHtml(file: FileModel, side: "before" | "after", folded: Range): string {
  if (folded.first > folded.last) return "";
  const lines = linesText(file, folded);
  return (
    `<button type="button" class="ax-fold ax-js" data-do="${side}" aria-expanded="false"` +
    ` data-lines="${lines}">Show ${lines}</button>`
  );
}

function noteHtml({ number, note, id, markId }: NumberedNote, file: FileModel): string {
  const line = file.lines[note.line]?.number ?? 0;
  return (
    `<li class="ax-note" id="${escapeHtml(id)}" value="${number}" data-line="${note.line}" data-count="${note.count}">` +
    `<a class="ax-back" href="#${escapeHtml(markId)}" aria-label="Note ${number}, to line ${line}">${number}</a>` +
    `<div class="ax-note-text" id="${escapeHtml(id)}-text">${note.html}</div>` +
    `<button type="button" class="ax-note-link ax-js" data-do="link-note" aria-label="Copy a link to note ${number}">Link</button></li>`
  );
}

/** The items of the block's list of notes. */
export function notesHtml(file: FileModel, view: View): string {
  return numberedNotes(file, view)
    .map((note) => noteHtml(note, file))
    .join("");
}

/** A block: a `<figure>` with the excerpt, its notes and its downloads. */
export function listingHtml(props: ListingProps): string {
  const view = firstView(props);
  const { file, region, title = file.name } = props;
  const folds = props.fold !== "none";
  const where = [region, linesText(file, view)].filter((one) => one !== undefined).join(" · ");
  const label = escapeHtml(`${title}, ${linesText(file, view)}`);
  const digits = String(file.lines.at(-1)?.number ?? 0).length;
  const code = codeHtml(file, view);
  const rows = code.match(/ class="ax-(?:l|hidden)[ "]/g)?.length ?? 0;
  return (
    `<figure class="ax" id="${escapeHtml(view.id)}" style="--ax-digits:${digits};--ax-rows:${rows}">` +
    `<figcaption class="ax-head"><span class="ax-title"><span class="ax-file">${escapeHtml(title)}</span> ` +
    `<span class="ax-where">${escapeHtml(where)}</span></span>${toolsHtml(props, view)}</figcaption>` +
    `<div class="ax-body">${folds ? foldHtml(file, "before", { first: 0, last: view.first - 1 }) : ""}` +
    `<pre class="ax-code" tabindex="0" role="group" aria-label="${label}"><code>${code}</code></pre>` +
    `${folds ? foldHtml(file, "after", { first: view.last + 1, last: file.lines.length - 1 }) : ""}` +
    `<ol class="ax-notes" aria-label="Notes on ${label}">${notesHtml(file, view)}</ol></div>` +
    `<p class="ax-status" role="status"></p></figure>`
  );
}
