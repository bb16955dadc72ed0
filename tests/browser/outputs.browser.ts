/** The text of every output on a page is the executed notebook's, byte for byte. */
import { expect, test } from "@playwright/test";
import { joinText, notebookPages } from "./site.js";
import type { Output } from "./site.js";

// eslint-disable-next-line no-control-regex -- escapes begin with a control character
const sgr = /\x1b\[[0-9;:]*m/g;

const excerptType = "application/vnd.annotated-excerpt+json";
const answerType = "application/vnd.memory-course.answer+json";
const comparisonType = "application/vnd.memory-course.comparison+json";

/** What stands on the page for an output: names of elements and their text. Null: shown otherwise. */
function expectedTexts(output: Output, name: string): [name: string, text: string][] {
  if (output.output_type === "stream") return [[name, joinText(output.text).replace(sgr, "")]];
  if (output.output_type === "error") {
    return [[name, (output.traceback ?? []).join("\n").replace(sgr, "")]];
  }
  const data = output.data ?? {};
  const comparison = data[comparisonType] as
    { real: { text: string }; simulated: { text: string } } | undefined;
  if (comparison) {
    return [
      [`${name}-real`, comparison.real.text],
      [`${name}-simulated`, comparison.simulated.text],
    ];
  }
  const answer = data[answerType] as { stdout: string } | undefined;
  if (answer) return [[name, answer.stdout]];
  if (data["image/png"] || data["text/html"]) return [];
  if (data["text/plain"]) return [[name, joinText(data["text/plain"]).replace(sgr, "")]];
  return [];
}

for (const page of notebookPages) {
  test(`${page.name}: every output's text is the notebook's`, async ({ page: tab }) => {
    await tab.goto(page.path);
    const shown = await tab
      .locator("[data-output]")
      .evaluateAll((elements) =>
        elements.map((element) => [element.getAttribute("data-output"), element.textContent]),
      );
    const texts = new Map(shown as [string, string][]);
    expect(texts.size, "names of outputs are unique").toBe(shown.length);
    let compared = 0;
    for (const cell of page.cells) {
      const outputs = cell.outputs ?? [];
      if (outputs.some((output) => output.data?.[excerptType])) continue;
      for (const [position, output] of outputs.entries()) {
        for (const [name, text] of expectedTexts(output, `${cell.id}-${position + 1}`)) {
          expect(texts.get(name), `output ${name}`).toBe(text);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(0);
  });
}
