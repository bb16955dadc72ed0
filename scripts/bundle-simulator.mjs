/** The simulator in one piece: an ES module that imports nothing, for programs that carry it within themselves. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "vite";
import { fingerprint } from "./fingerprint.mjs";
import { root } from "./run-tool.mjs";

const kept = join(root, "website/.cache/simulator.json");

async function bundle() {
  const [result] = await build({
    configFile: false,
    logLevel: "error",
    root: join(root, "kernel-sim"),
    build: {
      write: false,
      minify: "esbuild",
      lib: { entry: join(root, "kernel-sim/dist/index.js"), formats: ["es"] },
    },
  });
  return result.output[0].code;
}

/** The code of kernel-sim, which must be built; kept until it is built anew. */
export async function bundleSimulator() {
  const key = await fingerprint(root, ["kernel-sim/dist", "scripts/bundle-simulator.mjs"], []);
  const old = await readFile(kept, "utf8").then(JSON.parse, () => null);
  if (old?.key === key) return old.code;
  const code = await bundle();
  await mkdir(dirname(kept), { recursive: true });
  await writeFile(kept, JSON.stringify({ key, code }));
  return code;
}
