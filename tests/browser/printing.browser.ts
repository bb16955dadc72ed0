/** On paper a page holds all that it has to say: the PDF that the browser prints is read, and compared. */
import { expect, test } from "@playwright/test";
import { extractText } from "unpdf";
import { joinText, notebookPages, specimen } from "./site.js";

/** Lines of a PDF break where the paper ends: blanks are not compared. */
const packed = (text: string): string => text.replace(/\s+/g, "");

test("paper is light, whatever theme the reader chose", async ({ page }) => {
  await page.goto(specimen.path, { waitUntil: "networkidle" });
  const colours = (): Promise<string[]> =>
    page.evaluate(() =>
      ["body", ".ax-body", ".ax-t", ".ax-note", ".outputs pre"].flatMap((selector) => {
        const { color, backgroundColor } = getComputedStyle(
          document.querySelector(selector) ?? document.body,
        );
        return [selector, color, backgroundColor];
      }),
    );
  await page.emulateMedia({ media: "print" });
  const light = await colours();
  await page.evaluate(() => (document.documentElement.dataset["theme"] = "dark"));
  expect(await colours()).toEqual(light);
});

for (const notebook of notebookPages) {
  test(`${notebook.name}: printed to PDF it has every note, every line of code and every output`, async ({
    page,
  }) => {
    await page.goto(notebook.path, { waitUntil: "networkidle" });
    await page.locator(".ax.ax-placed").first().waitFor({ state: "attached" });
    const shown = await page.evaluate(() => {
      const texts = (selector: string): string[] =>
        [...document.querySelectorAll(selector)].map((element) => element.textContent);
      return { notes: texts(".ax-note-text"), lines: texts(".ax-code .ax-t") };
    });
    expect(shown.notes.length).toBeGreaterThan(0);
    const pdf = new Uint8Array(await page.pdf({ format: "A4" }));
    const text = packed((await extractText(pdf, { mergePages: true })).text);
    let at = 0;
    for (const note of shown.notes) {
      at = text.indexOf(packed(note), at);
      expect(at, `in its place: ${note}`).toBeGreaterThanOrEqual(0);
    }
    for (const line of shown.lines) expect(text, line).toContain(packed(line));
    for (const cell of notebook.cells) {
      for (const { text: stream } of cell.outputs ?? []) {
        // eslint-disable-next-line no-control-regex -- escapes begin with a control character
        const plain = joinText(stream).replace(/\x1b\[[0-9;:]*m/g, "");
        for (const line of plain.split("\n")) expect(text, cell.id).toContain(packed(line));
      }
    }
  });
}
