/** Lines that a link speaks of. */
import { lineAnchor } from "../page/anchors.js";
import type { FiledBlock } from "./block.js";
import { findAll, lineElement } from "./block.js";

/** The address of a place on this page. */
export function addressOf(anchor: string): string {
  const url = new URL(window.location.href);
  url.hash = anchor;
  return url.href;
}

/** Lights the lines that a link speaks of, and no others of the block. */
export function light(block: FiledBlock, first: number, last: number): void {
  for (const line of findAll(block, ".ax-linked")) line.classList.remove("ax-linked");
  for (let index = first; index <= last; index++) {
    lineElement(block, index)?.classList.add("ax-linked");
  }
}

/** What stands behind `#` in a link to these lines, which are indices in the file. */
export function anchorOfLines(block: FiledBlock, first: number, last: number): string {
  const { lines } = block.props.file;
  return lineAnchor(block.view.id, lines[first]?.key ?? "", lines[last]?.key ?? "");
}
