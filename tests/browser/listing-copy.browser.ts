/** What is copied of a block is the file's own text, whatever way it is copied. */
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { excerptText, wholeText } from "annotated-excerpt";
import { openListings, source, untilAlive } from "./listing-page.js";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const clipboard = (page: Page): Promise<string> =>
  page.evaluate(() => navigator.clipboard.readText());

test("a selection of the whole block holds neither marks nor numbers", async ({ page }) => {
  await openListings(page);
  await untilAlive(page);
  await page
    .locator(".ax-code")
    .first()
    .evaluate((pre) => getSelection()?.selectAllChildren(pre));
  await page.keyboard.press("ControlOrMeta+c");
  expect(`${await clipboard(page)}\n`).toBe(excerptText(source, "hash", "clean"));
});

test("a selection drawn with the mouse over lines with marks is the text of those lines", async ({
  page,
}) => {
  await openListings(page);
  await untilAlive(page);
  const text = page.locator(".ax").first().locator(".ax-t");
  const from = await text.nth(2).boundingBox();
  const to = await text.nth(6).boundingBox();
  if (!from || !to) throw new Error("the lines have no boxes");
  await page.mouse.move(from.x + 2, from.y + 3);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width - 4, to.y + to.height / 2, { steps: 8 });
  await page.mouse.up();
  await page.keyboard.press("ControlOrMeta+c");
  const lines = excerptText(source, "hash", "clean").split("\n").slice(2, 7);
  expect((await clipboard(page)).trimEnd()).toBe(lines.join("\n"));
});

test("the button copies the excerpt clean, or with notes as they stand in the file", async ({
  page,
}) => {
  await openListings(page);
  await untilAlive(page);
  for (const [index, region] of ["hash", "use", undefined].entries()) {
    const block = page.locator(".ax").nth(index);
    const notes = block.getByLabel("with notes");
    await notes.uncheck();
    await block.getByRole("button", { name: "Copy", exact: true }).click();
    await expect(block.getByRole("status")).toHaveText("Code copied");
    expect(await clipboard(page)).toBe(excerptText(source, region, "clean"));
    await notes.check();
    await block.locator('[data-do="copy"]').click();
    await expect(block.getByRole("status")).toHaveText("Code and notes copied");
    expect(await clipboard(page)).toBe(excerptText(source, region, "notes"));
  }
});

test("the choice holds for all blocks, and is kept", async ({ page }) => {
  await openListings(page);
  await untilAlive(page);
  await page.locator(".ax").first().getByLabel("with notes").check();
  await expect(page.locator(".ax").nth(1).getByLabel("with notes")).toBeChecked();
  await page.reload();
  await untilAlive(page);
  await expect(page.locator(".ax").nth(1).getByLabel("with notes")).toBeChecked();
});

test("what was unfolded is copied too", async ({ page }) => {
  await openListings(page);
  await untilAlive(page);
  const block = page.locator(".ax").nth(1);
  await block.getByRole("button", { name: "Whole file" }).click();
  await block.locator('[data-do="copy"]').click();
  await expect(block.getByRole("status")).toHaveText("Code copied");
  expect(await clipboard(page)).toBe(wholeText(source, "clean"));
});

test("nothing beside the button moves when it says that it copied", async ({ page }) => {
  await openListings(page);
  await untilAlive(page);
  const block = page.locator(".ax").first();
  const places = (): Promise<number[]> =>
    block
      .locator(".ax-tools > *")
      .evaluateAll((tools) => tools.map((tool) => tool.getBoundingClientRect().x));
  const before = await places();
  await block.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(block.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await places()).toEqual(before);
});
