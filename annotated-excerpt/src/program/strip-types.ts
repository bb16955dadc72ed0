/** TypeScript without its types, every other character where it was: what a cell looks like as JavaScript. */
import ts from "typescript";

interface Cut {
  start: number;
  end: number;
}

/** Syntax that is more than types: it has to be rewritten, and not only left out. */
class NotErasable extends Error {}

const typeModifiers = new Set([
  ts.SyntaxKind.PublicKeyword,
  ts.SyntaxKind.PrivateKeyword,
  ts.SyntaxKind.ProtectedKeyword,
  ts.SyntaxKind.ReadonlyKeyword,
  ts.SyntaxKind.AbstractKeyword,
  ts.SyntaxKind.OverrideKeyword,
  ts.SyntaxKind.DeclareKeyword,
]);

class Stripper {
  readonly cuts: Cut[] = [];

  constructor(private readonly file: ts.SourceFile) {}

  private cut(start: number, end: number): void {
    this.cuts.push({ start, end });
  }

  /** `: Type`, and the `?` or `!` before it. */
  private annotation(type: ts.Node | undefined, mark: ts.Node | undefined): void {
    if (mark) this.cut(mark.getStart(this.file), mark.end);
    if (type) this.cut(this.file.text.lastIndexOf(":", type.getStart(this.file)), type.end);
  }

  /** `<T, U>`. */
  private brackets(list: ts.NodeArray<ts.Node> | undefined): void {
    if (list) this.cut(list.pos - 1, this.file.text.indexOf(">", list.end) + 1);
  }

  private whole(node: ts.Node): void {
    this.cut(node.getStart(this.file), node.end);
  }

  private modifiers(node: ts.Node): void {
    if (!ts.canHaveModifiers(node)) return;
    for (const modifier of ts.getModifiers(node) ?? []) {
      if (!typeModifiers.has(modifier.kind)) continue;
      if (ts.isParameter(node)) throw new NotErasable();
      const space = /^\s*/.exec(this.file.text.slice(modifier.end))?.[0].length ?? 0;
      this.cut(modifier.getStart(this.file), modifier.end + space);
    }
  }

  /** Whether the node is nothing but types. */
  private isType(node: ts.Node): boolean {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
    if (ts.isFunctionLike(node) && "body" in node && node.body === undefined) return true;
    if (ts.isImportDeclaration(node)) return /^import\s+type\b/.test(node.getText(this.file));
    return ts.isIndexSignatureDeclaration(node);
  }

  private list(node: ts.HeritageClause): void {
    if (node.token === ts.SyntaxKind.ImplementsKeyword) this.whole(node);
  }

  visitAll(): void {
    this.visit(this.file);
  }

  visit(node: ts.Node): void {
    if (ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) throw new NotErasable();
    if (this.isType(node)) return this.whole(node);
    this.modifiers(node);
    if (ts.isFunctionLike(node)) {
      this.brackets(node.typeParameters);
      this.annotation(node.type, undefined);
    } else if (ts.isParameter(node) || ts.isPropertyDeclaration(node)) {
      this.annotation(node.type, node.questionToken);
    } else if (ts.isVariableDeclaration(node)) {
      this.annotation(node.type, node.exclamationToken);
    } else if (ts.isClassLike(node)) {
      this.brackets(node.typeParameters);
    } else if (ts.isHeritageClause(node)) {
      this.list(node);
    } else if (
      ts.isCallExpression(node) ||
      ts.isNewExpression(node) ||
      ts.isExpressionWithTypeArguments(node) ||
      ts.isTaggedTemplateExpression(node)
    ) {
      this.brackets(node.typeArguments);
    } else if (
      ts.isAsExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isNonNullExpression(node)
    ) {
      this.cut(node.expression.end, node.end);
    } else if (ts.isTypeAssertionExpression(node)) {
      this.cut(node.getStart(this.file), node.expression.getStart(this.file));
    } else if (ts.isImportSpecifier(node) && /^type\s+\w/.test(node.getText(this.file))) {
      const comma = /^\s*,?\s*/.exec(this.file.text.slice(node.end))?.[0].length ?? 0;
      this.cut(node.getStart(this.file), node.end + comma);
      return;
    }
    ts.forEachChild(node, (child) => {
      if (!ts.isTypeNode(child) || ts.isExpressionWithTypeArguments(child)) this.visit(child);
    });
  }
}

/** Whether the source is TypeScript that Node runs as it is: what its types add can be left out, and nothing else is there. */
export function isErasable(source: string): boolean {
  try {
    new Stripper(ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext, true)).visitAll();
    return true;
  } catch (error) {
    if (error instanceof NotErasable) return false;
    throw error;
  }
}

function transpiled(source: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/**
 * The source as JavaScript: types are left out, and the rest keeps its form. Where it has enums, namespaces or
 * parameter properties, which are more than types, TypeScript writes it anew.
 */
export function stripTypes(source: string): string {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext, true);
  const stripper = new Stripper(file);
  try {
    stripper.visitAll();
  } catch (error) {
    if (error instanceof NotErasable) return transpiled(source);
    throw error;
  }
  let text = source;
  let before = Infinity;
  for (const { start, end } of stripper.cuts.sort((a, b) => b.start - a.start || b.end - a.end)) {
    if (end > before) continue;
    text = text.slice(0, start) + text.slice(end);
    before = start;
  }
  return text.replace(/^[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n");
}
