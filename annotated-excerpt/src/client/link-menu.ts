/** The menu that makes links: to the block, to lines of it, to a note. */
import type { FiledBlock } from "./block.js";
import { find, on } from "./block.js";
import { copyAndSay } from "./copy.js";
import { reveal } from "./fold.js";
import { addressOf, anchorOfLines, lightLinked } from "./linked-lines.js";

function cardHtml({ props, view }: FiledBlock): string {
  const numberOf = (index: number): number => props.file.lines.at(index)?.number ?? 1;
  const field = (name: string, label: string, value: number): string =>
    `<label>${label} <input type="number" inputmode="numeric" name="${name}"` +
    ` min="${numberOf(0)}" max="${numberOf(-1)}" value="${value}"></label>`;
  const { first, last } = view.excerpt;
  return (
    `<div class="ax-card ax-link">` +
    `<button type="button" class="ax-button" data-do="link-excerpt">Copy a link to this block</button>` +
    `<form class="ax-lines">${field("from", "or to lines", numberOf(first))} ${field("to", "to", numberOf(last))} ` +
    `<button type="submit" class="ax-button">Copy link</button></form></div>`
  );
}

/** Index of the last line whose number is not above `number`. */
function indexOfNumber(block: FiledBlock, number: number): number {
  const { lines } = block.props.file;
  return Math.max(
    0,
    lines.findLastIndex((line) => line.number <= number),
  );
}

async function copyLinkToLines(block: FiledBlock, form: HTMLFormElement): Promise<void> {
  const value = (name: string): number =>
    Number((form.elements.namedItem(name) as HTMLInputElement).value);
  const first = indexOfNumber(block, value("from"));
  const last = Math.max(first, indexOfNumber(block, value("to")));
  reveal(block, first);
  reveal(block, last);
  lightLinked(block, first, last);
  const button = form.querySelector("button");
  const anchor = anchorOfLines(block, first, last);
  if (button) await copyAndSay(block, button, addressOf(anchor), "Link");
}

/** The menu's card is made when it is opened first: at once, so that a Tab that follows the Enter leads into it. */
function enableCard(block: FiledBlock): void {
  const menu = find(block, '[data-menu="link"]') as HTMLDetailsElement | null;
  if (!menu) return;
  const fill = (): void => {
    if (!find(block, ".ax-link")) menu.insertAdjacentHTML("beforeend", cardHtml(block));
  };
  const fillOpen = (): void => {
    if (menu.open) fill();
  };
  const copyLines = (event: Event): void => {
    event.preventDefault();
    void copyLinkToLines(block, event.target as HTMLFormElement);
  };
  menu.addEventListener("click", fill, { signal: block.signal });
  menu.addEventListener("toggle", fillOpen, { signal: block.signal });
  menu.addEventListener("submit", copyLines, { signal: block.signal });
  fillOpen();
}

export function enableLinkMenu(block: FiledBlock): void {
  enableCard(block);
  on(block, "click", (event) => {
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
