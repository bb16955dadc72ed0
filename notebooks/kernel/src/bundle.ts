/** How a value shows itself: a bundle of MIME types, by Deno's convention, `Symbol.for("Jupyter.display")`. */
import { inspect } from "node:util";

export type Bundle = Readonly<Record<string, unknown>>;

const DISPLAY = Symbol.for("Jupyter.display");

/**
 * The bundle of a value: what its display method answers, else its text as the console would print it.
 * Throws where the method answers something that is no bundle.
 */
export async function bundleOf(value: unknown): Promise<Bundle> {
  const method =
    (typeof value === "object" || typeof value === "function") && value !== null
      ? (value as Record<symbol, unknown>)[DISPLAY]
      : undefined;
  if (typeof method !== "function") return { "text/plain": textOf(value) };
  const answer: unknown = await (method as () => unknown).call(value);
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) {
    throw new TypeError(
      `A value's [Symbol.for("Jupyter.display")]() must answer an object of MIME types, such as { "text/plain": "…" }; it answered ${inspect(answer)}.`,
    );
  }
  for (const mime of Object.keys(answer)) {
    if (!mime.includes("/")) {
      throw new TypeError(
        `A value's [Symbol.for("Jupyter.display")]() answered with the key "${mime}", which is no MIME type. Use one such as "text/plain".`,
      );
    }
  }
  return "text/plain" in answer ? answer : { ...answer, "text/plain": textOf(value, "own") };
}

/** Text of a value as `console.log` prints it: a string as it is. */
function textOf(value: unknown, from: "inspect" | "own" = "inspect"): string {
  if (typeof value === "string") return value;
  if (from === "own" && hasOwnText(value)) return String(value);
  return inspect(value, { compact: 3, breakLength: 80 });
}

function hasOwnText(value: unknown): value is { toString(): string } {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { toString: unknown }).toString !== Object.prototype.toString
  );
}
