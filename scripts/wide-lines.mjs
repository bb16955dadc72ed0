/** Breaks lines of TypeScript that are too wide, where its grammar allows, and changes nothing else. */
import ts from "typescript";

/** The widest line of an excerpt: `widestColumns` of annotated-excerpt, which need not be built for this. */
export const widest = 88;

/** What goes to a new line has so many columns, where there is a choice. */
const shortest = 12;

/** Operators behind which a line may end. */
const operators = new Set(["+", "&&", "||", "??", "|"]);

/** What binds closer than the `+` between the halves of a template. */
const bindsCloser = (node) =>
  ts.isPropertyAccessExpression(node) ||
  ts.isElementAccessExpression(node) ||
  ts.isTaggedTemplateExpression(node) ||
  ts.isPrefixUnaryExpression(node) ||
  ts.isAsExpression(node) ||
  (ts.isBinaryExpression(node) && node.operatorToken.kind !== ts.SyntaxKind.PlusToken);

/** Lists whose parts are divided by commas. */
function listsOf(node) {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return [node.arguments ?? []];
  if (ts.isArrayLiteralExpression(node) || ts.isNamedImports(node)) return [node.elements];
  if (ts.isObjectBindingPattern(node)) return [node.elements];
  if (ts.isObjectLiteralExpression(node)) return [node.properties];
  return [];
}

/** Places where a new line may begin, each with its cost: inner places, and those that part a name from its value, are dear. */
function placesOf(source) {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext, true);
  const places = [];
  const visit = (node, depth) => {
    const add = (at, more, text = "\n") => {
      places.push({ at, cost: depth + more, text, start: node.getStart(file) });
    };
    for (const list of listsOf(node)) {
      // A list whose member is called stays whole rather than its call.
      const more = ts.isPropertyAccessExpression(node.parent) ? 3 : 0;
      for (const part of [...list].slice(1)) add(part.getStart(file), more);
    }
    if (ts.isCallExpression(node) && node.arguments.length > 0) {
      add(node.arguments[0].getStart(file), 6);
    }
    if (ts.isBinaryExpression(node) && operators.has(node.operatorToken.getText(file))) {
      add(node.right.getStart(file), 0);
    }
    if (ts.isConditionalExpression(node)) {
      add(node.questionToken.getStart(file), 0);
      add(node.colonToken.getStart(file), 0);
    }
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) add(node.body.getStart(file), 2);
    if (ts.isVariableDeclaration(node) && node.initializer) {
      add(node.initializer.getStart(file), 6);
    }
    if (ts.isPropertyAccessExpression(node) && ts.isCallExpression(node.expression)) {
      add(node.expression.end, 1);
    }
    if (ts.isIterationStatement(node, false) && !ts.isBlock(node.statement)) {
      add(node.statement.getStart(file), 0);
    }
    if (ts.isForStatement(node)) {
      if (node.condition) add(node.condition.getStart(file), 0);
      if (node.incrementor) add(node.incrementor.getStart(file), 0);
    }
    if (ts.isTemplateExpression(node) && !bindsCloser(node.parent)) {
      for (const span of node.templateSpans) {
        const at = span.expression.pos - 2;
        if (at > node.getStart(file) + 1) add(at, source[at - 1] === " " ? 4 : 5, "` +\n`");
      }
    }
    // What stands within a template is broken only where nothing else can be.
    const inner = ts.isTemplateSpan(node) ? 20 : 1;
    ts.forEachChild(node, (child) => visit(child, depth + inner));
  };
  visit(file, 0);
  return places;
}

/** The source with the first line that is too wide broken once; null where there is no such line, or no place in it. */
function breakOnce(source) {
  let start = 0;
  for (const line of source.split("\n")) {
    if (line.length > widest) {
      const indent = /^ */.exec(line)?.[0] ?? "";
      const from = start + indent.length;
      const inside = placesOf(source).filter(
        ({ at, text }) => at > from + 8 && at - start + text.indexOf("\n") <= widest,
      );
      const cost = Math.min(...inside.map((place) => place.cost));
      const cheapest = inside.filter((one) => one.cost === cost);
      const end = start + line.length;
      const place = cheapest.findLast(({ at }) => end - at >= shortest) ?? cheapest.at(-1);
      if (place !== undefined) {
        // What goes on with a list that began above stands under its other parts.
        const deeper = place.start < start ? "" : line.endsWith("{") ? "    " : "  ";
        const text = place.text.replace("\n", `\n${indent}${deeper}`);
        // Blanks at a line's end go, but those of a template are its text.
        const before = source.slice(0, place.at);
        return (place.text === "\n" ? before.trimEnd() : before) + text + source.slice(place.at);
      }
    }
    start += line.length + 1;
  }
  return null;
}

/** The source with its wide lines broken where that can be done. */
export function breakWideLines(source) {
  let text = source;
  for (let breaks = 0; breaks < 200; breaks++) {
    const next = breakOnce(text);
    if (next === null) return text;
    text = next;
  }
  return text;
}
