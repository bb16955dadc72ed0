/** What stands in a program for calls that only the notebook can make. */
import ts from "typescript";
import type { CellFacts } from "./cell-facts.js";

/** By the function's name: the argument that stands for the call, counted from 0, or that is printed in its place. */
export type StandIns = Readonly<Record<string, { argument: number } | { prints: number }>>;

/** Prints a value as the notebook shows it; the program has a function of this name where it is used. */
export const printer = "showValue";

/**
 * For each cell the stand-ins that are meant in it: a name counts from the cell that imports it out of one of
 * `modules`, up to the cell that declares it for something else.
 */
export function standInsOfCells(
  cells: readonly CellFacts[],
  standIns: StandIns,
  modules: ReadonlySet<string>,
): StandIns[] {
  const meant = new Set<string>();
  return cells.map((facts) => {
    for (const one of facts.imports) {
      for (const name of one.names.keys()) {
        if (modules.has(one.module)) meant.add(name);
        else meant.delete(name);
      }
    }
    for (const name of facts.declares) meant.delete(name);
    return Object.fromEntries(Object.entries(standIns).filter(([name]) => meant.has(name)));
  });
}

/** The source with the stand-ins in place of the calls. A call without the argument stays as it is. */
export function withStandIns(source: string, standIns: StandIns): string {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext, true);
  const edits: { start: number; end: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const standIn = standIns[node.expression.text];
      const index = standIn && ("argument" in standIn ? standIn.argument : standIn.prints);
      const argument = index === undefined ? undefined : node.arguments[index];
      if (standIn && argument) {
        const text = withStandIns(argument.getText(file), standIns);
        const prints = "prints" in standIn;
        edits.push({
          start: node.getStart(file),
          end: node.end,
          text: prints ? `${printer}(${text})` : simple(argument) ? text : `(${text})`,
        });
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits.reduceRight(
    (text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end),
    source,
  );
}

/** Whether the expression needs no brackets wherever it stands. */
function simple(node: ts.Node): boolean {
  return ts.isIdentifier(node) || ts.isCallExpression(node) || ts.isStringLiteralLike(node);
}
