/** A block on a page: its elements, and what it shows now. */
import type { ListingProps, View } from "../html/view.js";

export interface Block {
  figure: HTMLElement;
  body: HTMLElement;
  pre: HTMLElement;
  code: HTMLElement;
  notes: HTMLElement;
  /** Ends with the block: listeners on things outside of it take this. */
  signal: AbortSignal;
}

/** A block whose file is there. */
export interface FiledBlock extends Block {
  props: ListingProps;
  view: View;
}

/** The element that matches within the block, or null. */
export function find(block: Block, selector: string): HTMLElement | null {
  return block.figure.querySelector<HTMLElement>(selector);
}

/** All elements that match within the block. */
export function findAll(block: Block, selector: string): HTMLElement[] {
  return [...block.figure.querySelectorAll<HTMLElement>(selector)];
}

/** The element of the line with this index in the file; null where it is not shown. */
export function lineElement(block: Block, index: number): HTMLElement | null {
  return find(block, `.ax-l[data-i="${index}"]`);
}

/**
 * Says something to readers who do not see the block; also where a button's own text told it. The same words twice are
 * said twice: a space makes the second another text.
 */
export function say(block: Block, text: string): void {
  const status = find(block, ".ax-status");
  if (status) status.textContent = status.textContent === text ? `${text}\u00a0` : text;
}

/** Listens to what happens within the block until it ends. */
export function on<Type extends keyof HTMLElementEventMap>(
  block: Block,
  type: Type,
  listener: (event: HTMLElementEventMap[Type]) => void,
): void {
  block.figure.addEventListener(type, listener, { signal: block.signal });
}

/** Shows on the button for a moment that it did its work. */
export function confirmOn(button: HTMLElement, text: string): void {
  const before = (button.dataset["before"] ??= button.textContent ?? "");
  button.style.minWidth = `${button.getBoundingClientRect().width}px`;
  button.textContent = text;
  button.classList.add("ax-done");
  setTimeout(() => {
    button.textContent = before;
    button.classList.remove("ax-done");
  }, 1600);
}
