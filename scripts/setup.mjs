/**
 * Sets up what is missing and no more: the dependencies, the allocator's module, then the packages that are
 * built with tsc.
 * `setupSteps()` gives the steps to a command that shows them with its own; `setup()` does them at once.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fingerprint } from "./fingerprint.mjs";
import { lastLines, root, runTool, toolPath } from "./run-tool.mjs";
import { runCommand, runSteps, StepFailure } from "./steps.mjs";

const leastNode = [20, 19];

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])) return;
  throw new StepFailure(
    `This project needs Node ${leastNode.join(".")} or newer; this is Node ${process.versions.node}.`,
    "install a current Node from https://nodejs.org, then run the same command again",
  );
}

async function readStamp(path) {
  return readFile(path, "utf8").catch(() => "");
}

/** Whether node_modules holds what package-lock.json names (npm keeps its own list of what it installed). */
async function dependenciesAreInstalled() {
  const read = async (path) => JSON.parse(await readFile(join(root, path), "utf8")).packages;
  const wanted = await read("package-lock.json");
  const present = await read("node_modules/.package-lock.json").catch(() => null);
  if (present === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") || entry.optional) return true;
    const there = present[path];
    return there !== undefined && there.version === entry.version && there.link === entry.link;
  });
}

async function installDependencies(note) {
  if (await dependenciesAreInstalled()) return "unchanged";
  note("npm ci, about a minute");
  const result = await runTool("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (result.code !== 0) {
    throw new StepFailure(
      `npm ci failed:\n${lastLines(result.output, 20)}`,
      "check the connection to the npm registry, then run the same command again",
    );
  }
  return undefined;
}

/** The module of WebAssembly that kernel-sim's sources import; specs need it as well as the package does. */
async function buildAllocatorModule() {
  const { buildAllocator } = await import("../kernel-sim/assembly/build.mjs");
  try {
    return (await buildAllocator()) ? undefined : "unchanged";
  } catch (error) {
    throw new StepFailure(error.message);
  }
}

/** Folders of the packages that have a build, those that others import first. */
async function builtPackages() {
  const { workspaces } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  return workspaces.filter((folder) => existsSync(join(root, folder, "tsconfig.build.json")));
}

/**
 * Builds one package into dist/ and returns true; returns false where `stamp` says that nothing changed.
 * The dist/ that is there stays until the new one is whole.
 */
async function buildPackage(folder, stamp, note) {
  const path = join(root, folder);
  if ((await readStamp(join(path, "dist", ".stamp"))) === stamp) return false;
  note(folder);
  const fresh = join(path, `dist.${process.pid}.tmp`);
  await rm(fresh, { recursive: true, force: true });
  const result = await runTool(toolPath("tsc"), ["-p", "tsconfig.build.json", "--outDir", fresh], {
    cwd: path,
  });
  if (result.code !== 0) {
    await rm(fresh, { recursive: true, force: true });
    throw new StepFailure(`${folder} does not build:\n${lastLines(result.output, 20)}`);
  }
  await mkdir(fresh, { recursive: true });
  await writeFile(join(fresh, ".stamp"), stamp);
  const old = join(path, `dist.${process.pid}.old`);
  if (existsSync(join(path, "dist"))) await rename(join(path, "dist"), old);
  await rename(fresh, join(path, "dist"));
  await rm(old, { recursive: true, force: true });
  return true;
}

/** Builds what changed, in the order of the workspaces: a package's key holds those of all before it. */
async function buildPackages(note) {
  const compiler = JSON.parse(
    await readFile(join(root, "node_modules/typescript/package.json"), "utf8"),
  );
  let built = 0;
  let stamp = compiler.version;
  for (const folder of await builtPackages()) {
    const inputs = ["src", "package.json", "tsconfig.build.json"].map((name) => join(folder, name));
    stamp = await fingerprint(root, [...inputs, "tsconfig.base.json"], [stamp]);
    if (await buildPackage(folder, stamp, note)) built += 1;
  }
  return built === 0 ? "unchanged" : undefined;
}

/** The steps that make the project ready to run. */
export function setupSteps() {
  checkNode();
  return [
    { title: "Dependencies", run: installDependencies },
    { title: "Allocator's module", run: buildAllocatorModule },
    { title: "Packages", run: buildPackages },
  ];
}

/** Makes the project ready to run; shows its steps on standard error where there is something to do. */
export async function setup() {
  for (const step of setupSteps()) await step.run(() => {});
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runCommand(() => runSteps(setupSteps()));
}
