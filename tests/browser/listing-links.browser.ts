/** Links to places in a block, and what unfolds. */
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { anchors } from "annotated-excerpt/page";
import { models, openListings, untilAlive, usual } from "./listing-page.js";

test.use({
  permissions: ["clipboard-read", "clipboard-write"],
  viewport: { width: 900, height: 700 },
});

const linked = (page: Page): Promise<string[]> =>
  page
    .locator(".ax-linked .ax-t")
    .evaluateAll((lines) => lines.map((line) => line.textContent.trim()));

async function open(page: Page, place: string): Promise<void> {
  await openListings(page, { listings: usual }, `#${place}`);
  await untilAlive(page);
}

async function anchorOf(number: number, region: string): Promise<string> {
  const { c } = await models();
  return anchors(c, region).lines.find((line) => line.number === number)?.anchor ?? "";
}

test("a click on a number copies a link to the line; with Shift, to the range", async ({
  page,
}) => {
  await open(page, "");
  const numbers = page.locator(".ax").first().locator(".ax-n");
  await numbers.nth(1).click();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  await numbers.nth(3).click({ modifiers: ["Shift"] });
  const range = await page.evaluate(() => navigator.clipboard.readText());
  expect(line).toMatch(/#hash\.c\.hash\.l\w+$/);
  expect(range).toMatch(/#hash\.c\.hash\.l\w+-l\w+$/);
  for (const [address, count] of [
    [line, 1],
    [range, 3],
  ] as const) {
    await page.goto("about:blank");
    await page.goto(address);
    await untilAlive(page);
    await expect(page.locator(".ax-linked")).toHaveCount(count);
    await expect(page.locator(".ax-linked").first()).toBeInViewport();
  }
});

test("a line that was folded is shown where a link leads to it", async ({ page }) => {
  await open(page, await anchorOf(5, "use"));
  expect(await linked(page)).toEqual(["enum { SIZE = 4096 };"]);
  await expect(page.locator(".ax-linked")).toBeInViewport();
});

test("a hidden line is shown where a link leads to it", async ({ page }) => {
  await open(page, await anchorOf(31, "use"));
  expect(await linked(page)).toEqual(["return EXIT_FAILURE;"]);
});

test("a link to a note opens it, also where its line was folded", async ({ page }) => {
  const { c } = await models();
  const folded = anchors(c, "use").notes.find((note) => note.number === 23);
  await open(page, folded?.anchor ?? "");
  await expect(page.locator(".ax-note.ax-open")).toContainText("Only here.");
  await expect(page.locator(".ax-note.ax-open")).toBeInViewport();
});

test("the excerpt stays where it is when lines before it unfold, and when they fold again", async ({
  page,
}) => {
  await open(page, "");
  const block = page.locator(".ax").nth(1);
  const line = block.locator('.ax-l[data-i="21"]');
  await line.scrollIntoViewIfNeeded();
  const before = await line.boundingBox();
  const button = block.locator('[data-do="before"]');
  await button.click();
  await expect(block.locator(".ax-out").first()).toBeAttached();
  expect((await line.boundingBox())?.y).toBeCloseTo(before?.y ?? 0, 0);
  await expect(button).toHaveAttribute("aria-expanded", "true");
  await button.evaluate((element: HTMLElement) => element.click());
  await expect(block.locator(".ax-out")).toHaveCount(0);
  expect((await line.boundingBox())?.y).toBeCloseTo(before?.y ?? 0, 0);
});

test("notes of the excerpt keep their numbers when the file unfolds", async ({ page }) => {
  await open(page, "");
  const block = page.locator(".ax").nth(1);
  const note = block.locator(".ax-note", { hasText: "The copy is what is hashed." });
  await expect(note).toHaveAttribute("value", "1");
  await block.getByRole("button", { name: "Whole file" }).click();
  await expect(note).toHaveAttribute("value", "1");
  await expect(block.locator(".ax-note")).toHaveCount(6);
});

test("hidden lines unfold in place", async ({ page }) => {
  await open(page, "");
  const block = page.locator(".ax").nth(1);
  await block.getByRole("button", { name: "Show 2 lines that are left out here" }).click();
  await expect(block.locator(".ax-t", { hasText: "return EXIT_FAILURE" })).toBeVisible();
});

test("only what the address names is lit, in all blocks", async ({ page }) => {
  const line = await anchorOf(10, "hash");
  await open(page, line);
  const lit = (): Promise<number> =>
    page.locator(".ax-l").evaluateAll((lines) => {
      const ground = (one: Element): string => getComputedStyle(one).backgroundColor;
      return lines.filter((one) => ground(one) === "rgb(253, 243, 207)").length;
    });
  expect(await lit()).toBe(1);
  await page.locator(".ax").first().locator(".ax-n").nth(4).click();
  expect(await lit()).toBe(1);
  await page.locator(".ax").nth(1).locator(".ax-n").nth(1).click();
  expect(await lit()).toBe(1);
  await page.evaluate((hash) => (window.location.hash = hash), line);
  await expect.poll(() => linked(page)).toHaveLength(1);
  expect(await lit()).toBe(1);
  await page.evaluate(() => (window.location.hash = "#elsewhere"));
  await expect.poll(lit).toBe(0);
});

test("an address that is not well encoded stops nothing", async ({ page }) => {
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  await open(page, "%E0%A4%A");
  expect(errors).toEqual([]);
});

test("lit lines and an open note stay while more of the file is shown", async ({ page }) => {
  await open(page, await anchorOf(10, "hash"));
  const block = page.locator(".ax").first();
  await block.locator(".ax-mark").nth(1).click();
  const [lines, note] = [await linked(page), block.locator(".ax-note.ax-open")];
  expect(lines).toHaveLength(1);
  for (let press = 0; press < 2; press++) {
    await block.getByRole("button", { name: "Whole file" }).click();
    expect(await linked(page)).toEqual(lines);
    await expect(note).toContainText("offset basis");
    await expect(block.locator(".ax-l.ax-on")).toHaveCount(1);
  }
});

test("a block that is ended does nothing more; begun again, it does each thing once", async ({
  page,
}) => {
  await open(page, "");
  await page.evaluate(async () => {
    const { enhance } = (await import(`${location.origin}/harness/dist/client/index.js`)) as {
      enhance: (root: Element, props: object) => () => void;
    };
    const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as { c: object };
    const root = document.querySelectorAll(".ax-block")[2]?.cloneNode(true) as Element;
    document.querySelector("main")?.replaceChildren(root);
    enhance(root, { file: data.c })();
    enhance(root, { file: data.c });
  });
  const hidden = page.getByRole("button", { name: "Show 2 lines that are left out here" });
  const mark = page.locator(".ax-mark").first();
  await mark.click();
  await expect(mark).toHaveClass(/ax-open/);
  await mark.click();
  await expect(mark).not.toHaveClass(/ax-open/);
  await hidden.click();
  await expect(hidden).toHaveCount(0);
});
