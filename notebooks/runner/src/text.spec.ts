import { expect, test } from "vitest";
import type { Notebook } from "./notebook.js";
import { notebookAsText, outputAsText, pictureWords } from "./text.js";

const svg = "<svg role='img'><title>A &lt;map&gt;</title><desc>Two\n  pages</desc><g/></svg>";

test("the words of a picture are its title and its description", () => {
  expect(pictureWords(svg)).toEqual(["A <map>", "Two pages"]);
  expect(pictureWords("<svg/>")).toEqual([]);
});

test("a picture adds the words that its text does not hold", () => {
  const data = { "text/plain": ["A <map>\n", "1 2"], "image/svg+xml": svg };
  expect(outputAsText({ output_type: "display_data", data, metadata: {} })).toBe(
    "A <map>\n1 2\n  (picture) Two pages\n",
  );
});

test("a picture whose words are its text, laid out otherwise, adds nothing", () => {
  const data = { "text/plain": ["A <map>\n", "  Two   pages"], "image/svg+xml": svg };
  expect(outputAsText({ output_type: "display_data", data, metadata: {} })).toBe(
    "A <map>\n  Two   pages",
  );
});

test("a notebook's text has its headings and, by cell, its outputs", () => {
  const notebook = {
    cells: [
      { cell_type: "markdown", id: "m", metadata: {}, source: ["Before\n", "## Faults\n", "text"] },
      { cell_type: "code", id: "quiet", source: "1", outputs: [], metadata: {} },
      {
        cell_type: "code",
        id: "loud",
        source: "2",
        metadata: {},
        outputs: [
          { output_type: "stream", name: "stdout", text: ["out\n"] },
          {
            output_type: "error",
            ename: "E",
            evalue: "v",
            traceback: ["E: v", "    at In[1]:1:1"],
          },
        ],
      },
    ],
  } as unknown as Notebook;
  expect(notebookAsText(notebook)).toBe(
    "# Faults\n\n[cell 3, loud]\nout\nE: v\n    at In[1]:1:1\n",
  );
});
