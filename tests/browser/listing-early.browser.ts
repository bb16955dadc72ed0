/** A reader who is faster than the network: what is pressed before the scripts, and before the files of the excerpts. */
import { expect, test } from "@playwright/test";
import type { Locator, Page } from "@playwright/test";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const path = "/course/16-showing-code";
const scripts = "**/assets/js/**";
const data = "**/listing-data/**";

const block = (page: Page): Locator => page.locator(".ax:has(.ax-mark)").first();
const clipboard = (page: Page): Promise<string> =>
  page.evaluate(() => navigator.clipboard.readText());

/** Holds what matches back, until the function that it returns is called. */
async function hold(page: Page, pattern: string): Promise<() => void> {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(pattern, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

test("what is pressed before the scripts are there is done when they come, in that order", async ({
  page,
}) => {
  const release = await hold(page, scripts);
  await page.goto(path, { waitUntil: "commit" });
  await block(page).locator(".ax-check").click();
  const whole = block(page).getByRole("button", { name: "Whole file" });
  await whole.click();
  await block(page).getByRole("button", { name: "Copy", exact: true }).click();
  release();
  await expect(whole).toHaveAttribute("aria-pressed", "true");
  await expect(block(page).getByRole("status")).toHaveText("Code and notes copied");
  await expect(block(page).getByLabel("with notes")).toBeChecked();
  expect(await clipboard(page)).toContain("//! A name that nobody defined");
});

test("a mark that is pressed before the scripts are there leads to its note, and nothing shines through", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await hold(page, scripts);
  await page.goto(path, { waitUntil: "commit" });
  await block(page).locator(".ax-mark").first().click();
  const note = block(page).locator(".ax-note:target");
  await expect(note).toBeInViewport();
  const ground = await note.evaluate((element) => {
    const { left, bottom, width } = element.getBoundingClientRect();
    const top = document.elementFromPoint(left + width / 2, bottom - 3);
    return element.contains(top) ? getComputedStyle(element).backgroundColor : "covered";
  });
  expect(ground).toMatch(/^rgb\(/);
});

test("what is pressed before the file is there is done when it comes; a choice stays chosen", async ({
  page,
}) => {
  const release = await hold(page, data);
  await page.goto(path);
  await block(page).locator("xpath=self::*[@data-notes]").waitFor();
  await block(page).locator(".ax-check").click();
  await block(page).getByRole("button", { name: "Copy", exact: true }).click();
  await block(page).locator("summary", { hasText: "Link" }).click();
  await block(page).locator(".ax-mark").first().click();
  await expect(block(page).locator(".ax-note.ax-open")).toBeVisible();
  release();
  await expect(block(page).getByRole("status")).toHaveText("Code and notes copied");
  expect(await clipboard(page)).toContain("//!");
  await expect(block(page).getByLabel("with notes")).toBeChecked();
});

test("where the file does not come, a press says so", async ({ page }) => {
  await page.route(data, (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(path, { waitUntil: "networkidle" });
  const said = block(page).getByText("The file behind this excerpt did not come.");
  await expect(said).toHaveCount(0);
  await block(page).getByRole("button", { name: "Copy", exact: true }).click();
  await expect(said).toBeVisible();
  const box = await said.boundingBox();
  expect(box?.height).toBeGreaterThan(10);
});

test("a file that the network lost is fetched again", async ({ page }) => {
  let lost = 0;
  await page.route(data, (route) => (lost++ === 0 ? route.abort() : route.continue()));
  await page.goto(path);
  await block(page).getByRole("button", { name: "Copy", exact: true }).click();
  await expect(block(page).getByRole("status")).toHaveText("Code copied");
});
