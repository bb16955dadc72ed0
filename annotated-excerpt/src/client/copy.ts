/** The copy button and the choice whether notes are copied as comments. */
import { copyText } from "../html/copy-text.js";
import type { Block, FiledBlock } from "./block.js";
import { confirmOn, find, say } from "./block.js";
import { copyToClipboard } from "./clipboard.js";
import { keepSetting, onSetting } from "./settings.js";

/** Copies and says so, on the button and in words. */
export async function copyAndSay(
  block: FiledBlock,
  button: HTMLElement,
  text: string,
  what: string,
): Promise<void> {
  try {
    await copyToClipboard(text);
    confirmOn(button, "Copied");
    say(block, `${what} copied`);
  } catch {
    // A press that was kept may be too old for a browser that copies only while a button is pressed.
    const late = navigator.userActivation?.isActive === false;
    confirmOn(button, late ? "Press again" : "Failed");
    say(block, late ? "Press again to copy" : "The browser does not let this page copy");
  }
}

function choiceOf(block: Block): HTMLInputElement | null {
  return find(block, '[data-do="with-notes"]') as HTMLInputElement | null;
}

export function enableCopy(block: FiledBlock): void {
  const button = find(block, '[data-do="copy"]');
  const copy = (): void => {
    if (!button) return;
    const form = choiceOf(block)?.checked ? "notes" : "clean";
    const text = copyText(block.props.file, block.view, form);
    void copyAndSay(block, button, text, form === "notes" ? "Code and notes" : "Code");
  };
  button?.addEventListener("click", copy, { signal: block.signal });
}

/** The choice needs no file; what was chosen before any script ran is a choice as well. */
export function enableChoice(block: Block): void {
  const choice = choiceOf(block);
  if (!choice) return;
  const keep = (): void => keepSetting("copy", choice.checked ? "notes" : "clean");
  if (choice.checked) keep();
  choice.addEventListener("change", keep, { signal: block.signal });
  onSetting("copy", block.signal, (value) => {
    choice.checked = value === "notes";
  });
}
