/** axe finds no violation on any page, in both themes, at the widths of a phone, a tablet and a desk, notes closed and open. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { allPaths, openPage } from "./site.js";

/** Words of code and squares of pictures, thousands on a page and of few kinds: one of each kind is looked at. */
const words = ".ax-code code span[class]:not([class^=ax-])";
const squares = ".figure-picture svg *";

/**
 * Takes away all but the first of each kind, which is the same class and colour in the same sort of place: a word becomes
 * plain text of its line, a square goes. What is left is a page that axe reads in a third of the time.
 */
async function thinOut(page: Page): Promise<void> {
  await page.evaluate(
    ([words, squares]) => {
      const seen = new Set<string>();
      const others = [...document.querySelectorAll(`${words}, ${squares}`)].filter((element) => {
        const { color, fill, backgroundColor } = getComputedStyle(element);
        const line = element.closest(".ax-l")?.className ?? "";
        const { tagName } = element;
        const kind = [tagName, element.getAttribute("class"), color, fill, backgroundColor, line];
        const key = kind.map(String).join("|");
        return seen.size === seen.add(key).size;
      });
      for (const element of others) {
        if (element.matches(words)) element.replaceWith(...element.childNodes);
        else element.remove();
      }
    },
    [words, squares] as const,
  );
}

/** All rules look at a page in the light; in the dark those that ask for colours, since nothing else is another there. */
type Rules = "all" | "of colour";
const rulesOfColour = ["color-contrast", "link-in-text-block"];

async function violations(page: Page, rules: Rules, part?: string): Promise<string[]> {
  const builder = new AxeBuilder({ page }).options({
    resultTypes: ["violations"],
    preload: false,
  });
  if (part !== undefined) builder.include(part);
  if (rules === "of colour") builder.withRules(rulesOfColour);
  const { violations: found } = await builder.analyze();
  return found.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 200)}`),
  );
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
  for (const theme of ["light", "dark"] as const) {
    test(`axe finds nothing in ${path}, ${theme}`, async ({ page }) => {
      test.setTimeout(300_000);
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await openPage(page, path);
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      await thinOut(page);
      const rules = theme === "light" ? "all" : "of colour";
      for (const width of [390, 820, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await violations(page, rules), `${width} px, notes closed`).toEqual([]);
        if (!(await openLongestNote(page))) continue;
        const open = ".ax-block:has(.ax-note.ax-open)";
        expect(await violations(page, rules, open), `${width} px, a note open`).toEqual([]);
        await page.keyboard.press("Escape");
        await page.locator(":focus").blur();
      }
    });
  }
}
