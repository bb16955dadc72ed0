/** Unfolding what stands around an excerpt, in place. */
import { codeHtml } from "../html/code-html.js";
import { notesHtml } from "../html/listing-html.js";
import type { View } from "../html/view.js";
import type { FiledBlock } from "./block.js";
import { find, lineElement, on } from "./block.js";
import { light, litLines } from "./linked-lines.js";
import { openNote, placeNotes } from "./notes.js";

function updateButtons(block: FiledBlock): void {
  const { view, props } = block;
  const whole = view.first === 0 && view.last === props.file.lines.length - 1;
  find(block, '[data-do="whole"]')?.setAttribute("aria-pressed", String(whole));
  for (const side of ["before", "after"] as const) {
    const button = find(block, `[data-do="${side}"]`);
    const open =
      side === "before" ? view.first < view.excerpt.first : view.last > view.excerpt.last;
    if (!button) continue;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = `${open ? "Hide" : "Show"} ${button.dataset["lines"]}`;
  }
}

/** Shows another part of the file; the excerpt stays where it is on the screen, the open note open, lit lines lit. */
export function show(block: FiledBlock, change: Partial<View>): void {
  const { file } = block.props;
  const anchor = block.view.excerpt.first;
  const before = lineElement(block, anchor)?.getBoundingClientRect().top;
  const note = find(block, ".ax-note.ax-open")?.id;
  const lit = litLines(block);
  block.view = { ...block.view, ...change };
  block.code.innerHTML = codeHtml(file, block.view);
  block.notes.innerHTML = notesHtml(file, block.view);
  updateButtons(block);
  light(block, lit);
  if (note !== undefined) openNote(block, document.getElementById(note));
  const after = lineElement(block, anchor)?.getBoundingClientRect().top;
  if (before !== undefined && after !== undefined && before !== after) {
    window.scrollBy({ top: after - before, behavior: "instant" as ScrollBehavior });
  }
  placeNotes(block);
  block.figure.dispatchEvent(new CustomEvent("ax-shown", { bubbles: true }));
}

/** Unfolds what hides the line, where something does. */
export function reveal(block: FiledBlock, line: number): void {
  const { view, props } = block;
  const change: Partial<View> = {};
  if (line < view.first) change.first = 0;
  if (line > view.last) change.last = props.file.lines.length - 1;
  if (view.hidden === "folded" && props.file.lines[line]?.hidden) change.hidden = "shown";
  if (Object.keys(change).length > 0) show(block, change);
}

function toggle(block: FiledBlock, what: string): void {
  const { view, props } = block;
  const { excerpt } = view;
  const last = props.file.lines.length - 1;
  if (what === "before") {
    show(block, { first: view.first < excerpt.first ? excerpt.first : 0 });
  } else if (what === "after") {
    show(block, { last: view.last > excerpt.last ? excerpt.last : last });
  } else if (view.first === 0 && view.last === last) {
    show(block, { ...excerpt, hidden: "folded" });
  } else {
    show(block, { first: 0, last, hidden: "shown" });
  }
}

export function enableFolds(block: FiledBlock): void {
  on(block, "click", (event) => {
    const target = event.target as Element;
    const what = target.closest<HTMLElement>("[data-do]")?.dataset["do"] ?? "";
    if (["before", "after", "whole"].includes(what)) toggle(block, what);
    const hidden = target.closest<HTMLElement>(".ax-hidden");
    if (hidden) {
      const first = Number(hidden.dataset["first"]);
      show(block, { hidden: "shown" });
      const line = lineElement(block, first);
      line?.setAttribute("tabindex", "-1");
      line?.focus({ preventScroll: true });
    }
  });
}
