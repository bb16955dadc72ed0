/**
 * `node kernel-sim/assembly/build.mjs`: compiles the allocator's module and writes its bytes as the source
 * file that the package imports. What is there stays where it is of the same sources.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const kernelSim = dirname(folder);
const output = join(kernelSim, "src/libc/ptmalloc/allocator.wasm.ts");
/** What the module imports of the package's own constants. */
const shared = [
  "src/core/units.ts",
  "src/abi/mman.ts",
  "src/libc/ptmalloc/calls.ts",
  "src/libc/ptmalloc/chunk.ts",
  "src/libc/ptmalloc/mallopt.ts",
];
const options = ["-O3", "--noAssert", "--runtime", "stub", "--importMemory", "--use", "abort="];

function sourcesKey() {
  const compiler = createRequire(import.meta.url)("assemblyscript/package.json").version;
  const own = readdirSync(folder)
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .sort()
    .map((name) => join("assembly", name));
  const hash = createHash("sha256").update(compiler);
  for (const path of [...own, ...shared]) {
    hash.update(`\0${path}\0`).update(readFileSync(join(kernelSim, path)));
  }
  return hash.digest("hex");
}

async function compile() {
  const { default: asc } = await import("assemblyscript/asc");
  const files = new Map();
  const { error, stderr } = await asc.main(
    ["assembly/index.ts", "--baseDir", kernelSim, "--outFile", "module.wasm", ...options],
    { writeFile: (name, contents) => void files.set(name, contents) },
  );
  if (error !== null) throw new Error(`the allocator's module does not compile:\n${stderr}`);
  return Buffer.from(files.get("module.wasm")).toString("base64");
}

/** Writes the module where its sources changed; whether it did. */
export async function buildAllocator() {
  const head = `/** The allocator's module, made of kernel-sim/assembly: ${sourcesKey()}. */\n`;
  if (existsSync(output) && readFileSync(output, "utf8").startsWith(head)) return false;
  const fresh = `${output}.${process.pid}.tmp`;
  writeFileSync(fresh, `${head}export const code: string =\n  "${await compile()}";\n`);
  renameSync(fresh, output);
  return true;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildAllocator();
}
