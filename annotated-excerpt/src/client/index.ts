/** What a block does once its page can run scripts. */
import { firstView } from "../html/view.js";
import type { ListingProps } from "../html/view.js";
import type { Block, FiledBlock } from "./block.js";
import { enableChoice, enableCopy } from "./copy.js";
import { enableFolds } from "./fold.js";
import { enableLinks } from "./links.js";
import { enableMenus } from "./menus.js";
import { enableNotes } from "./notes.js";
import { doPresses, keepPresses } from "./presses.js";
import { enableScrolling } from "./scrolling.js";

export type { Download, ListingProps } from "../html/view.js";
export { enhancePair } from "./pair.js";

/**
 * Brings the block in `root` to life, which holds what `listingHtml(props)` wrote; returns what ends it.
 * Does nothing where there is no such block. The properties may be on their way still: notes and menus work at once,
 * and the rest when they come, with what was pressed before. Where they do not come, a press says so; whoever made the
 * promise hears of it.
 */
export function enhance(root: Element, props: ListingProps | Promise<ListingProps>): () => void {
  const figure = root.querySelector<HTMLElement>(".ax");
  const body = figure?.querySelector<HTMLElement>(".ax-body");
  const pre = body?.querySelector<HTMLElement>(".ax-code");
  const code = pre?.querySelector("code");
  const notes = body?.querySelector<HTMLElement>(".ax-notes");
  if (!figure || !body || !pre || !code || !notes) return () => {};
  const end = new AbortController();
  const block: Block = { figure, body, pre, code, notes, signal: end.signal };
  enableNotes(block);
  enableMenus(block);
  enableChoice(block);
  enableScrolling(block);
  const withFile = (known: ListingProps): void => {
    if (end.signal.aborted) return;
    enableFile(Object.assign(block, { props: known, view: firstView(known) }));
  };
  if (props instanceof Promise) keepPresses(block, props.then(withFile));
  else withFile(props);
  return () => end.abort();
}

/** What needs the whole file: copies, what stands around the excerpt, links into it. */
function enableFile(block: FiledBlock): void {
  enableCopy(block);
  enableFolds(block);
  enableLinks(block);
  doPresses(block);
}
