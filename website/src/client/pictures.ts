/** Shows a figure's picture large in a dialog, with its words; false where the figure has no picture of its own. */
export function openLarge(figure: Element): boolean {
  const picture = figure.querySelector(".figure-picture svg");
  if (picture === null) return false;
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
  return true;
}
