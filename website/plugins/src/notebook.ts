/** An executed notebook as a page reads it: checked, with texts joined. Source: nbformat 4.5, the JSON schema. */
import { PageError } from "./page-error.js";

export type MimeBundle = Readonly<Record<string, unknown>>;

export type NotebookOutput =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | { readonly type: "data"; readonly data: MimeBundle }
  | {
      readonly type: "error";
      readonly name: string;
      readonly message: string;
      readonly traceback: readonly string[];
    };

export interface NotebookCell {
  readonly id: string;
  readonly type: "markdown" | "code" | "raw";
  readonly source: string;
  readonly tags: readonly string[];
  readonly outputs: readonly NotebookOutput[];
}

export interface Notebook {
  readonly name: string;
  readonly cells: readonly NotebookCell[];
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** nbformat keeps a text as one string or as a list of lines. */
export function joinText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(joinText).join("");
  return "";
}

function readOutput(value: unknown, where: string): NotebookOutput {
  if (!isObject(value)) throw new PageError(where, "an output is not an object.");
  switch (value["output_type"]) {
    case "stream":
      return {
        type: "stream",
        name: value["name"] === "stderr" ? "stderr" : "stdout",
        text: joinText(value["text"]),
      };
    case "display_data":
    case "execute_result":
      return { type: "data", data: isObject(value["data"]) ? value["data"] : {} };
    case "error":
      return {
        type: "error",
        name: joinText(value["ename"]),
        message: joinText(value["evalue"]),
        traceback: Array.isArray(value["traceback"]) ? value["traceback"].map(joinText) : [],
      };
    default:
      throw new PageError(where, `an output has the type ${JSON.stringify(value["output_type"])}.`);
  }
}

function readCell(value: unknown, index: number, name: string): NotebookCell {
  const where = `${name}, cell ${index + 1}`;
  if (!isObject(value)) throw new PageError(where, "the cell is not an object.");
  const { cell_type: type, id } = value;
  if (type !== "markdown" && type !== "code" && type !== "raw") {
    throw new PageError(where, `the cell has the type ${JSON.stringify(type)}.`);
  }
  if (typeof id !== "string" || id === "") {
    throw new PageError(where, "the cell has no id.", "save the notebook as nbformat 4.5");
  }
  const metadata = isObject(value["metadata"]) ? value["metadata"] : {};
  const tags = Array.isArray(metadata["tags"]) ? metadata["tags"].map(String) : [];
  const outputs = Array.isArray(value["outputs"]) ? value["outputs"] : [];
  return {
    id,
    type,
    source: joinText(value["source"]),
    tags,
    outputs: outputs.map((output) => readOutput(output, `${where} (${id})`)),
  };
}

/** Reads the text of an executed notebook; throws a {@link PageError} that names the file and the cell. */
export function readNotebook(name: string, text: string): Notebook {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PageError(name, `the file is not JSON (${(error as Error).message}).`);
  }
  if (!isObject(json) || !Array.isArray(json["cells"])) {
    throw new PageError(name, "the file is no notebook: it has no cells.");
  }
  const ids = new Set<string>();
  const cells = json["cells"].map((cell: unknown, index) => readCell(cell, index, name));
  for (const cell of cells) {
    if (ids.has(cell.id)) throw new PageError(name, `two cells have the id "${cell.id}".`);
    ids.add(cell.id);
  }
  return { name, cells };
}
