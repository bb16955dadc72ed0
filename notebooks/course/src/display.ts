/** How values of this package show themselves in a notebook. */

/** MIME types and what to show for each; text under each of them, or data for JSON. */
export type MimeBundle = Record<string, unknown>;

export const DISPLAY: unique symbol = Symbol.for("Jupyter.display");

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Shows a value in the midst of a cell, as if it were the cell's last one. Outside a notebook, prints its text. */
export function show(value: unknown): void {
  const kernel = (globalThis as Record<symbol, unknown>)[Symbol.for("memory-course.show")];
  if (typeof kernel === "function") (kernel as (value: unknown) => void)(value);
  else process.stdout.write(`${String(value)}\n`);
}
