/** A block can be read everywhere: wide and narrow, dark and light, on paper, without scripts, and forty on a page. */
import { expect, test } from "@playwright/test";
import { violations } from "./accessibility.js";
import { notesOf, openListings, untilAlive, usual } from "./listing-page.js";

for (const theme of ["light", "dark"]) {
  for (const width of [390, 900, 1440]) {
    test(`axe finds nothing: ${theme}, ${width} px wide, notes closed and open`, async ({
      page,
    }) => {
      await page.setViewportSize({ width, height: 900 });
      await openListings(page, { listings: usual, margin: "17rem" });
      await untilAlive(page);
      await page.evaluate((name) => (document.documentElement.dataset["theme"] = name), theme);
      expect(await violations(page)).toEqual([]);
      await page.locator(".ax-n").nth(2).click();
      await page.locator(".ax-mark").nth(2).focus();
      await page.locator(".ax-menu summary", { hasText: "Download" }).first().click();
      expect(await violations(page)).toEqual([]);
    });
  }
}

test("with a margin, notes stand beside their lines and none upon another", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 1200 });
  await openListings(page, { listings: usual, margin: "17rem" });
  await untilAlive(page);
  const block = page.locator(".ax").first();
  const notes = await block
    .locator(".ax-note")
    .evaluateAll((all) => all.map((note) => note.getBoundingClientRect().toJSON() as DOMRect));
  const code = await block.locator(".ax-body").boundingBox();
  if (!code) throw new Error("the block has no box");
  expect(notes).toHaveLength(notesOf("hash"));
  let end = 0;
  for (const { left, right, top, bottom } of notes) {
    expect(left).toBeGreaterThan(code.x + code.width);
    expect(right).toBeLessThanOrEqual(1440);
    expect(top).toBeGreaterThanOrEqual(end);
    end = bottom;
  }
  const line = await block
    .locator(".ax-l", { has: page.locator(".ax-mark") })
    .first()
    .boundingBox();
  expect(Math.abs((notes[0]?.top ?? 0) - (line?.y ?? 0))).toBeLessThan(8);
});

test("on a phone a menu stays on the screen", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openListings(page);
  await untilAlive(page);
  const block = page.locator(".ax").first();
  for (const name of ["Link", "Download"]) {
    await block.locator("summary", { hasText: name }).click();
    const card = await block.locator(".ax-menu[open] .ax-card").boundingBox();
    expect(card?.x, name).toBeGreaterThanOrEqual(0);
    expect((card?.x ?? 0) + (card?.width ?? 999), name).toBeLessThanOrEqual(390);
  }
});

test("on paper all notes are there, below their code", async ({ page }) => {
  await openListings(page);
  await untilAlive(page);
  await page.emulateMedia({ media: "print" });
  const block = page.locator(".ax").first();
  for (const note of await block.locator(".ax-note").all()) await expect(note).toBeVisible();
  const [code, list] = [
    await block.locator(".ax-code").boundingBox(),
    await block.locator(".ax-notes").boundingBox(),
  ];
  expect(list?.y).toBeGreaterThanOrEqual((code?.y ?? 0) + (code?.height ?? 0) - 1);
  expect(list?.height).toBeGreaterThan(60);
  await expect(block.getByRole("button", { name: "Copy" })).toBeHidden();
  expect((await page.pdf()).length).toBeGreaterThan(10_000);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("code, notes and downloads are there; marks and notes lead to each other", async ({
    page,
  }) => {
    await openListings(page);
    const block = page.locator(".ax").first();
    await expect(block.locator(".ax-note")).toHaveCount(notesOf("hash"));
    for (const note of await block.locator(".ax-note").all()) await expect(note).toBeVisible();
    await block.locator(".ax-mark").nth(1).click();
    await expect(page).toHaveURL(/#hash\.c\.hash\.n\w+$/);
    await expect(block.locator(".ax-note").nth(1)).toBeInViewport();
    await block.locator(".ax-note").nth(1).locator(".ax-back").click();
    await expect(page).toHaveURL(/#hash\.c\.hash\.n\w+-mark$/);
    await expect(block.locator('[data-do="copy"]')).toBeHidden();
    await block.locator("summary", { hasText: "Download" }).click();
    await expect(block.getByRole("link", { name: /Whole file/ })).toBeVisible();
    await expect(page.locator(".ax-side .ax-code")).toHaveCount(2);
    for (const side of await page.locator(".ax-side").all()) await expect(side).toBeVisible();
  });
});

test("a pair lights corresponding lines together, and is tabs on a phone, with the choice kept", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await openListings(page, { listings: [], margin: "17rem" });
  await untilAlive(page);
  const [left, right] = [page.locator(".ax-side").first(), page.locator(".ax-side").last()];
  await expect(left).toBeVisible();
  await expect(right).toBeVisible();
  await right.locator(".ax-l", { hasText: "hash(buffer)" }).hover();
  await expect(left.locator(".ax-twin")).toContainText("static unsigned hash(");
  await page.setViewportSize({ width: 390, height: 900 });
  await expect(left).toBeVisible();
  await expect(right).toBeHidden();
  await page.getByRole("tab", { name: "C", exact: true }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "TypeScript" })).toBeFocused();
  await expect(right).toBeVisible();
  await expect(left).toBeHidden();
  await page.reload();
  await untilAlive(page);
  await expect(right).toBeVisible();
});

test("side by side, the code of a pair begins at one height", async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 900 });
  await openListings(page);
  await untilAlive(page);
  const bodies = page.locator(".ax-side .ax-body");
  const tops = await bodies.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().y));
  expect(tops).toHaveLength(2);
  expect(tops[0]).toBe(tops[1]);
});

test("on paper no room is left for notes that stood in the margin", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await openListings(page, { listings: [{ region: "hash" }, {}], margin: "6rem" });
  await untilAlive(page);
  const margin = (): Promise<string> =>
    page
      .locator(".ax")
      .first()
      .evaluate((figure) => getComputedStyle(figure).marginBottom);
  expect(await margin()).not.toBe("0px");
  await page.emulateMedia({ media: "print" });
  expect(await margin()).toBe("0px");
});

test("forty listings come to life and shift nothing", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  const listings = Array.from({ length: 40 }, (_, index) => ({
    id: `listing-${index}`,
    region: index % 2 === 0 ? "hash" : "use",
  }));
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await openListings(page, { listings, margin: "17rem" });
  await untilAlive(page);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  await expect(page.locator(".ax.ax-placed")).toHaveCount(42);
  const shift = await page.evaluate(() =>
    (window as unknown as { shifts: number[] }).shifts.reduce((sum, one) => sum + one, 0),
  );
  expect(shift).toBeLessThan(0.001);
});
