/** A page that is as heavy as a page gets: forty excerpts of the course's listings. The site's budget is measured on it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSource } from "annotated-excerpt";

export const fortyListings = "forty-listings";

const count = 40;

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly id: string;
  readonly source: string;
  readonly metadata: object;
  readonly outputs: readonly object[];
}

function titleCell(): Cell {
  const source =
    "# Forty listings\n\nThe first forty excerpts of the course, on one page: it is there to be measured.";
  return { cell_type: "markdown", id: "title", metadata: {}, source, outputs: [] };
}

function listingCell(file: string, region: string, index: number): Cell {
  const data = { "application/vnd.annotated-excerpt+json": { file, region } };
  return {
    cell_type: "code",
    id: `listing-${index + 1}`,
    metadata: {},
    source: `listing("${file}#${region}")`,
    outputs: [{ output_type: "execute_result", data }],
  };
}

/** The text of a notebook that shows the first forty regions of the listings in `folder`. */
export function fortyListingsNotebook(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith(".c"));
  const regions = files.sort().flatMap((file) => {
    const source = parseSource({ file, text: readFileSync(join(folder, file), "utf8") });
    return source.regions.map(({ name }) => [file, name] as const);
  });
  const cells = regions
    .slice(0, count)
    .map(([file, name], index) => listingCell(file, name, index));
  return JSON.stringify({ cells: [titleCell(), ...cells] });
}
