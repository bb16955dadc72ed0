/** How a value shows itself to a reader: as text, and as whatever else a notebook can draw. */

/** The name of the method that a notebook asks for a value's forms (Deno's and tslab's convention). */
export const display: unique symbol = Symbol.for("Jupyter.display");

/** Forms of one value by MIME type; `text/plain` is always among them. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** A value with a text, and with a bundle of forms that hold the same facts. */
export interface Displayable {
  toString(): string;
  [display](): MimeBundle;
}
