import { expect, test } from "vitest";
import { readNotebook } from "./notebook.js";

const notebook = (cells: unknown[]): string =>
  JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });

test("texts are joined, whether they are one string or lines", () => {
  const text = notebook([
    { cell_type: "markdown", id: "a", metadata: {}, source: ["# T\n", "x"] },
    {
      cell_type: "code",
      id: "b",
      metadata: { tags: ["t"] },
      source: "1",
      outputs: [{ output_type: "stream", name: "stdout", text: ["1\n", "2\n"] }],
    },
  ]);
  const { cells } = readNotebook("n", text);
  expect(cells[0]).toMatchObject({ source: "# T\nx", tags: [], outputs: [] });
  expect(cells[1]).toMatchObject({
    tags: ["t"],
    outputs: [{ type: "stream", name: "stdout", text: "1\n2\n" }],
  });
});

test.each([
  ["{", /^n: the file is not JSON/],
  ["{}", /^n: the file is no notebook: it has no cells/],
  [notebook([{ cell_type: "code", source: "" }]), /^n, cell 1: the cell has no id\.\n {2}try: /],
  [notebook([{ cell_type: "poem", id: "a" }]), /^n, cell 1: the cell has the type "poem"/],
  [
    notebook([
      { cell_type: "raw", id: "a", source: "" },
      { cell_type: "raw", id: "a", source: "" },
    ]),
    /^n: two cells have the id "a"/,
  ],
])("a file that is no notebook of ours is named with its place: %s", (text, message) => {
  expect(() => readNotebook("n", text)).toThrow(message);
});
