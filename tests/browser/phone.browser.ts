/** A phone: code far from its screen is laid out when it comes near, and nothing may be seen of that. */
import { expect, test } from "@playwright/test";
import { openListings, untilAlive } from "./listing-page.js";
import { chapters } from "./site.js";

test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

for (const { path } of chapters) {
  test(`${path}: keeps its height, and nothing shifts, while a reader scrolls through it`, async ({
    page,
  }) => {
    await page.addInitScript(() => {
      const seen = window as unknown as { shifts: number };
      seen.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          seen.shifts += (entry as PerformanceEntry & { value: number }).value;
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(path, { waitUntil: "networkidle" });
    const left = await page.evaluate(
      () => getComputedStyle(document.querySelector(".ax-code") ?? document.body).contentVisibility,
    );
    expect(left).toBe("auto");
    const height = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollHeight);
    const before = await height();
    await page.evaluate(async () => {
      const frame = (): Promise<number> => new Promise(requestAnimationFrame);
      const root = document.documentElement;
      for (let top = 0; top < root.scrollHeight; top += 600) {
        scrollTo({ top, behavior: "instant" });
        await frame();
        await frame();
      }
    });
    expect(await height()).toBe(before);
    expect(await page.evaluate(() => (window as unknown as { shifts: number }).shifts)).toBe(0);
  });
}

test("a link to a far line leads to it, and a note of far code opens below its line", async ({
  page,
}) => {
  const listings = Array.from({ length: 40 }, (_, index) => ({
    id: `listing-${index}`,
    region: "hash",
  }));
  await openListings(page, { listings });
  await untilAlive(page);
  const far = page.locator("#listing-30");
  const line = far.locator(".ax-l").nth(4);
  await page.goto(`/harness/#${await line.getAttribute("id")}`);
  await page.reload();
  await untilAlive(page);
  await expect(line).toBeInViewport();
  const mark = far.locator(".ax-mark").first();
  await mark.tap();
  const note = far.locator(".ax-note.ax-open");
  await expect(note).toContainText("FNV-1a");
  const [below, above] = await Promise.all([
    note.boundingBox(),
    far
      .locator(".ax-l", { has: page.locator(".ax-mark") })
      .first()
      .boundingBox(),
  ]);
  const fromLine = (below?.y ?? 0) - (above?.y ?? 0) - (above?.height ?? 0);
  expect(fromLine).toBeGreaterThanOrEqual(0);
  expect(fromLine).toBeLessThan(above?.height ?? 0);
});
