/** axe finds no violation on any page, in both themes, at the widths of a phone, a tablet and a desk, notes closed and open. */
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { violations } from "./accessibility.js";
import { allPaths, openPage } from "./site.js";

/** Words of code, its lines without a note, and squares of pictures: thousands on a page, and of few kinds. */
const repeated = {
  words: ".ax-code code span[class]:not([class^=ax-])",
  lines: ".ax-code .ax-l:not(:has(.ax-marks > *))",
  squares: ".figure-picture svg *",
};

/**
 * Takes away all but the first of each kind, which is the same class and colour in the same sort of place: a word becomes
 * plain text of its line, a line or a square goes. For what is left axe takes a fifth of the time.
 */
async function thinOut(page: Page): Promise<void> {
  await page.evaluate(({ words, lines, squares }) => {
    const seen = new Set<string>();
    const one = (element: Element): string => {
      const { color, fill, backgroundColor } = getComputedStyle(element);
      return [element.tagName, element.getAttribute("class"), color, fill, backgroundColor].join();
    };
    const again = (element: Element): boolean => {
      const line = element.closest(".ax-l");
      const around = line === null || line === element ? "" : one(line);
      const within = line === element ? [...element.querySelectorAll("*")].map(one) : [];
      const kind = [one(element), around, ...within].join("|");
      return seen.size === seen.add(kind).size;
    };
    for (const word of [...document.querySelectorAll(words)].filter(again)) {
      word.replaceWith(...word.childNodes);
    }
    for (const other of [...document.querySelectorAll(`${lines}, ${squares}`)].filter(again)) {
      other.remove();
    }
  }, repeated);
}

/** Opens the longest note of the page, where it has one; its block is then the only one that is marked as open. */
async function openLongestNote(page: Page): Promise<boolean> {
  const id = await page.evaluate(() => {
    const notes = [...document.querySelectorAll<HTMLElement>(".ax-note")].filter(
      (note) => note.closest(".ax-side[hidden]") === null,
    );
    const length = (note: HTMLElement): number => note.textContent.length;
    return notes.sort((a, b) => length(b) - length(a))[0]?.id;
  });
  if (id === undefined) return false;
  await page.locator(`[id="${id}-mark"]`).focus();
  await expect(page.locator(`[id="${id}"]`)).toHaveClass(/ax-open/);
  return true;
}

for (const path of allPaths) {
  test(`axe finds nothing in ${path}`, async ({ page }) => {
    test.setTimeout(300_000);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await openPage(page, path);
    expect(await violations(page, "of all else"), "the whole page").toEqual([]);
    await thinOut(page);
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      const rules = theme === "light" ? "all" : "of colour";
      for (const width of [390, 820, 1440]) {
        const where = `${theme}, ${width} px`;
        await page.setViewportSize({ width, height: 900 });
        expect(await violations(page, rules), `${where}, notes closed`).toEqual([]);
        if (!(await openLongestNote(page))) continue;
        const open = ".ax-block:has(.ax-note.ax-open)";
        expect(await violations(page, rules, open), `${where}, a note open`).toEqual([]);
        await page.keyboard.press("Escape");
        await page.locator(":focus").blur();
      }
    }
  });
}
