/** Which earlier cells a cell needs: those that declare what it uses, and those that may have changed it. */
import type { CellFacts } from "./cell-facts.js";

/** A declaration of a name; a notebook may declare a name again, which makes another. */
export interface Binding {
  name: string;
  /** Index of the cell that declares it. */
  cell: number;
  imported: boolean;
}

/** What a notebook's names stand for, cell by cell. */
export interface Bindings {
  /** For each cell: its names, and which declaration each of them means. */
  ofCell: Map<string, Binding>[];
}

export function bindNames(cells: readonly CellFacts[]): Bindings {
  const current = new Map<string, Binding>();
  const ofCell = cells.map((facts, cell) => {
    for (const one of facts.imports) {
      for (const name of one.names.keys()) current.set(name, { name, cell, imported: true });
    }
    for (const name of facts.declares) current.set(name, { name, cell, imported: false });
    const meant = new Map<string, Binding>();
    for (const { name } of facts.uses) {
      const binding = current.get(name);
      if (binding) meant.set(name, binding);
    }
    return meant;
  });
  return { ofCell };
}

/** Sets of declarations that may reach the same object, since a statement had them in hand together. */
class Groups {
  private readonly parents = new Map<Binding, Binding>();

  root(binding: Binding): Binding {
    const parent = this.parents.get(binding) ?? binding;
    if (parent === binding) return binding;
    const root = this.root(parent);
    this.parents.set(binding, root);
    return root;
  }

  join(bindings: readonly Binding[]): void {
    const [first, ...others] = bindings;
    if (!first) return;
    for (const other of others) this.parents.set(this.root(other), this.root(first));
  }
}

/** Declarations that hold plain values: made by statements that call nothing, of plain values. */
function plainBindings(cells: readonly CellFacts[], bindings: Bindings): Set<Binding> {
  const plain = new Set<Binding>();
  cells.forEach((facts, cell) => {
    const meant = bindings.ofCell[cell];
    for (const statement of facts.statements) {
      if (!statement.plain) continue;
      const all = [...statement.names].map((name) => meant?.get(name));
      const given = all.filter((one) => one !== undefined && !statement.declares.has(one.name));
      if (!given.every((one) => one === undefined || one.imported || plain.has(one))) continue;
      for (const name of statement.declares) {
        const binding = meant?.get(name);
        if (binding) plain.add(binding);
      }
    }
  });
  return plain;
}

/** Indices of the cells that `target` needs, itself included, in order. */
export function neededCells(
  cells: readonly CellFacts[],
  bindings: Bindings,
  target: number,
): number[] {
  const before = cells.slice(0, target + 1);
  const plain = plainBindings(before, bindings);
  const groups = new Groups();
  const heldBy = (cell: number, names: Iterable<string>): Binding[] => {
    const meant = bindings.ofCell[cell];
    return [...names].flatMap((name) => {
      const binding = meant?.get(name);
      return binding && !binding.imported && !plain.has(binding) ? [binding] : [];
    });
  };
  before.forEach((facts, cell) => {
    for (const statement of facts.statements) groups.join(heldBy(cell, statement.names));
  });
  const changes = before.map(
    (facts, cell) =>
      new Set(
        facts.statements
          .filter((statement) => !statement.plain)
          .flatMap((statement) => heldBy(cell, statement.names))
          .map((binding) => groups.root(binding)),
      ),
  );
  const needed = new Set<number>();
  const waiting = [target];
  for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
    if (needed.has(cell)) continue;
    needed.add(cell);
    const meant = bindings.ofCell[cell] ?? new Map<string, Binding>();
    for (const binding of meant.values()) if (!binding.imported) waiting.push(binding.cell);
    const roots = heldBy(cell, meant.keys()).map((binding) => groups.root(binding));
    for (let earlier = 0; earlier < cell; earlier++) {
      if (roots.some((root) => changes[earlier]?.has(root))) waiting.push(earlier);
    }
  }
  return [...needed].sort((a, b) => a - b);
}
