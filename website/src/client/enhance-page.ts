/** What a page does once its script runs: outputs unfold, pictures open, and the excerpts' own behaviour. */
import { enableListings } from "./listings";
import { openLarge } from "./pictures";

function toggleFold(button: HTMLElement): void {
  const folded = button.parentElement?.classList.toggle("folded") ?? false;
  const lines = button.dataset["lines"] ?? "";
  button.setAttribute("aria-expanded", String(!folded));
  button.textContent = folded ? `Show all ${lines} lines` : `Fold ${lines} lines`;
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const button = target.closest<HTMLElement>("button.fold");
  if (button !== null) toggleFold(button);
  const figure = target.closest("a.figure-open")?.closest("figure");
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (figure && plain && openLarge(figure)) event.preventDefault();
}

/** Brings the page in `root` to life until `signal` ends it. */
export async function enhancePage(root: HTMLElement, signal: AbortSignal): Promise<void> {
  root.addEventListener("click", onClick, { signal });
  await enableListings(root, signal);
}
