/** For each cell that answers something, the smallest whole program that gives the same answer. */
import { wholeProgram } from "annotated-excerpt/program";
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

/** Offers the programs of a notebook; by the cell's id. */
export function offerPrograms(
  notebook: Notebook,
  simulator: SimulatorCode,
  downloads: Downloads,
): ReadonlyMap<string, Download> {
  const offered = new Map<string, Download>();
  const cells = notebook.cells.filter((cell) => cell.type === "code");
  for (const cell of cells.filter(answers)) {
    const name = `${notebook.name}.${cell.id}.mjs`;
    try {
      const program = wholeProgram({
        cells,
        cell: cell.id,
        name,
        command: (file) => `node ${file}`,
        modules,
        standIns,
        packed: { "kernel-sim": simulator },
        form: "javascript",
      });
      if (!program.text.includes("await kernelSim()")) continue;
      const bytes = utf8.encode(program.text);
      const { command } = program;
      const label = "Program of this cell and of all it needs";
      const file = { path: `programs/${name}`, name, kind: "program", language: "javascript" };
      offered.set(cell.id, downloads.offer({ ...file, label, bytes, command }));
    } catch (error) {
      if (!isOfTheProject(error)) throw error;
    }
  }
  return offered;
}
