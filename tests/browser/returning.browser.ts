/** Back and forward between pages, whose text is fetched. */
import { expect, test } from "@playwright/test";
import { chapters, openPage } from "./site.js";

test("a page that is returned to stands where it was left, and its excerpts work", async ({
  page,
}) => {
  test.skip(chapters.length < 2, "fewer than two chapters were executed");
  const { path } = chapters.at(-1) ?? { path: "/" };
  await openPage(page, path);
  const place = (): Promise<number> => page.evaluate(() => Math.round(scrollY));
  const excerpt = page.locator(".ax").nth(3);
  await excerpt.evaluate((element) => element.scrollIntoView({ behavior: "instant" }));
  const before = await excerpt.boundingBox();
  await page.locator(".pagination-nav__link").first().dispatchEvent("click");
  await expect(page).not.toHaveURL(path);
  await expect(page.locator(".page-body > *").first()).toBeAttached();
  await expect.poll(place).toBe(0);
  await page.goBack();
  await expect(page.locator(".page-body > *").first()).toBeAttached();
  await expect.poll(() => excerpt.boundingBox()).toEqual(before);
  await page.goForward();
  await expect.poll(place).toBe(0);
  const whole = page.getByRole("button", { name: "Whole file" }).first();
  await whole.click();
  await expect(whole).toHaveAttribute("aria-pressed", "true");
});
