/** Builds the site: pages and downloads from the executed notebooks, then Docusaurus over them. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fingerprint } from "./fingerprint.mjs";
import { root, runTool } from "./run-tool.mjs";
import { StepFailure } from "./steps.mjs";

export const buildFolder = join(root, "website/build");
const stampFile = join(root, "website/.build/stamp");
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
  "scripts/site-build.mjs",
];

const siteKey = () =>
  fingerprint(root, inputs, [process.version, baseUrl, process.env.SITE_URL ?? ""]);

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
  const key = await siteKey();
  const old = await readFile(stampFile, "utf8").catch(() => "");
  if (when === "if-changed" && old === key && existsSync(join(buildFolder, "index.html"))) {
    process.stdout.write("site unchanged\n");
    return;
  }
  await rm(stampFile, { force: true });
  const { chapters, docs } = await writePages();
  process.stdout.write(`${chapters.length} chapters and ${docs.length} other pages written\n`);
  const result = await runTool("docusaurus", ["build", "website", "--out-dir", "build"], {
    env: { DO_NOT_TRACK: "1", NODE_ENV: "production" },
    onOutput: (text) => process.stdout.write(text),
  });
  if (result.code !== 0) {
    throw new StepFailure("Docusaurus could not build the site; its report stands above.");
  }
  await mkdir(dirname(stampFile), { recursive: true });
  await writeFile(stampFile, key);
}
