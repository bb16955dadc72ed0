/** What a reader does with a page: by keyboard, by search, from page to page. */
import { expect, test } from "@playwright/test";
import { chapters, joinText, openPage, specimen } from "./site.js";

test("a picture opens large by Enter, with its words, and closes by Escape", async ({ page }) => {
  await openPage(page, specimen.path);
  const open = page.locator("a.figure-open").first();
  await open.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await expect(dialog).toContainText("page 0: a frame");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(open).toBeFocused();
});

test("a long output folds and unfolds by its button", async ({ page }) => {
  await openPage(page, specimen.path);
  const button = page.locator("button.fold").first();
  await expect(button).toHaveText("Show all 120 lines");
  await button.focus();
  await page.keyboard.press("Space");
  await expect(button).toHaveAttribute("aria-expanded", "true");
  const box = page.locator("#output-long-1");
  expect(await box.evaluate((pre) => pre.clientHeight === pre.scrollHeight)).toBe(true);
  await page.keyboard.press("Space");
  expect(await box.evaluate((pre) => pre.clientHeight < pre.scrollHeight)).toBe(true);
});

test("copy takes the cell's code and nothing else", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openPage(page, specimen.path);
  const cell = page.locator("#cell-columns");
  await cell.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(cell.getByRole("status").first()).toHaveText("Code copied");
  const source = specimen.cells.find(({ id }) => id === "columns")?.source;
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${joinText(source)}\n`);
});

test("search finds a word by keyboard alone", async ({ page }) => {
  await openPage(page, "/");
  await page.keyboard.press("/");
  const input = page.getByRole("searchbox");
  await expect(input).toBeFocused();
  await page.keyboard.type("specimen");
  const results = page.locator(".search-panel a");
  await expect(results.first()).toBeVisible();
  await expect(page.getByRole("status")).toHaveText(/\d+ results?/);
  await page.keyboard.press("ArrowDown");
  await expect(results.first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/docs\/specimen/);
  await expect(page.locator("h1")).toContainText("Specimen");
});

test("from one page to another the body comes whole, and lives", async ({ page }) => {
  await openPage(page, "/docs/contributing");
  await page
    .getByRole("link", { name: /^Specimen/ })
    .first()
    .click();
  await expect(page.locator("h1")).toContainText("Specimen");
  await expect(page.locator("[data-output=columns-1]")).toBeVisible();
  await page.locator("button.fold").first().click();
  await expect(page.locator("button.fold").first()).toHaveAttribute("aria-expanded", "true");
  await page.goBack();
  await expect(page.locator("h1")).toHaveText("Contributing");
  await expect(page.locator(".prose").first()).not.toBeEmpty();
});

test("the theme changes by its button and stays", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await openPage(page, "/");
  const button = page.getByRole("button", { name: /dark and light mode/i });
  for (let presses = 0; presses < 3; presses++) {
    if ((await page.locator("html").getAttribute("data-theme")) === "dark") break;
    await button.click();
  }
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("Tab reaches the text by the first link, and every link in order shows its focus", async ({
  page,
}) => {
  await openPage(page, chapters[0]?.path ?? specimen.path);
  await page.keyboard.press("Tab");
  await expect(page.locator(":focus")).toHaveText("Skip to main content");
  await page.keyboard.press("Enter");
  for (let stop = 0; stop < 12; stop++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return "nothing has the focus";
      const style = getComputedStyle(element);
      return style.outlineStyle === "none" && style.boxShadow === "none"
        ? `no outline: ${element.outerHTML.slice(0, 100)}`
        : "seen";
    });
    expect(outline).toBe("seen");
  }
});
