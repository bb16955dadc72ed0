import { expect, test } from "vitest";
import { chapterNumber, chapterPage, documentPage } from "./chapter.js";
import type { ChapterContext } from "./chapter.js";
import { highlight } from "./highlight.js";
import type { Notebook, NotebookCell } from "./notebook.js";

const context = {
  highlight,
  simulator: "kernel-sim 0",
  resolveLink: (href: string) => ({ href }),
  picture: () => null,
  programs: new Map(),
  addFile: () => {},
} as unknown as ChapterContext;

const notebook = (...sources: string[]): Notebook => ({
  name: "08-x",
  cells: sources.map((source, index): NotebookCell => ({
    id: `c${index}`,
    type: "markdown",
    source,
    tags: [],
    outputs: [],
  })),
});

test("a chapter's title is the first heading of its first cell, its number that of its file", async () => {
  const page = await chapterPage(notebook("# A `title`\n\nThe lead.", "## Part"), context);
  expect(page.title).toBe("A title");
  expect(page.description).toBe("The lead.");
  expect(page.data).toMatchObject({ eyebrow: "Chapter 8", titleHtml: "A <code>title</code>" });
  expect(page.data.toc).toEqual([{ value: "Part", id: "part", level: 2 }]);
  expect(chapterNumber("specimen")).toBeNull();
});

test("a chapter without a title is named with its file, its cell and what to do", async () => {
  await expect(chapterPage(notebook("No title.", "# Too late"), context)).rejects.toThrow(
    "08-x.ipynb, cell 1 (c0): the chapter has no title.\n  try: begin the first cell with `# Title`",
  );
});

test("a hand-written page without a title is named with its file", async () => {
  await expect(documentPage("docs/x.md", "text", context)).rejects.toThrow(
    "docs/x.md: the page has no title.",
  );
});

test("a line of a cell that is wider than the page shows is named with its notebook, cell and line", async () => {
  const wide: NotebookCell = {
    ...notebook("").cells[0]!,
    id: "c1",
    type: "code",
    source: `const a = 1;\nconst b = "${"x".repeat(80)}";`,
  };
  const cells = [...notebook("# Title").cells, wide];
  await expect(chapterPage({ name: "08-x", cells }, context)).rejects.toThrow(
    "08-x.ipynb, cell 2 (c1):2: the line is 93 columns wide, an excerpt's may have 88",
  );
});

test("links know the line that they stand in", async () => {
  const page = await chapterPage(notebook("# Title\n\n[a](#title)", "x\n[b](/c#d)"), context);
  expect(page.links).toEqual([
    { href: "#title", where: "08-x.ipynb, cell 1 (c0)", line: 3 },
    { href: "/c#d", where: "08-x.ipynb, cell 2 (c1)", line: 2 },
  ]);
});
