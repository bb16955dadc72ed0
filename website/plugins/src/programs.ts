/** For each cell that answers something, the smallest whole program that gives the same answer. */
import { isErasable, wholeProgram } from "annotated-excerpt/program";
import type { Downloads } from "./downloads.js";
import type { Download } from "./model.js";
import type { Notebook, NotebookCell } from "./notebook.js";

/** The simulator in one piece. */
export interface SimulatorCode {
  readonly version: string;
  readonly code: string;
}

/** What only the project has: a cell that needs one of these has no program of its own. */
const modules = { course: null, "annotated-excerpt": null } as const;

/** A program has the simulator alone: what was compared with the real system is printed. */
const standIns = { compare: { argument: 1 }, show: { prints: 0 } } as const;

const utf8 = new TextEncoder();

/** Whether the cell answers in words or pictures, as planned. */
function answers(cell: NotebookCell): boolean {
  const excluded = ["raises-exception", "remove-cell", "solution"];
  return (
    cell.type === "code" &&
    cell.outputs.length > 0 &&
    cell.outputs.every((output) => output.type !== "error") &&
    !cell.tags.some((tag) => excluded.includes(tag))
  );
}

/** Whether cells or what they import are of the project alone: then a program cannot be made of them. */
function isOfTheProject(error: unknown): boolean {
  return error instanceof Error && / needs "/.test(error.message);
}

interface Form {
  readonly form: "typescript" | "javascript";
  readonly ending: string;
  readonly label: string;
  readonly needs: string;
}

/** A program as the page shows its cells, and one for a Node that knows no types. */
const forms: readonly Form[] = [
  {
    form: "typescript",
    ending: "mts",
    label: "Program of this cell and of all it needs",
    needs: "Node 22.18 or newer",
  },
  {
    form: "javascript",
    ending: "mjs",
    label: "The same without types",
    needs: "Node 20 or newer",
  },
];

/** Offers the programs of a notebook, with types and without; by the cell's id. */
export function offerPrograms(
  notebook: Notebook,
  simulator: SimulatorCode,
  downloads: Downloads,
): ReadonlyMap<string, readonly Download[]> {
  const offered = new Map<string, Download[]>();
  const cells = notebook.cells.filter((cell) => cell.type === "code");
  const offer = (cell: string, { form, ending, label, needs }: Form): Download[] => {
    const name = `${notebook.name}.${cell}.${ending}`;
    const { text, command } = wholeProgram({
      cells,
      cell,
      name,
      command: (file) => `node ${file}`,
      remark: `Needs ${needs}, and nothing else.`,
      modules,
      standIns,
      packed: { "kernel-sim": simulator },
      form,
    });
    if (!text.includes("await kernelSim()")) return [];
    if (form === "typescript" && !isErasable(text)) return [];
    const file = downloads.offer({
      path: `programs/${name}`,
      name,
      kind: "program",
      language: form,
      label: `${label} (${needs})`,
      bytes: utf8.encode(text),
      command,
    });
    return [file];
  };
  for (const cell of cells.filter(answers)) {
    try {
      const programs = forms.flatMap((form) => offer(cell.id, form));
      if (programs.length > 0) offered.set(cell.id, programs);
    } catch (error) {
      if (!isOfTheProject(error)) throw error;
    }
  }
  return offered;
}
