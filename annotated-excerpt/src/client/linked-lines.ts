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

/** Indices of the lines of the block that are lit. */
export function litLines(block: FiledBlock): number[] {
  return findAll(block, ".ax-linked").map((line) => Number(line.dataset["i"]));
}

/** Lights these lines of the block, and no others. */
export function light(block: FiledBlock, lines: readonly number[]): void {
  for (const line of findAll(block, ".ax-linked")) line.classList.remove("ax-linked");
  for (const index of lines) lineElement(block, index)?.classList.add("ax-linked");
}

/** Lights the lines that the address speaks of, and no others of the page: it speaks of one place. */
export function lightLinked(block: FiledBlock, first: number, last: number): void {
  for (const line of document.querySelectorAll(".ax-linked")) line.classList.remove("ax-linked");
  light(
    block,
    Array.from({ length: last - first + 1 }, (_, offset) => first + offset),
  );
}

/** What stands behind `#` in a link to these lines, which are indices in the file. */
export function anchorOfLines(block: FiledBlock, first: number, last: number): string {
  const { lines } = block.props.file;
  return lineAnchor(block.view.id, lines[first]?.key ?? "", lines[last]?.key ?? "");
}
