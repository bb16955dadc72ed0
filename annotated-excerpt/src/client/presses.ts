/** Presses of buttons before the file of their block is there. They are kept, and done when it comes. */
import { findAll, say } from "./block.js";
import type { Block } from "./block.js";

/** Does what was pressed, in that order; from now on nothing is kept. */
export function doPresses(block: Block): void {
  block.figure.dataset["alive"] = "";
  const pressed = findAll(block, "[data-pressed]").map((button) => {
    const time = Number(button.dataset["pressed"]);
    delete button.dataset["pressed"];
    return { button, time };
  });
  for (const { button } of pressed.sort((a, b) => a.time - b.time)) button.click();
}

/** Says, to the eye as well, that no button can do its work. */
function sayMissing(block: Block): void {
  for (const button of findAll(block, "[data-pressed]")) delete button.dataset["pressed"];
  block.figure.dataset["missing"] = "";
  say(block, "The file behind this excerpt did not come. Load the page again.");
}

/**
 * Keeps presses until the file is there, as `earlyScript` did before (html/early-script.ts). Where the file does not
 * come, each press is told so.
 */
export function keepPresses(block: Block, file: Promise<unknown>): void {
  const { figure, signal } = block;
  let onPress = (button: HTMLElement, event: Event): void => {
    if (button.matches("button")) button.dataset["pressed"] = String(event.timeStamp);
  };
  const listen = (event: Event): void => {
    const pressed = (event.target as Element).closest<HTMLElement>("button, [data-menu] > summary");
    if (pressed) onPress(pressed, event);
  };
  figure.addEventListener("click", listen, { signal });
  file.then(
    () => figure.removeEventListener("click", listen),
    () => {
      if (signal.aborted) return;
      onPress = () => sayMissing(block);
      if (findAll(block, "[data-pressed], [data-menu][open]").length > 0) sayMissing(block);
    },
  );
}
