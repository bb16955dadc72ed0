/** Menus close by Escape, by a click elsewhere, and when another opens. */
import type { Block } from "./block.js";
import { findAll } from "./block.js";

export function enableMenus(block: Block): void {
  const menus = findAll(block, ".ax-menu") as HTMLDetailsElement[];
  document.addEventListener(
    "pointerdown",
    (event) => {
      for (const menu of menus) if (!menu.contains(event.target as Node)) menu.open = false;
    },
    { signal: block.signal },
  );
  for (const menu of menus) {
    menu.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape" || !menu.open) return;
        event.stopPropagation();
        menu.open = false;
        menu.querySelector("summary")?.focus();
      },
      { signal: block.signal },
    );
    menu.addEventListener(
      "toggle",
      () => {
        if (menu.open) for (const other of menus) if (other !== menu) other.open = false;
      },
      { signal: block.signal },
    );
  }
}
