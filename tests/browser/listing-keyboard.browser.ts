/** Everything that a block does, by keyboard alone. */
import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";
import { anchors } from "annotated-excerpt/page";
import { models, notesOf, openListings, untilAlive } from "./listing-page.js";

test.use({
  permissions: ["clipboard-read", "clipboard-write"],
  viewport: { width: 900, height: 900 },
});

const block = (page: Page): Locator => page.locator(".ax").first();

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let press = 0; press < 60; press++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab does not lead there");
}

test.beforeEach(async ({ page }) => {
  await openListings(page);
  await untilAlive(page);
});

test("a note opens at its mark by focus, arrows lead to the next, Escape closes it", async ({
  page,
}) => {
  const marks = block(page).locator(".ax-mark");
  const open = block(page).locator(".ax-note.ax-open");
  await tabTo(page, marks.first());
  await expect(open).toHaveCount(1);
  await expect(open).toContainText("FNV-1a");
  await page.keyboard.press("ArrowDown");
  await expect(open).toContainText("offset basis");
  await expect(marks.nth(1)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(open).toContainText("FNV-1a");
  await page.keyboard.press("End");
  await expect(marks.last()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(open).toHaveCount(0);
  await expect(marks.last()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(open).toContainText("All 32 bits");
});

test("an open note stands below its lines and inside the page, and its lines are lit", async ({
  page,
}) => {
  const mark = block(page).locator(".ax-mark").nth(2);
  await mark.focus();
  const lit = block(page).locator(".ax-l.ax-on");
  await expect(lit).toHaveCount(3);
  const note = block(page).locator(".ax-note.ax-open");
  await expect
    .poll(async () => {
      const [line, box] = [await lit.last().boundingBox(), await note.boundingBox()];
      return line && box ? Math.abs(box.y - (line.y + line.height)) : Infinity;
    })
    .toBeLessThan(12);
  const box = await note.boundingBox();
  expect(box && box.x >= 0 && box.x + box.width <= 900).toBe(true);
});

test("links in notes are reached by Tab, with their note open; Escape goes back to the mark", async ({
  page,
}) => {
  const link = block(page).getByRole("link", { name: "its authors" });
  await tabTo(page, link);
  await expect(link).toBeInViewport();
  await expect(block(page).locator(".ax-note.ax-open")).toContainText("FNV-1a");
  await page.keyboard.press("Escape");
  await expect(block(page).locator(".ax-mark").first()).toBeFocused();
});

test("a click opens a note, a second click closes it, a click elsewhere too", async ({ page }) => {
  const mark = block(page).locator(".ax-mark").first();
  const open = block(page).locator(".ax-note.ax-open");
  await mark.click();
  await expect(open).toHaveCount(1);
  await mark.click();
  await expect(open).toHaveCount(0);
  await mark.click();
  await page.locator("h1").click();
  await expect(open).toHaveCount(0);
});

test("the mark says its note to a screen reader", async ({ page }) => {
  const mark = block(page).locator(".ax-mark").nth(2);
  await expect(mark).toHaveAccessibleName("Note 3, lines 14 to 16");
  await expect(mark).toHaveAccessibleDescription(/Each byte is mixed in by xor/);
  await expect(
    block(page)
      .getByRole("list", { name: /^Notes on hash\.c/ })
      .getByRole("listitem"),
  ).toHaveCount(notesOf("hash"));
});

test("menus open by Enter and close by Escape; the whole file unfolds by Space", async ({
  page,
}) => {
  const download = block(page).locator("summary", { hasText: "Download" });
  await tabTo(page, download);
  await page.keyboard.press("Enter");
  await expect(block(page).getByRole("link", { name: /Whole file/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(block(page).getByRole("link", { name: /Whole file/ })).toBeHidden();
  await expect(download).toBeFocused();
  const whole = block(page).getByRole("button", { name: "Whole file" });
  await page.locator("h1").click();
  await tabTo(page, whole);
  await page.keyboard.press("Space");
  await expect(whole).toHaveAttribute("aria-pressed", "true");
});

test("lines are linked from the menu without a mouse", async ({ page }) => {
  const { c } = await models();
  const menu = block(page).locator("summary", { hasText: "Link" });
  await tabTo(page, menu);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("14");
  await page.keyboard.press("Tab");
  await page.keyboard.type("15");
  await page.keyboard.press("Enter");
  await expect(block(page).getByRole("status")).toHaveText("Link copied");
  const { lines } = anchors(c, "hash");
  const [first, last] = [14, 15].map(
    (number) => lines.find((line) => line.number === number)?.anchor,
  );
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toMatch(new RegExp(`/harness/#${first}-${last?.split(".").at(-1)}$`));
});

test("the link menu holds its card at once, however fast the next key comes", async ({ page }) => {
  const menu = block(page).locator("summary", { hasText: "Link" });
  const cards = await menu.evaluate((summary: HTMLElement) => {
    summary.click();
    return summary.parentElement?.querySelectorAll(".ax-card").length;
  });
  expect(cards).toBe(1);
});

test("whatever has the focus shows it", async ({ page }) => {
  for (let press = 0; press < 24; press++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      const style = (element: Element): string => getComputedStyle(element).outlineStyle;
      const active = document.activeElement ?? document.body;
      return [style(active), style(active.parentElement ?? active)];
    });
    expect(
      outline.some((one) => one !== "none"),
      `press ${press + 1} of Tab`,
    ).toBe(true);
  }
});
