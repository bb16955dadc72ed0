/** Builds the site: pages and downloads from the executed notebooks, then Docusaurus over them. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bundleSimulator } from "./bundle-simulator.mjs";
import { fingerprint } from "./fingerprint.mjs";
import { withLock } from "./site-lock.mjs";
import { root, runTool } from "./run-tool.mjs";
import { StepFailure } from "./steps.mjs";

export const buildFolder = join(root, "website/build");
const stampFile = join(root, "website/.cache/site");
const executed = "notebooks/.build/executed";
export const baseUrl = process.env.SITE_BASE_URL ?? "/";

/** All that can change a page: sources of the site and what it imports, notebooks, listings, documents, tools. */
const inputs = [
  "website",
  "annotated-excerpt",
  "docs",
  "kernel-sim/README.md",
  "README.md",
  "CONTRIBUTING.md",
  "ARCHITECTURE.md",
  "LICENSE",
  "notebooks/listings",
  executed,
  "package-lock.json",
  "scripts/bundle-simulator.mjs",
  "scripts/site-build.mjs",
];

const siteKey = () =>
  fingerprint(root, inputs, [process.version, baseUrl, process.env.SITE_URL ?? ""]);

/** What decides how files are bundled: the bundler's own cache does not watch all of it. */
const bundlerInputs = [
  "website/package.json",
  "website/docusaurus.config.ts",
  "website/plugins/docusaurus",
  "package-lock.json",
];

/** Empties the bundler's cache where the way of bundling changed since it was filled. */
async function checkBundlerCache() {
  const key = await fingerprint(root, bundlerInputs, [process.version]);
  const file = join(root, "website/.cache/bundler");
  if ((await readFile(file, "utf8").catch(() => "")) === key) return;
  for (const folder of ["node_modules/.cache/rspack", "website/node_modules/.cache/rspack"]) {
    await rm(join(root, folder), { recursive: true, force: true });
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, key);
}

/** Writes pages and downloads from the executed notebooks; a fault of an author becomes a clear message. */
async function writePages() {
  const { publish, PageError } = await import("@memory-course/pages");
  try {
    return await publish({
      root,
      executed: join(root, executed),
      specimens: [join(root, "website/fixtures/specimen.ipynb")],
      out: join(root, "website/.build"),
      baseUrl,
      simulatorCode: await bundleSimulator(),
    });
  } catch (error) {
    if (error instanceof PageError || error?.name === "ListingError") {
      throw new StepFailure(error.message);
    }
    throw error;
  }
}

/**
 * Builds the site into website/build, unless nothing changed since it was built. The packages it imports must be built.
 *
 * @param {"if-changed" | "always"} when
 */
export async function buildSite(when) {
  await withLock(join(root, "website/.cache/lock"), () => buildUnlocked(when));
}

/** The build that is served stays until the new one is whole. */
async function replaceBuild(fresh) {
  const old = join(root, "website/.cache/old-build");
  await rm(old, { recursive: true, force: true });
  if (existsSync(buildFolder)) await rename(buildFolder, old);
  await rename(fresh, buildFolder);
  await rm(old, { recursive: true, force: true });
}

async function buildUnlocked(when) {
  const key = await siteKey();
  const old = await readFile(stampFile, "utf8").catch(() => "");
  if (when === "if-changed" && old === key && existsSync(join(buildFolder, "index.html"))) {
    process.stdout.write("site unchanged\n");
    return;
  }
  await rm(stampFile, { force: true });
  const { chapters, docs } = await writePages();
  process.stdout.write(`${chapters.length} chapters and ${docs.length} other pages written\n`);
  await checkBundlerCache();
  const result = await runTool("docusaurus", ["build", "--out-dir", ".cache/build"], {
    // Browserslist is looked for from here.
    cwd: join(root, "website"),
    env: { DO_NOT_TRACK: "1", NODE_ENV: "production" },
    onOutput: (text) => process.stdout.write(text),
  });
  if (result.code !== 0) {
    throw new StepFailure("Docusaurus could not build the site; its report stands above.");
  }
  await replaceBuild(join(root, "website/.cache/build"));
  await writeFile(stampFile, key);
}
