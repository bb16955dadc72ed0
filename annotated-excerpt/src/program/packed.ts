/** Modules that a program carries within itself. */
import { deflateRawSync } from "node:zlib";

export interface PackedModule {
  version: string;
  /** An ES module in one piece, which imports nothing. */
  code: string;
}

/** The name of the function that unpacks the module: `kernel-sim` makes `kernelSim`. */
export function packedName(module: string): string {
  return module
    .replace(/^@[^/]*\//, "")
    .replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

const packedTexts = new Map<string, string>();

/** Packed as text; a site packs the same module for each of its programs. */
function pack(code: string): string {
  const known = packedTexts.get(code);
  if (known !== undefined) return known;
  const text = deflateRawSync(code, { level: 9 }).toString("base64");
  packedTexts.set(code, text);
  return text;
}

/** The function that unpacks the module, as a program's text. It is declared below and can be called above. */
export function packedFunction(module: string, { version, code }: PackedModule): string {
  return `
/** The package ${module} ${version} in one piece, so that this program needs nothing but Node. */
async function ${packedName(module)}(): Promise<any> {
  const { inflateRawSync } = await import("node:zlib");
  const packed = "${pack(code)}";
  const code = inflateRawSync(Buffer.from(packed, "base64")).toString("base64");
  return import(\`data:text/javascript;base64,\${code}\`);
}
`;
}
