/** What a page offers to save is what the manifest says, and it runs. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";
import { chapters, notebookPages, realAnswersOf, root } from "./site.js";

interface ManifestEntry {
  readonly path: string;
  readonly name: string;
  readonly kind: string;
  readonly language: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly command?: string;
}

const hasCompiler = spawnSync("cc", ["--version"]).status === 0 && process.platform === "linux";

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "memory-course-download-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Clicks a download's link, opening the menu that it stands in, and saves the file in `folder`. */
async function save(page: Page, selector: string, folder: string): Promise<string> {
  const link = page.locator(selector).first();
  await link.evaluate((element) => element.closest("details")?.setAttribute("open", ""));
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

test("every download is what the manifest says of it", async ({ request }) => {
  const manifest = (await (await request.get("/downloads/manifest.json")).json()) as {
    files: ManifestEntry[];
  };
  expect(manifest.files.length).toBeGreaterThan(3);
  for (const entry of manifest.files) {
    const bytes = await (await request.get(`/${entry.path}`)).body();
    expect(bytes.length, entry.path).toBe(entry.sizeBytes);
    expect(createHash("sha256").update(bytes).digest("hex"), entry.path).toBe(entry.sha256);
  }
});

for (const notebook of notebookPages) {
  test(`${notebook.name}: each link to save is named in the manifest`, async ({
    page,
    request,
  }) => {
    const manifest = (await (await request.get("/downloads/manifest.json")).json()) as {
      files: ManifestEntry[];
    };
    const named = new Set(manifest.files.map((entry) => `/${entry.path}`));
    await page.goto(notebook.path);
    const links = await page
      .locator("a[download]")
      .evaluateAll((elements) => elements.map((element) => element.getAttribute("href") ?? ""));
    const offered = links.filter((href) => href.startsWith("/downloads/"));
    expect(offered.length).toBeGreaterThan(0);
    expect(offered.filter((href) => !named.has(href))).toEqual([]);
  });

  test(`${notebook.name}: the C files saved through the page compile and print what it shows`, async ({
    page,
  }) => {
    test.skip(!hasCompiler, "there is no C compiler (cc) on Linux here");
    await page.goto(notebook.path, { waitUntil: "networkidle" });
    const shown = realAnswersOf(notebook);
    const hrefs = new Set(
      await page
        .locator('a[download$=".c"][href^="/downloads/listings/"]')
        .evaluateAll((elements) => elements.map((element) => element.getAttribute("href") ?? "")),
    );
    const folder = mkdtempSync(join(tmpdir(), "memory-course-download-"));
    let compared = 0;
    try {
      for (const answer of shown) {
        const href = `/downloads/listings/${answer.file}`;
        if (!hrefs.has(href)) continue;
        const file = await save(page, `a[download][href="${href}"]`, folder);
        const command = await page
          .locator(`li:has(> a[href="${href}"]) code, li:has(> a[href="${href}"]) .ax-command`)
          .first()
          .textContent();
        expect(command, href).toContain(answer.file);
        const line = [command, ...answer.args].join(" ");
        // A listing may end by a signal on purpose: what it printed before counts.
        const { stdout } = spawnSync("sh", ["-c", line], {
          cwd: folder,
          encoding: "utf8",
          env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
        });
        // The text of an answer goes on where a signal ended the program, and says so.
        expect(answer.stdout.slice(0, stdout.trimEnd().length), file).toBe(stdout.trimEnd());
        expect(stdout.trimEnd() === "", file).toBe(answer.stdout.trimEnd() === "");
        compared += 1;
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(compared).toBeGreaterThan(0);
  });
}

test("the notebook saved through the page executes, with the outputs that the page shows", async ({
  page,
}) => {
  const chapter = chapters[0];
  test.skip(chapter === undefined, "no chapter was executed");
  if (chapter === undefined) return;
  await page.goto(chapter.path, { waitUntil: "networkidle" });
  const folder = join(root, "tests/browser/.build");
  const file = await save(page, `a[download="${chapter.name}.ipynb"]`, folder);
  expect(readFileSync(file, "utf8")).toBe(readFileSync(chapter.file, "utf8"));
  inFolder((out) => {
    const result = spawnSync(
      process.execPath,
      ["scripts/notebook.mjs", "--no-setup", file, "--out", join(out, "out.ipynb")],
      { cwd: root, encoding: "utf8" },
    );
    expect(result.status, result.stdout + result.stderr).toBe(0);
  });
});
