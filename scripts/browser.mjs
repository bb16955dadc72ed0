/**
 * Finds a browser for the tests: a system's Chromium or Chrome, then Playwright's own. `node scripts/browser.mjs`
 * installs one where none is there (Debian's chromium with apt-get where it may, else Playwright's), and prints its path.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { lastLines, runTool } from "./run-tool.mjs";
import { runCommand, StepFailure } from "./steps.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const places = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, "Google/Chrome/Application/chrome.exe")),
};

/** Whether a program really starts: a snap's wrapper may be there without its browser. */
function starts(path) {
  if (process.platform !== "linux") return true;
  try {
    const version = execFileSync(path, ["--version"], { stdio: ["ignore", "pipe", "ignore"] });
    return /\d+\.\d+/.test(version.toString());
  } catch {
    return false;
  }
}

function systemBrowser() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const candidates = [...onPath, ...(places[process.platform] ?? [])];
  return candidates.find((path) => existsSync(path) && starts(path)) ?? null;
}

async function playwrightBrowser() {
  const { chromium } = await import("@playwright/test");
  const path = chromium.executablePath();
  return existsSync(path) && starts(path) ? path : null;
}

/** The path of a browser for the tests, or null; the variable BROWSER_PATH names one that goes before all. */
export async function findBrowser() {
  const named = process.env.BROWSER_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new StepFailure(`BROWSER_PATH is ${named}, and there is no such file.`);
  }
  return systemBrowser() ?? (await playwrightBrowser());
}

async function installFromDebian() {
  if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get")) return null;
  if (process.getuid?.() !== 0) return null;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "--no-install-recommends", "chromium"];
  const first = await runTool("apt-get", install, { env });
  if (first.code !== 0) {
    await runTool("apt-get", ["update"], { env });
    await runTool("apt-get", install, { env });
  }
  return systemBrowser();
}

/** The path of a browser, installed where none was there; rejects with what a person can do where that fails too. */
export async function ensureBrowser(note = () => {}) {
  const found = await findBrowser();
  if (found !== null) return found;
  note("no browser found: installing chromium");
  const fromDebian = await installFromDebian();
  if (fromDebian !== null) return fromDebian;
  const result = await runTool("playwright", ["install", "chromium"]);
  const own = await playwrightBrowser();
  if (own !== null) return own;
  throw new StepFailure(
    `There is no browser for the tests, and none could be installed:\n${lastLines(result.output, 5)}`,
    "install Chromium or Chrome, or set BROWSER_PATH to one (as root on Debian: apt-get install chromium)",
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runCommand(async () => {
    const path = await ensureBrowser((text) => process.stderr.write(`${text}\n`));
    process.stdout.write(`${path}\n`);
  });
}
