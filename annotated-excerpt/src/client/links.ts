/** Links to places in a block: made by a click, followed when the page opens. */
import { lineAnchor, noteOrdinals, noteAnchor, parsePlace } from "../page/anchors.js";
import type { Block } from "./block.js";
import { find, findAll, lineElement, say } from "./block.js";
import { copyToClipboard } from "./clipboard.js";
import { copyAndSay } from "./copy.js";
import { reveal } from "./fold.js";
import { openNote } from "./notes.js";

function addressOf(anchor: string): string {
  const url = new URL(window.location.href);
  url.hash = anchor;
  return url.href;
}

function light(block: Block, first: number, last: number): void {
  for (const line of findAll(block, ".ax-linked")) line.classList.remove("ax-linked");
  for (let index = first; index <= last; index++) {
    lineElement(block, index)?.classList.add("ax-linked");
  }
}

function anchorOfLines(block: Block, first: number, last: number): string {
  const { lines } = block.props.file;
  return lineAnchor(block.view.id, lines[first]?.key ?? "", lines[last]?.key ?? "");
}

/** Index of the last line whose number is not above `number`. */
function indexOfNumber(block: Block, number: number): number {
  const { lines } = block.props.file;
  return Math.max(
    0,
    lines.findLastIndex((line) => line.number <= number),
  );
}

/**
 * Brings the line to the middle of the screen: now, and once more when all notes are placed and the browser itself
 * has looked for the place, which is another one before they are.
 */
function bringUp(block: Block, first: number, count: number): void {
  const scroll = (): void => {
    lineElement(block, first)?.scrollIntoView({ block: count > 12 ? "start" : "center" });
  };
  scroll();
  requestAnimationFrame(() => requestAnimationFrame(scroll));
  if (document.readyState === "complete") return;
  window.addEventListener("load", () => setTimeout(scroll), { once: true, signal: block.signal });
}

/** Shows the place that the address names, unfolding what hides it. Returns whether it is in this block. */
export function follow(block: Block, hash: string): boolean {
  const place = parsePlace(block.view.id, hash);
  if (!place) return false;
  const { file } = block.props;
  if (place.kind === "lines") {
    const first = file.lines.findIndex((line) => line.key === place.firstKey);
    const last = file.lines.findIndex((line) => line.key === place.lastKey);
    if (first === -1 || last < first) return false;
    reveal(block, first);
    reveal(block, last);
    light(block, first, last);
    bringUp(block, first, last - first + 1);
    return true;
  }
  const ordinals = noteOrdinals(file);
  const note = file.notes.find((one, index) => {
    const key = file.lines[one.line]?.key ?? "";
    return noteAnchor(block.view.id, key, ordinals[index] ?? 0) === hash;
  });
  if (!note) return false;
  reveal(block, note.line);
  openNote(block, document.getElementById(hash));
  bringUp(block, note.line, 1);
  return true;
}

/** Where the last click on a number was; a click with Shift makes a range from there. */
function listenToNumbers(block: Block): void {
  let from = -1;
  block.figure.addEventListener("click", (event) => {
    const number = (event.target as Element).closest(".ax-n");
    if (!number || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const index = Number(number.closest<HTMLElement>(".ax-l")?.dataset["i"]);
    if (!event.shiftKey || from === -1) from = index;
    const [first, last] = [Math.min(from, index), Math.max(from, index)];
    const anchor = anchorOfLines(block, first, last);
    light(block, first, last);
    window.history.replaceState(window.history.state, "", `#${anchor}`);
    copyToClipboard(addressOf(anchor)).then(
      () => flash(number, block),
      () => say(block, "The link is in the address line"),
    );
  });
}

function flash(number: Element, block: Block): void {
  say(block, "Link copied");
  number.setAttribute("data-said", "link copied");
  setTimeout(() => number.removeAttribute("data-said"), 1600);
}

function listenToMenu(block: Block): void {
  const form = find(block, ".ax-lines") as HTMLFormElement | null;
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = (name: string): number =>
      Number((form.elements.namedItem(name) as HTMLInputElement).value);
    const first = indexOfNumber(block, value("from"));
    const last = Math.max(first, indexOfNumber(block, value("to")));
    reveal(block, first);
    reveal(block, last);
    light(block, first, last);
    const button = form.querySelector("button");
    const anchor = anchorOfLines(block, first, last);
    if (button) void copyAndSay(block, button, addressOf(anchor), "Link");
  });
  block.figure.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-do]");
    const what = button?.dataset["do"];
    if (button && what === "link-excerpt") {
      void copyAndSay(block, button, addressOf(block.view.id), "Link");
    } else if (button && what === "link-note") {
      const note = button.closest(".ax-note")?.id ?? "";
      void copyAndSay(block, button, addressOf(note), "Link");
    }
  });
}

function currentHash(): string {
  try {
    return decodeURIComponent(window.location.hash.slice(1));
  } catch {
    return "";
  }
}

export function enableLinks(block: Block): void {
  listenToNumbers(block);
  listenToMenu(block);
  const go = (): void => void follow(block, currentHash());
  window.addEventListener("hashchange", go, { signal: block.signal });
  go();
}
