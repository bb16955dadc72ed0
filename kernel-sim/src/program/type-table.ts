/** What a program's type names mean: the C library's own, and what the program has declared. */
import { baseTypes, libraryTypes } from "./base-types.js";
import { voidType } from "./ctype.js";
import type { CType, Declaration, FunctionType } from "./ctype.js";
import { DeclarationParser } from "./declaration-parser.js";

/** The tags and typedefs a program has declared. */
export interface TypeTable {
  /** Declares the structs, unions, enums and typedefs in `text`; throws `UsageError` where it cannot be read. */
  declare(text: string): readonly Declaration[];
  /** How often something was declared: what a text means may have changed with it. */
  readonly version: number;
  /** The type that `text` names: `"struct point"`, `"char *[4]"`. */
  typeOf(text: string): CType;
  /** One declaration with a name: `"int a[10]"`. */
  declaration(text: string): Declaration;
  /** A function's header: `"long fact(int n)"`. */
  header(text: string): { readonly name: string; readonly type: FunctionType };
}

export function createTypeTable(): TypeTable {
  const tags = new Map<string, CType>();
  const typedefs = new Map<string, CType>(
    Object.entries(libraryTypes).map(([name, base]) => [name, baseTypes[base] ?? voidType]),
  );
  const cache = new Map<string, CType>();
  const parser = (text: string): DeclarationParser => new DeclarationParser(text, tags, typedefs);
  const typeOf = (text: string): CType => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const type = parser(text).wholeTypeName();
    if (type.sizeBytes > 0) cache.set(text, type);
    return type;
  };
  let version = 0;
  return {
    get version() {
      return version;
    },
    declare: (text) => {
      version++;
      cache.clear();
      return parser(text).translationUnit();
    },
    typeOf,
    declaration: (text) => parser(text).oneDeclaration(),
    header: (text) => parser(text).functionHeader(),
  };
}
