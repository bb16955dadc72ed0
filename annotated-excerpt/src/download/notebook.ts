/** Notebooks to take home: for reading, or for doing. */

/** What is needed of a notebook's cell (nbformat 4.5). */
export interface NotebookCell {
  cell_type: string;
  source: string | string[];
  metadata?: { tags?: string[] } & Record<string, unknown>;
  outputs?: unknown[];
  execution_count?: number | null;
}

export interface Notebook {
  cells: NotebookCell[];
}

const blank = "// Your turn.\n";

function sourceOf(cell: NotebookCell): string {
  return typeof cell.source === "string" ? cell.source : cell.source.join("");
}

/** The source without what stands between `// #region solution` and its `// #endregion`. */
function withoutSolutions(source: string): string {
  return source.replace(
    /^([ \t]*)\/\/ *#region +solution\b[^\n]*\n[^]*?^[ \t]*\/\/ *#endregion[^\n]*\n?/gm,
    (_, indent: string) => indent + blank,
  );
}

function blankCell(cell: NotebookCell): NotebookCell {
  const tags = cell.metadata?.tags ?? [];
  const isSolution = tags.includes("solution");
  if (cell.cell_type !== "code") {
    return isSolution
      ? { ...cell, source: "*The solution is in the notebook with outputs.*" }
      : cell;
  }
  const source = isSolution ? blank : withoutSolutions(sourceOf(cell));
  return { ...cell, source, outputs: [], execution_count: null };
}

/**
 * The notebook for a reader who does the exercises: cells tagged `solution` and regions named so are blanks, outputs
 * are gone. The notebook given is not changed.
 */
export function withBlanks<N extends Notebook>(notebook: N): N {
  return { ...notebook, cells: notebook.cells.map(blankCell) };
}
