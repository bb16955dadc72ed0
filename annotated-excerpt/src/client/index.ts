/** What a block does once its page can run scripts. */
import { firstView } from "../html/view.js";
import type { ListingProps } from "../html/view.js";
import type { Block } from "./block.js";
import { enableCopy } from "./copy.js";
import { enableFolds } from "./fold.js";
import { enableLinks } from "./links.js";
import { enableMenus } from "./menus.js";
import { enableNotes, placeNotes } from "./notes.js";

export type { Download, ListingProps } from "../html/view.js";
export { enhancePair } from "./pair.js";

/**
 * Brings the block in `root` to life, which holds what `listingHtml(props)` wrote; returns what ends it.
 * Does nothing where there is no such block.
 */
export function enhance(root: Element, props: ListingProps): () => void {
  const figure = root.querySelector<HTMLElement>(".ax");
  const body = figure?.querySelector<HTMLElement>(".ax-body");
  const pre = body?.querySelector<HTMLElement>(".ax-code");
  const code = pre?.querySelector("code");
  const notes = body?.querySelector<HTMLElement>(".ax-notes");
  if (!figure || !body || !pre || !code || !notes) return () => {};
  const end = new AbortController();
  const block: Block = {
    figure,
    body,
    pre,
    code,
    notes,
    props,
    view: firstView(props),
    signal: end.signal,
  };
  enableNotes(block);
  enableCopy(block);
  enableFolds(block);
  enableMenus(block);
  placeNotes(block);
  enableLinks(block);
  return () => end.abort();
}
