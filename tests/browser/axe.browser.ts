/** axe finds no violation, in both themes, at the widths of a phone, a tablet and a desk. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { chapters, openPage, samplePaths } from "./site.js";

/** The rules that depend on the theme. What the others find in one theme they find in both. */
const themeRules = ["color-contrast", "link-in-text-block"];

/** Thousands of coloured words and squares, of the same few kinds on every page: looked at on the sample pages. */
const repeated = [".ax-code code > *", ".figure-picture svg > *"];

interface Look {
  readonly rules: "all" | "of the theme";
  readonly parts: "all" | "without repeated ones";
}

async function violations(page: Page, { rules, parts }: Look): Promise<string[]> {
  const builder = new AxeBuilder({ page }).options({ resultTypes: ["violations"], preload: false });
  if (parts !== "all") for (const selector of repeated) builder.exclude(selector);
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
    test.setTimeout(300_000);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await openPage(page, path);
    const isSample = samplePaths.includes(path);
    const widths = isSample ? [390, 900, 1440] : [1440];
    const parts = isSample ? "all" : "without repeated ones";
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      expect(await violations(page, { rules: "all", parts }), `light, ${width} px`).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      expect(await violations(page, { rules: "of the theme", parts }), `dark, ${width} px`).toEqual(
        [],
      );
    }
  });
}
