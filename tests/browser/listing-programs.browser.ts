/** The program of a cell, saved through the page and run in an empty folder, prints what the page shows. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { chapters, joinText } from "./site.js";
import type { Output } from "./site.js";

const run = promisify(execFile);
const comparisonType = "application/vnd.memory-course.comparison+json";

/** What the cell printed in the notebook, in the order in which it did; of a comparison the simulated side. */
function printedBy(outputs: readonly Output[]): string {
  return outputs
    .map((output) => {
      if (output.output_type === "stream") return joinText(output.text);
      const comparison = output.data?.[comparisonType] as
        { simulated: { text: string } } | undefined;
      return `${comparison?.simulated.text ?? joinText(output.data?.["text/plain"])}\n`;
    })
    .join("");
}

/** Saves the program of the cell as a reader does, and returns its file. */
async function save(page: Page, link: string, folder: string): Promise<string> {
  const element = page.locator(`a[download][href="${link}"]`);
  await element.evaluate((one) => one.closest("details")?.setAttribute("open", ""));
  const [download] = await Promise.all([page.waitForEvent("download"), element.click()]);
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

for (const chapter of chapters) {
  test(`${chapter.name}: programs of cells print what the page shows`, async ({ page }) => {
    test.setTimeout(240_000);
    await page.goto(chapter.path, { waitUntil: "networkidle" });
    const links = await page
      .locator('a[download][href*="/downloads/programs/"]')
      .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
    expect(links.length, "programs on the page").toBeGreaterThan(0);
    for (const link of links) {
      const folder = mkdtempSync(join(tmpdir(), "memory-course-program-"));
      try {
        const file = await save(page, link, folder);
        const first = readFileSync(file, "utf8").split("\n")[0] ?? "";
        const env = { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };
        const { stdout } = await run("sh", ["-c", first.replace("// ", "")], { cwd: folder, env });
        const id = /\.([^./]+)\.mjs$/.exec(link)?.[1];
        const cell = chapter.cells.find((one) => one.id === id);
        const expected = printedBy(cell?.outputs ?? []);
        // Cells that it needs may print before it; what it shows itself stands at the end.
        expect(stdout.trimEnd().slice(-expected.trimEnd().length), link).toBe(expected.trimEnd());
        expect(readdirSync(folder), "files beside the program").toHaveLength(1);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  });
}
