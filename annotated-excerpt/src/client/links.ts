/** Links to places in a block: made by a click, followed when the page opens. */
import { noteOrdinals, noteAnchor, parsePlace } from "../page/anchors.js";
import type { FiledBlock } from "./block.js";
import { lineElement, on, say } from "./block.js";
import { copyToClipboard } from "./clipboard.js";
import { reveal } from "./fold.js";
import { currentHash } from "./hash.js";
import { addressOf, anchorOfLines, light, lightLinked } from "./linked-lines.js";
import { enableLinkMenu } from "./link-menu.js";
import { openNote } from "./notes.js";

/**
 * Brings the line to the middle of the screen: now, and once more when all notes are placed and the browser itself
 * has looked for the place, which is another one before they are.
 */
function bringUp(block: FiledBlock, first: number, count: number): void {
  const scroll = (): void => {
    const place = count > 12 ? "start" : "center";
    lineElement(block, first)?.scrollIntoView({ block: place, behavior: "instant" });
  };
  scroll();
  requestAnimationFrame(() => requestAnimationFrame(scroll));
  if (document.readyState === "complete") return;
  window.addEventListener("load", () => setTimeout(scroll), { once: true, signal: block.signal });
}

/** Shows the place that the address names, unfolding what hides it. Returns whether it is in this block. */
export function follow(block: FiledBlock, hash: string): boolean {
  const place = parsePlace(block.view.id, hash);
  if (!place) return false;
  const { file } = block.props;
  if (place.kind === "lines") {
    const first = file.lines.findIndex((line) => line.key === place.firstKey);
    const last = file.lines.findIndex((line) => line.key === place.lastKey);
    if (first === -1 || last < first) return false;
    reveal(block, first);
    reveal(block, last);
    lightLinked(block, first, last);
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
function listenToNumbers(block: FiledBlock): void {
  let from = -1;
  on(block, "click", (event) => {
    const number = (event.target as Element).closest(".ax-n");
    if (!number || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const index = Number(number.closest<HTMLElement>(".ax-l")?.dataset["i"]);
    if (!event.shiftKey || from === -1) from = index;
    const [first, last] = [Math.min(from, index), Math.max(from, index)];
    const anchor = anchorOfLines(block, first, last);
    lightLinked(block, first, last);
    window.history.replaceState(window.history.state, "", `#${anchor}`);
    copyToClipboard(addressOf(anchor)).then(
      () => flash(number, block),
      () => say(block, "The link is in the address line"),
    );
  });
}

function flash(number: Element, block: FiledBlock): void {
  say(block, "Link copied");
  number.setAttribute("data-said", "link copied");
  setTimeout(() => number.removeAttribute("data-said"), 1600);
}

export function enableLinks(block: FiledBlock): void {
  listenToNumbers(block);
  enableLinkMenu(block);
  const go = (): void => {
    if (!follow(block, currentHash())) light(block, []);
  };
  window.addEventListener("hashchange", go, { signal: block.signal });
  go();
}
