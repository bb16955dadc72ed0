/**
 * Breaks the lines of code cells that are wider than a page shows: `node scripts/format-cells.mjs` (`npm run format`
 * calls it). Lines that fit stay as their author wrote them. A line that cannot be broken, a comment or a long string,
 * is named, and the exit code is 1.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./run-tool.mjs";
import { runCommand, StepFailure } from "./steps.mjs";
import { breakWideLines, widest } from "./wide-lines.mjs";

const wideLines = (source) =>
  source.split("\n").flatMap((line, index) => (line.length > widest ? [index + 1] : []));

/** Formats the cells of the notebook in `path`; answers the lines that are still too wide. */
async function formatNotebook(path, name) {
  const text = await readFile(path, "utf8");
  const notebook = JSON.parse(text);
  const left = [];
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    const source = [cell.source].flat().join("");
    if (wideLines(source).length === 0) continue;
    const broken = breakWideLines(source);
    cell.source = Array.isArray(cell.source) ? broken.split(/(?<=\n)/) : broken;
    left.push(...wideLines(broken).map((line) => `${name}, cell ${cell.id}, line ${line}`));
  }
  const formatted = `${JSON.stringify(notebook, null, 1)}\n`;
  if (formatted !== text) await writeFile(path, formatted);
  return left;
}

await runCommand(async () => {
  const folder = join(root, "notebooks");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ipynb")).sort();
  const left = [];
  for (const name of names) left.push(...(await formatNotebook(join(folder, name), name)));
  if (left.length === 0) return 0;
  throw new StepFailure(
    `Lines wider than ${widest} columns are left:\n${left.join("\n")}`,
    "break them by hand",
  );
});
