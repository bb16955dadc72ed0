/** What axe finds in a page. Run in the page itself: `@axe-core/playwright` sends the whole of axe for each question. */
import axe from "axe-core";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "@playwright/test";

/** The rules that ask for colours: all that can be another in the dark than in the light. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

const options = {
  all: {},
  "of colour": { runOnly: rulesOfColour },
  "of all else": { rules: Object.fromEntries(rulesOfColour.map((id) => [id, { enabled: false }])) },
} satisfies Record<string, RunOptions>;

type Run = (context: { include: string[] }, options: RunOptions) => Promise<AxeResults>;

/** Each breach of the rules on the page, or in the parts of it that a selector names, with its HTML. */
export async function violations(
  page: Page,
  rules: keyof typeof options = "all",
  part = "html",
): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const wanted: RunOptions = { resultTypes: ["violations"], preload: false, ...options[rules] };
  const found = await page.evaluate(
    ([part, wanted]) =>
      (window as unknown as { axe: { run: Run } }).axe.run({ include: [part] }, wanted),
    [part, wanted] as const,
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
  );
}
