/** How a language writes comments: `//` and block comments, or `#`. */
export type CommentStyle = "slash" | "hash";

interface LanguageFacts {
  name: string;
  comments: CommentStyle;
}

const byEnding: Record<string, LanguageFacts> = {};

function add(comments: CommentStyle, name: string, ...endings: string[]): void {
  for (const ending of endings) byEnding[ending] = { name, comments };
}

add("slash", "c", "c", "h");
add("slash", "cpp", "cc", "cpp", "cxx", "hpp");
add("slash", "typescript", "ts", "mts", "cts");
add("slash", "tsx", "tsx");
add("slash", "javascript", "js", "mjs", "cjs");
add("slash", "jsx", "jsx");
add("slash", "java", "java");
add("slash", "go", "go");
add("slash", "rust", "rs");
add("slash", "csharp", "cs");
add("slash", "swift", "swift");
add("slash", "kotlin", "kt");
add("slash", "css", "css");
add("slash", "scss", "scss");
add("hash", "python", "py");
add("hash", "shellscript", "sh", "bash");
add("hash", "ruby", "rb");
add("hash", "yaml", "yml", "yaml");
add("hash", "toml", "toml");
add("hash", "make", "mk");
add("hash", "r", "r");

const hashLanguages = new Set(
  Object.values(byEnding).flatMap((facts) => (facts.comments === "hash" ? [facts.name] : [])),
);

/** The language that a file's name tells, by the name Shiki has for it; `text` where it tells none. */
export function languageOf(file: string): string {
  const ending = /\.([^./]+)$/.exec(file)?.[1]?.toLowerCase() ?? "";
  return byEnding[ending]?.name ?? "text";
}

/** How a language writes comments; those that are not known are taken to write `//`. */
export function commentStyleOf(language: string): CommentStyle {
  return hashLanguages.has(language) ? "hash" : "slash";
}
