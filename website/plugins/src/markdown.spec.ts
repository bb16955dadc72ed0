import { expect, test } from "vitest";
import { renderMarkdown } from "./markdown.js";
import type { RenderedMarkdown } from "./markdown.js";
import { highlight } from "./highlight.js";

const render = (source: string): Promise<RenderedMarkdown> =>
  renderMarkdown(source, {
    highlight,
    resolveLink: (href) => ({ href }),
    picture: () => null,
    takenIds: new Set(),
  });

const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&#x3C;|&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&#x26;|&amp;/g, "&");

test.each([
  ["braces and expressions", "Take {x} and ${y} and `\\d+`.", "Take {x} and ${y} and \\d+."],
  ["a backslash that escapes nothing", "C:\\new\\table", "C:\\new\\table"],
  [
    "a line that begins like a module",
    "import this, or\nexport that",
    "import this, or\nexport that",
  ],
  ["what looks like a tag", "an Array<T> of <things>", "an Array<T> of <things>"],
  ["backticks in code", "`` `tick` ``", "`tick`"],
])("%s stay as they were written", async (_name, source, text) => {
  expect(textOf((await render(source)).html)).toBe(text);
});

test("an HTML comment is not shown, and a script is left out", async () => {
  const { html } = await render("a\n\n<!-- note -->\n\n<script>alert(1)</script>\n\nb");
  expect(html).toBe("<p>a</p>\n\n\n<p>b</p>");
});

test("an indented block keeps its text to the letter", async () => {
  const { html } = await render("    a {b} <c>\n      d");
  expect(textOf(html)).toBe("a {b} <c>\n  d");
});

test("headings go to the table of contents; two of one text get two ids", async () => {
  const { titleHtml, toc, anchors } = await render(
    "# The `heap`\n\n## Same\n\n## Same\n\n### Below",
  );
  expect(titleHtml).toBe("The <code>heap</code>");
  expect(toc).toEqual([
    { value: "Same", id: "same", level: 2 },
    { value: "Same", id: "same-1", level: 2 },
    { value: "Below", id: "below", level: 3 },
  ]);
  expect(anchors).toEqual(["same", "same-1", "below"]);
});

test("code is highlighted, and its text is the source", async () => {
  const source = 'if (a < b) puts("\\n"); // <x>';
  const { html } = await render(`\`\`\`c\n${source}\n\`\`\``);
  expect(html).toContain('<span class="k">if</span>');
  expect(textOf(html)).toBe(source);
});

test("a table's empty head is no head", async () => {
  const { html } = await render("| | |\n| --- | --- |\n| a | b |");
  expect(html).not.toContain("<th>");
});
