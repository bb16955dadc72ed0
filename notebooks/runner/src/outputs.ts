/** Folds the messages of a kernel into the outputs of a cell, as nbformat keeps them. Pure. */
import { lines, type Output } from "./notebook.js";

/** The part of a message that matters for outputs. */
export interface OutputMessage {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export class OutputFold {
  readonly #outputs: (
    Output | { output_type: "stream"; name: "stdout" | "stderr"; parts: string[] }
  )[] = [];
  readonly #displays = new Map<
    string,
    { data: Record<string, unknown>; metadata: Record<string, unknown> }
  >();
  #length = 0;
  #clearNext = false;

  /** Characters taken so far, of all outputs. */
  get length(): number {
    return this.#length;
  }

  /** Takes one message; answers whether it was an output. */
  take(message: OutputMessage): boolean {
    const { type, content } = message;
    switch (type) {
      case "stream":
        this.#clearIfAsked();
        this.#stream(content["name"] === "stderr" ? "stderr" : "stdout", text(content["text"]));
        return true;
      case "display_data":
      case "execute_result":
        this.#clearIfAsked();
        this.#data(type, content);
        return true;
      case "update_display_data":
        this.#update(content);
        return true;
      case "error":
        this.#clearIfAsked();
        this.#error(content);
        return true;
      case "clear_output":
        if (content["wait"] === true) this.#clearNext = true;
        else this.#outputs.length = 0;
        return true;
      default:
        return false;
    }
  }

  /** The outputs so far, with what `clean` makes of each text in them. */
  outputs(clean: (text: string) => string): Output[] {
    return this.#outputs.map((output): Output => {
      if ("parts" in output) {
        return {
          output_type: "stream",
          name: output.name,
          text: lines(clean(output.parts.join(""))),
        };
      }
      if (output.output_type === "error") {
        return {
          output_type: "error",
          ename: output.ename,
          evalue: clean(output.evalue),
          traceback: output.traceback.map(clean),
        };
      }
      if (output.output_type === "stream") return output;
      return { ...output, data: cleanBundle(output.data, clean) };
    });
  }

  #stream(name: "stdout" | "stderr", more: string): void {
    this.#length += more.length;
    const last = this.#outputs.at(-1);
    if (last !== undefined && "parts" in last && last.name === name) last.parts.push(more);
    else this.#outputs.push({ output_type: "stream", name, parts: [more] });
  }

  #data(type: "display_data" | "execute_result", content: Readonly<Record<string, unknown>>): void {
    const data = record(content["data"]);
    const metadata = record(content["metadata"]);
    this.#length += JSON.stringify(data).length;
    const id = record(content["transient"])["display_id"];
    const output =
      type === "execute_result"
        ? { output_type: type, execution_count: Number(content["execution_count"]), data, metadata }
        : { output_type: type, data, metadata };
    this.#outputs.push(output);
    if (typeof id === "string") this.#displays.set(id, output);
  }

  #update(content: Readonly<Record<string, unknown>>): void {
    const id = record(content["transient"])["display_id"];
    const shown = typeof id === "string" ? this.#displays.get(id) : undefined;
    if (shown === undefined) return;
    shown.data = record(content["data"]);
    shown.metadata = record(content["metadata"]);
  }

  #error(content: Readonly<Record<string, unknown>>): void {
    const traceback = Array.isArray(content["traceback"]) ? content["traceback"].map(text) : [];
    this.#length += traceback.join("").length;
    this.#outputs.push({
      output_type: "error",
      ename: text(content["ename"]),
      evalue: text(content["evalue"]),
      traceback,
    });
  }

  #clearIfAsked(): void {
    if (this.#clearNext) this.#outputs.length = 0;
    this.#clearNext = false;
  }
}

/** Text in a bundle as lines, JSON as it is, both cleaned. */
function cleanBundle(
  data: Readonly<Record<string, unknown>>,
  clean: (text: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([mime, value]) => [
      mime,
      typeof value === "string" && !isJson(mime) ? lines(clean(value)) : cleanDeep(value, clean),
    ]),
  );
}

function isJson(mime: string): boolean {
  return mime === "application/json" || mime.endsWith("+json");
}

function cleanDeep(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleanDeep(item, clean));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, cleanDeep(item, clean)]),
    );
  }
  return value;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}
