const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  // A parser of HTML reads a bare carriage return as a line feed.
  "\r": "&#13;",
};

/** `text` as HTML that shows exactly it, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}
