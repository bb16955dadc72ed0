/** What a cell declares, what it uses, and what it may change: found with TypeScript's own parser and binder. */
import ts from "typescript";

/** A place in a cell where a name of the notebook stands. */
export interface NameUse {
  name: string;
  start: number;
  end: number;
  /** Whether it stands for both in `{ name }`: a new name needs `{ name: newName }`. */
  shorthand: boolean;
}

/** A top-level statement, and the notebook's names in it. */
export interface StatementFacts {
  names: Set<string>;
  /** Whether it only computes a constant: it calls nothing, assigns nothing, makes nothing that can change. */
  plain: boolean;
}

export interface ImportFacts {
  module: string;
  /** Named and default imports: local name to what is written in the braces, or null for default and namespace. */
  names: Map<string, string | null>;
  /** The clause of a default or namespace import, as it is written. */
  other: string | undefined;
  typeOnly: boolean;
  start: number;
  end: number;
}

export interface CellFacts {
  /** Names that the cell declares at its top, imports aside. */
  declares: Set<string>;
  imports: ImportFacts[];
  uses: NameUse[];
  statements: (StatementFacts & { declares: Set<string> })[];
  /** The last statement's range where it is an expression, without its semicolon. */
  result: { start: number; end: number } | null;
}

/** A program of one file whose names are bound; nothing is resolved outside of it. */
function bind(source: string): { file: ts.SourceFile; checker: ts.TypeChecker } {
  const name = "cell.ts";
  const file = ts.createSourceFile(name, `${source}\nexport {};\n`, ts.ScriptTarget.ESNext, true);
  const host: ts.CompilerHost = {
    getSourceFile: (path) => (path === name ? file : undefined),
    getDefaultLibFileName: () => "lib.d.ts",
    writeFile: () => {},
    getCurrentDirectory: () => "",
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (path) => path === name,
    readFile: () => undefined,
  };
  const options: ts.CompilerOptions = {
    noLib: true,
    noResolve: true,
    types: [],
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
  };
  const program = ts.createProgram({ rootNames: [name], options, host });
  return { file, checker: program.getTypeChecker() };
}

function isTopLevel(declaration: ts.Declaration, file: ts.SourceFile): boolean {
  let node: ts.Node = declaration;
  while (
    ts.isBindingElement(node) ||
    ts.isObjectBindingPattern(node) ||
    ts.isArrayBindingPattern(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isVariableDeclarationList(node) ||
    ts.isImportSpecifier(node) ||
    ts.isNamedImports(node) ||
    ts.isNamespaceImport(node) ||
    ts.isImportClause(node)
  ) {
    node = node.parent;
  }
  return node.parent === file;
}

/** Whether the identifier names a member, a label or a key, and no variable, function or type. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent))
    return true;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return true;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isGetAccessor(parent) ||
    ts.isSetAccessor(parent) ||
    ts.isEnumMember(parent) ||
    ts.isNamedTupleMember(parent);
  return named && parent.name === node;
}

/** Whether a statement may do more than compute, or makes something that can change later. */
function acts(node: ts.Node): boolean {
  if (ts.isVariableStatement(node) && !(node.declarationList.flags & ts.NodeFlags.Const))
    return true;
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) return true;
  if (ts.isFunctionLike(node) && !ts.isExpressionStatement(node.parent)) return false;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return false;
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isAwaitExpression(node))
    return true;
  if (ts.isTaggedTemplateExpression(node) || ts.isDeleteExpression(node)) return true;
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  ) {
    return true;
  }
  if (ts.isPostfixUnaryExpression(node)) return true;
  if (
    ts.isPrefixUnaryExpression(node) &&
    [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(node.operator)
  ) {
    return true;
  }
  return ts.forEachChild(node, (child) => acts(child) || undefined) ?? false;
}

function importFacts(node: ts.ImportDeclaration, file: ts.SourceFile): ImportFacts {
  const names = new Map<string, string | null>();
  const clause = node.importClause;
  const others: string[] = [];
  if (clause?.name) {
    names.set(clause.name.text, null);
    others.push(clause.name.text);
  }
  const bindings = clause?.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) {
    names.set(bindings.name.text, null);
    others.push(bindings.getText(file));
  } else if (bindings) {
    for (const one of bindings.elements) names.set(one.name.text, one.getText(file));
  }
  return {
    module: (node.moduleSpecifier as ts.StringLiteral).text,
    names,
    other: others.length > 0 ? others.join(", ") : undefined,
    typeOnly: /^import\s+type\b/.test(node.getText(file)),
    start: node.getStart(file),
    end: node.getEnd(),
  };
}

/** Reads a cell. A cell that cannot be parsed is read as far as TypeScript understands it. */
export function cellFacts(source: string): CellFacts {
  const { file, checker } = bind(source);
  const facts: CellFacts = {
    declares: new Set(),
    imports: [],
    uses: [],
    statements: [],
    result: null,
  };
  const statements = file.statements.filter((one) => !ts.isExportDeclaration(one));
  for (const statement of statements) {
    if (ts.isImportDeclaration(statement)) {
      facts.imports.push(importFacts(statement, file));
      continue;
    }
    const names = new Set<string>();
    const declares = new Set<string>();
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && !isMemberName(node)) {
        const shorthand =
          ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node;
        const symbol = shorthand
          ? checker.getShorthandAssignmentValueSymbol(node.parent)
          : checker.getSymbolAtLocation(node);
        const declarations = symbol?.declarations ?? [];
        const local = declarations.length > 0 && !declarations.some((one) => isTopLevel(one, file));
        if (!local && node.text !== "") {
          const bindsShorthand =
            ts.isBindingElement(node.parent) &&
            !node.parent.propertyName &&
            ts.isObjectBindingPattern(node.parent.parent);
          facts.uses.push({
            name: node.text,
            start: node.getStart(file),
            end: node.getEnd(),
            shorthand: shorthand || bindsShorthand,
          });
          names.add(node.text);
          if (
            declarations.some(
              (one) => !ts.isImportSpecifier(one) && ts.getNameOfDeclaration(one) === node,
            )
          ) {
            declares.add(node.text);
            facts.declares.add(node.text);
          }
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(statement);
    facts.statements.push({ names, declares, plain: !acts(statement) });
  }
  const last = statements.at(-1);
  if (last && ts.isExpressionStatement(last)) {
    facts.result = { start: last.expression.getStart(file), end: last.expression.getEnd() };
  }
  return facts;
}
