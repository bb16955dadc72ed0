/** The smallest whole program for a cell of a notebook. */
import { cellFacts } from "./cell-facts.js";
import type { CellFacts, ImportFacts } from "./cell-facts.js";
import { bindNames, neededCells } from "./needed-cells.js";
import type { Binding, Bindings } from "./needed-cells.js";
import { packedFunction, packedName } from "./packed.js";
import type { PackedModule } from "./packed.js";
import { printer, standInsOfCells, withStandIns } from "./stand-ins.js";
import type { StandIns } from "./stand-ins.js";
import { stripTypes } from "./strip-types.js";

export interface ProgramOptions {
  /** The notebook's cells of code, in order. */
  cells: readonly { id: string; source: string }[];
  /** The id of the cell that the program is for. */
  cell: string;
  /** The name under which it is saved. */
  name: string;
  /** The command that runs it, in the folder in which it was saved. */
  command: (name: string) => string;
  /** What a module is called in the program: its own name without an entry, null where a program cannot have it. */
  modules?: Readonly<Record<string, string | null>>;
  /** Modules that the program carries within itself, so that it needs nothing but Node. */
  packed?: Readonly<Record<string, PackedModule>>;
  /** What stands for calls that only the notebook can make. */
  standIns?: StandIns;
  /** Stands on the second line: what else a reader should know. */
  remark?: string;
  /** `javascript`: without its types, so that every Node runs it. */
  form?: "typescript" | "javascript";
}

export interface WholeProgram {
  text: string;
  command: string;
  /** Ids of the cells that it holds, in order. */
  cells: string[];
}

/** Shows a value as the notebook does: its own text where it has one. */
const showValue = `
function showValue(value: any): any {
  const print = (shown: any): void => {
    const text = shown?.["text/plain"] ?? (shown ? String(value) : value);
    if (value !== undefined) {
      console.log(typeof text === "string" ? text : inspect(text, { compact: 3, breakLength: 80 }));
    }
  };
  const shown = value?.[Symbol.for("Jupyter.display")]?.();
  return shown instanceof Promise ? shown.then(print) : print(shown);
}
`;

interface Edit {
  start: number;
  end: number;
  text: string;
}

function applyEdits(source: string, edits: readonly Edit[]): string {
  let text = source;
  for (const edit of [...edits].sort((a, b) => b.start - a.start)) {
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }
  return text;
}

/** New names for declarations whose name is declared again in a later cell of the program. */
function newNames(
  cells: readonly CellFacts[],
  bindings: Bindings,
  needed: number[],
): Map<Binding, string> {
  const taken = new Set(needed.flatMap((cell) => (cells[cell]?.uses ?? []).map((use) => use.name)));
  const versions = new Map<string, Set<Binding>>();
  for (const cell of needed) {
    for (const binding of bindings.ofCell[cell]?.values() ?? []) {
      if (binding.imported) continue;
      const all = versions.get(binding.name) ?? new Set();
      versions.set(binding.name, all.add(binding));
    }
  }
  const names = new Map<Binding, string>();
  for (const [name, all] of versions) {
    const ordered = [...all].sort((a, b) => a.cell - b.cell);
    for (const binding of ordered.slice(0, -1)) {
      let number = 1;
      while (taken.has(`${name}${number}`)) number += 1;
      taken.add(`${name}${number}`);
      names.set(binding, `${name}${number}`);
    }
  }
  return names;
}

function importsText(
  imports: readonly ImportFacts[],
  used: Set<string>,
  options: ProgramOptions,
): string {
  const modules = new Map<string, { named: Map<string, string>; other: Set<string> }>();
  for (const one of imports) {
    const to = options.modules?.[one.module];
    const names = [...one.names].filter(([local]) => used.has(local));
    if (names.length === 0 && one.names.size > 0) continue;
    if (to === null) {
      throw new Error(
        `cell ${options.cell} needs "${one.module}", which a program outside of the notebook does not have`,
      );
    }
    const module = `${one.typeOnly ? "type " : ""}${to ?? one.module}`;
    const all = modules.get(module) ?? {
      named: new Map<string, string>(),
      other: new Set<string>(),
    };
    for (const [local, text] of names) if (text !== null) all.named.set(local, text);
    if (one.other !== undefined && names.some(([, text]) => text === null))
      all.other.add(one.other);
    modules.set(module, all);
  }
  let text = "";
  for (const [key, { named, other }] of modules) {
    const type = key.startsWith("type ") ? "type " : "";
    const from = JSON.stringify(key.slice(type.length));
    const packed = options.packed?.[key.slice(type.length)];
    if (packed) {
      const types = [...named].filter(([, one]) => type !== "" || one.startsWith("type "));
      for (const [local] of types) text += `type ${local} = any;\n`;
      const values = [...named].filter(([local]) => !types.some(([one]) => one === local));
      if (values.length === 0 && other.size === 0) continue;
      const list = values.map(([, one]) => one.replace(/ as /, ": ")).sort();
      const names = other.size > 0 ? [...other].join("").replace("* as ", "") : braces(list);
      text += `const ${names} = await ${packedName(key)}();\n`;
      continue;
    }
    for (const one of other) text += `import ${type}${one} from ${from};\n`;
    const list = [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
    if (list.length > 0) text += `import ${type}${braces(list)} from ${from};\n`;
    if (list.length === 0 && other.size === 0) text += `import ${from};\n`;
  }
  return text;
}

function braces(names: readonly string[]): string {
  const line = `{ ${names.join(", ")} }`;
  return line.length <= 70 ? line : `{\n${names.map((name) => `  ${name},\n`).join("")}}`;
}

function cellText(
  source: string,
  facts: CellFacts,
  meant: Map<string, Binding>,
  names: Map<Binding, string>,
  result: "shown" | "unseen",
): string {
  const edits: Edit[] = facts.imports.map(({ start, end }) => {
    const rest = /^;?[ \t]*\n?/.exec(source.slice(end))?.[0].length ?? 0;
    return { start, end: end + rest, text: "" };
  });
  for (const use of facts.uses) {
    const binding = meant.get(use.name);
    const name = binding && names.get(binding);
    if (name)
      edits.push({
        start: use.start,
        end: use.end,
        text: use.shorthand ? `${use.name}: ${name}` : name,
      });
  }
  if (result === "shown" && facts.result) {
    const { start, end } = facts.result;
    edits.push({ start, end: start, text: "await showValue(" }, { start: end, end, text: ")" });
  }
  return applyEdits(source, edits).trim();
}

/** The cells up to the target as the program takes them: with stand-ins, and without types where it has none. */
function preparedCells(options: ProgramOptions, target: number): { id: string; source: string }[] {
  const before = options.cells.slice(0, target + 1);
  const lacking = Object.entries(options.modules ?? {}).filter(([, to]) => to === null);
  const standIns = standInsOfCells(
    before.map((one) => cellFacts(one.source)),
    options.standIns ?? {},
    new Set(lacking.map(([name]) => name)),
  );
  return before.map((one, index) => {
    const source = withStandIns(one.source, standIns[index] ?? {});
    return { id: one.id, source: options.form === "javascript" ? stripTypes(source) : source };
  });
}

/**
 * The program of the cell `cell`: imports, the earlier cells that it needs, and the cell itself, whose last value is
 * printed as the notebook shows it. Throws where there is no such cell, or it needs a module that is not to be had.
 */
export function wholeProgram(options: ProgramOptions): WholeProgram {
  const target = options.cells.findIndex((one) => one.id === options.cell);
  if (target === -1) {
    const ids = options.cells.map((one) => one.id).join(", ");
    throw new Error(`there is no cell of code "${options.cell}"; try one of: ${ids}`);
  }
  const cells = preparedCells(options, target);
  const facts = cells.map((one) => cellFacts(one.source));
  const bindings = bindNames(facts);
  const needed = neededCells(facts, bindings, target);
  const names = newNames(facts, bindings, needed);
  const used = new Set(needed.flatMap((cell) => (facts[cell]?.uses ?? []).map((use) => use.name)));
  // An import is needed with the names it gives, from whichever earlier cell it stands in.
  const importing = facts.flatMap((one) => one.imports);
  const shows =
    facts[target]?.result !== null ||
    needed.some((cell) => cells[cell]?.source.includes(`${printer}(`));
  const imports = importsText(importing, used, options);
  const bodies = needed.map((cell) =>
    cellText(
      cells[cell]?.source ?? "",
      facts[cell] ?? cellFacts(""),
      bindings.ofCell[cell] ?? new Map<string, Binding>(),
      names,
      cell === target ? "shown" : "unseen",
    ),
  );
  const command = options.command(options.name);
  const inspect = shows ? `import { inspect } from "node:util";\n` : "";
  const remark = options.remark === undefined ? "" : `// ${options.remark}\n`;
  const parts = [
    `// ${command}\n${remark}${inspect}${imports}`.trimEnd(),
    ...bodies.filter((one) => one !== ""),
  ];
  const carried = Object.entries(options.packed ?? {})
    .filter(([name]) => imports.includes(`await ${packedName(name)}()`))
    .map(([name, module]) => packedFunction(name, module));
  const helpers = [...(shows ? [showValue] : []), ...carried].map((one) =>
    options.form === "javascript" ? stripTypes(one) : one,
  );
  const text = `${parts.join("\n\n")}\n${helpers.join("")}`;
  return { text, command, cells: needed.map((cell) => cells[cell]?.id ?? "") };
}
