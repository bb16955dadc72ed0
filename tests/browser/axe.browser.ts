/** axe finds no violation, in both themes, at the widths of a phone, a tablet and a desk. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { chapters, openPage, samplePaths } from "./site.js";

/** The rules that depend on the theme. What the others find in one theme they find in both. */
const themeRules = ["color-contrast", "link-in-text-block"];

async function violations(page: Page, rules: "all" | "of the theme"): Promise<string[]> {
  const builder = new AxeBuilder({ page }).options({ resultTypes: ["violations"], preload: false });
  if (rules === "of the theme") builder.withRules(themeRules);
  const { violations: found } = await builder.analyze();
  return found.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 200)}`),
  );
}

const others = chapters
  .map((chapter) => chapter.path)
  .filter((path) => !samplePaths.includes(path));

for (const path of [...samplePaths, ...others]) {
  test(`axe finds nothing in ${path}, in either theme`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await openPage(page, path);
    const widths = samplePaths.includes(path) ? [390, 900, 1440] : [1440];
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      expect(await violations(page, "all"), `light, ${width} px`).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      expect(await violations(page, "of the theme"), `dark, ${width} px`).toEqual([]);
    }
  });
}
