/** Without JavaScript a page holds all there is to read and to save. */
import { expect, test } from "@playwright/test";
import { chapters, joinText, notebookPages, specimen } from "./site.js";

test.use({ javaScriptEnabled: false });

for (const notebook of notebookPages) {
  test(`${notebook.name}: text, notes and downloads are there without a script`, async ({
    page,
    request,
  }) => {
    await page.goto(notebook.path);
    const streams = notebook.cells.flatMap((cell) =>
      (cell.outputs ?? []).filter((output) => output.output_type === "stream"),
    );
    const text = await page.locator(".page-body").evaluate((body) => body.textContent);
    for (const stream of streams) {
      // eslint-disable-next-line no-control-regex -- escapes begin with a control character
      const plain = joinText(stream.text).replace(/\x1b\[[0-9;:]*m/g, "");
      expect(text).toContain(plain);
    }
    const blocks = page.locator(".ax-block");
    for (let index = 0; index < (await blocks.count()); index++) {
      const block = blocks.nth(index);
      const marks = await block.locator("a.ax-mark").count();
      await expect(block.locator(".ax-notes > *")).toHaveCount(marks);
    }
    const links = await page
      .locator("a[download]")
      .evaluateAll((elements) => elements.map((element) => element.getAttribute("href") ?? ""));
    expect(links.length).toBeGreaterThan(2);
    for (const href of new Set(links)) {
      expect((await request.head(href)).status(), href).toBe(200);
    }
  });
}

test("a long output is whole on the screen without a script", async ({ page }) => {
  await page.goto(specimen.path);
  const last = page.locator(`[data-output="long-1"]`);
  const { shown, whole } = await last.evaluate((element) => ({
    shown: element.parentElement?.clientHeight ?? 0,
    whole: element.parentElement?.scrollHeight ?? 1,
  }));
  expect(shown).toBe(whole);
  await expect(page.locator("button.fold").first()).not.toBeVisible();
});

test("the first page leads into the course without a script", async ({ page }) => {
  test.skip(chapters.length === 0, "no chapter was executed");
  await page.goto("/");
  await page.getByRole("link", { name: /^Begin/ }).click();
  await expect(page.locator("h1")).toBeVisible();
  await expect(page.locator(".page-body")).not.toBeEmpty();
});
