/** Pictures open large: the link to the picture's file, followed by JavaScript, shows it in a dialog with its words. */
import { useEffect } from "react";
import type { RefObject } from "react";

function openLarge(figure: Element): void {
  const picture = figure.querySelector(".figure-picture svg");
  if (picture === null) return;
  const dialog = document.createElement("dialog");
  dialog.className = "large-picture";
  dialog.setAttribute("aria-label", picture.querySelector("title")?.textContent ?? "Picture");
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.append(close, picture.cloneNode(true));
  const words = figure.querySelector(".words pre")?.textContent;
  if (words) {
    const text = document.createElement("pre");
    text.textContent = words;
    text.tabIndex = 0;
    dialog.append(text);
  }
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Makes the figures below `root` open in a dialog. */
export function usePictures(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = root.current;
    if (element === null) return undefined;
    const listener = (event: MouseEvent): void => {
      const link = (event.target as Element).closest("a.figure-open");
      const figure = link?.closest("figure");
      if (!figure || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      openLarge(figure);
    };
    element.addEventListener("click", listener);
    return () => element.removeEventListener("click", listener);
  }, [root]);
}
