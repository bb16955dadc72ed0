/**
 * A notebook's cells as one TypeScript module, for a strict check: imports first, then each cell in a block
 * inside the block of the cell before, so that a later cell may declare a name again, as it may in Jupyter.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { sourceOf, type Notebook } from "@memory-course/runner";
import { project } from "./notebooks.testing.js";

export interface Module {
  readonly text: string;
  /** For each line of `text`, from 0: the cell it came from and its line there, both from 1. */
  readonly origins: readonly ({ cell: number; line: number } | undefined)[];
}

/** The module of a notebook's code cells. */
export function moduleOf(notebook: Notebook): Module {
  const lines: string[] = ["export {};"];
  const origins: ({ cell: number; line: number } | undefined)[] = [undefined];
  const body: { text: string; cell: number; line: number }[] = [];
  const imported = new Set<string>();
  let depth = 0;
  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code") continue;
    const source = sourceOf(cell);
    const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
    const blank = new Set<number>();
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const first = file.getLineAndCharacterOfPosition(statement.getStart()).line;
      const last = file.getLineAndCharacterOfPosition(statement.getEnd()).line;
      for (let line = first; line <= last; line++) blank.add(line);
      for (const text of importsOf(statement)) {
        if (imported.has(text)) continue;
        imported.add(text);
        lines.push(text);
        origins.push({ cell: index + 1, line: first + 1 });
      }
    }
    depth++;
    for (const [line, text] of source.split("\n").entries()) {
      const shown = blank.has(line) ? "" : text;
      body.push({ text: line === 0 ? `{ ${shown}` : shown, cell: index + 1, line: line + 1 });
    }
  }
  for (const { text, cell, line } of body) {
    lines.push(text);
    origins.push({ cell, line });
  }
  lines.push("}".repeat(depth));
  origins.push(undefined);
  return { text: lines.join("\n"), origins };
}

/** An import as statements of one name each, so that cells that import the same name agree. */
function importsOf(statement: ts.ImportDeclaration): string[] {
  const from = statement.moduleSpecifier.getText();
  const clause = statement.importClause;
  if (clause === undefined) return [`import ${from};`];
  const texts: string[] = [];
  if (clause.name !== undefined) texts.push(`import ${clause.name.text} from ${from};`);
  const named = clause.namedBindings;
  if (named !== undefined && ts.isNamespaceImport(named)) {
    texts.push(`import ${named.getText()} from ${from};`);
  } else if (named !== undefined) {
    for (const one of named.elements) texts.push(`import { ${one.getText()} } from ${from};`);
  }
  return texts;
}

/** What a strict compiler says of these notebooks, each line with file, cell and line; empty where all is well. */
export function strictProblems(notebooks: ReadonlyMap<string, Notebook>): string[] {
  const modules = new Map<string, Module>();
  for (const [file, notebook] of notebooks) {
    modules.set(join(project, "notebooks", `${file}.cells.ts`), moduleOf(notebook));
  }
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ["node"],
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  host.readFile = (name) => modules.get(name)?.text ?? readFile(name);
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, language, ...rest) => {
    const module = modules.get(name);
    return module === undefined
      ? getSourceFile(name, language, ...rest)
      : ts.createSourceFile(name, module.text, language, true);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).flatMap((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n  ");
    const file = diagnostic.file?.fileName ?? "";
    const module = modules.get(file);
    if (module === undefined) return [text];
    const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
    const origin = module.origins[at];
    const name = file.slice(project.length + 1).replace(/\.cells\.ts$/, "");
    return [`${name}, cell ${origin?.cell}, line ${origin?.line}: ${text}`];
  });
}

export function readNotebook(file: string): Notebook {
  return JSON.parse(readFileSync(join(project, "notebooks", file), "utf8")) as Notebook;
}
