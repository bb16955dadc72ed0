/** The copy button and the choice whether notes are copied as comments. */
import { copyText } from "../html/copy-text.js";
import type { FiledBlock } from "./block.js";
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
    confirmOn(button, "Failed");
    say(block, "The browser does not let this page copy");
  }
}

export function enableCopy(block: FiledBlock): void {
  const button = find(block, '[data-do="copy"]');
  const choice = find(block, '[data-do="with-notes"]') as HTMLInputElement | null;
  button?.addEventListener("click", () => {
    const form = choice?.checked ? "notes" : "clean";
    const text = copyText(block.props.file, block.view, form);
    void copyAndSay(block, button, text, form === "notes" ? "Code and notes" : "Code");
  });
  if (!choice) return;
  choice.addEventListener("change", () => {
    keepSetting("copy", choice.checked ? "notes" : "clean");
  });
  onSetting("copy", block.signal, (value) => {
    choice.checked = value === "notes";
  });
}
