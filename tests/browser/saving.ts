/** Files saved through a page as a reader saves them: by a click, into an empty folder, checked against the manifest. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import type { APIRequestContext, Page } from "@playwright/test";
import { root } from "./site.js";

export interface ManifestEntry {
  readonly path: string;
  readonly name: string;
  readonly kind: string;
  readonly language: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly version: string;
  readonly command?: string;
}

export interface SavedFile extends ManifestEntry {
  readonly bytes: Buffer;
  readonly text: string;
}

export async function manifestOf(request: APIRequestContext): Promise<readonly ManifestEntry[]> {
  const manifest = (await (await request.get("/downloads/manifest.json")).json()) as {
    files: ManifestEntry[];
  };
  return manifest.files;
}

export const sha256 = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

/** Does something in an empty folder, which is gone afterwards; below the project where the project is needed. */
export async function inFolder<T>(
  use: (folder: string) => Promise<T>,
  place: "anywhere" | "below the project" = "anywhere",
): Promise<T> {
  const below = join(root, "tests/browser/.build");
  if (place !== "anywhere") mkdirSync(below, { recursive: true });
  const folder = mkdtempSync(join(place === "anywhere" ? tmpdir() : below, "memory-course-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The addresses of all files that the page offers to save, each once. */
export async function offeredOn(page: Page): Promise<string[]> {
  const links = await page
    .locator('a[download][href^="/downloads/"]')
    .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
  return [...new Set(links)];
}

/** When the last ten downloads had begun. Chromium drops a page's eleventh within a second (LocalFrame::ShouldThrottleDownload). */
const begun: number[] = [];

async function untilAllowed(page: Page): Promise<void> {
  const tenthLast = begun.length < 10 ? 0 : (begun.shift() ?? 0);
  await page.waitForTimeout(Math.max(0, tenthLast + 1050 - Date.now()));
}

/** Opens the menu that a link stands in, clicks the link, and saves what comes in `folder`. */
async function click(page: Page, href: string, folder: string): Promise<string> {
  const link = page.locator(`a[download][href="${href}"]`).first();
  const menu = page.locator("details", { has: page.locator(`a[download][href="${href}"]`) });
  const closed = menu.first().and(page.locator("details:not([open])"));
  if ((await closed.count()) > 0) await closed.locator("summary").click();
  await untilAllowed(page);
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  begun.push(Date.now());
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  await page.keyboard.press("Escape");
  return file;
}

/** Saves all files of these kinds that the page offers; each is what the manifest says of it. */
export async function saveAll(
  page: Page,
  manifest: readonly ManifestEntry[],
  kinds: readonly string[],
): Promise<SavedFile[]> {
  const entries = new Map(manifest.map((entry) => [`/${entry.path}`, entry]));
  const saved: SavedFile[] = [];
  for (const href of await offeredOn(page)) {
    const entry = entries.get(href);
    if (entry === undefined) throw new Error(`${href} is offered, and not in the manifest`);
    if (!kinds.includes(entry.kind)) continue;
    const bytes = await inFolder(async (folder) => {
      const file = await click(page, href, folder);
      expect(file, "the name under which it is saved").toBe(join(folder, entry.name));
      return readFileSync(file);
    });
    expect(bytes.length, entry.path).toBe(entry.sizeBytes);
    expect(sha256(bytes), entry.path).toBe(entry.sha256);
    saved.push({ ...entry, bytes, text: bytes.toString("utf8") });
  }
  return saved;
}
