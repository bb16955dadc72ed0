/** What the tests know of the site: its port, its pages, and the executed notebooks behind them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";
import type { Page } from "@playwright/test";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** One port for all workers of a run: the first process chooses it, its children inherit it. */
process.env["SITE_TEST_PORT"] ??= String(20_000 + (process.pid % 20_000));
export const sitePort = Number(process.env["SITE_TEST_PORT"]);

export interface Output {
  readonly output_type: string;
  readonly text?: string | string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: string[];
}

export interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly source: string | string[];
  readonly metadata: { readonly tags?: string[] };
  readonly outputs?: Output[];
}

export interface NotebookPage {
  readonly name: string;
  readonly path: string;
  /** The executed notebook's file. */
  readonly file: string;
  readonly cells: readonly Cell[];
}

function notebookPage(file: string, path: string, name: string): NotebookPage {
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: Cell[] };
  return { name, path, file, cells };
}

/** The page of specimens: every kind of output. */
export const specimen = notebookPage(
  join(root, "website/fixtures/specimen.ipynb"),
  "/docs/specimen",
  "specimen",
);

const executed = join(root, "notebooks/.build/executed");

/** The chapters of the course. */
export const chapters: readonly NotebookPage[] = (existsSync(executed) ? readdirSync(executed) : [])
  .filter((file) => file.endsWith(".ipynb") && existsSync(join(root, "notebooks", file)))
  .sort()
  .map((file) => {
    const name = file.replace(/\.ipynb$/, "");
    return notebookPage(join(executed, file), `/course/${name}`, name);
  });

export const notebookPages: readonly NotebookPage[] = [...chapters, specimen];

interface SiteEntry {
  readonly path: string;
  readonly title: string;
}

/** Every page of the built site. */
export const allPaths: readonly string[] = (() => {
  const file = join(root, "website/.build/site.json");
  if (!existsSync(file)) return ["/"];
  const site = JSON.parse(readFileSync(file, "utf8")) as Record<"chapters" | "docs", SiteEntry[]>;
  return ["/", ...[...site.chapters, ...site.docs].map((page) => `/${page.path}`)];
})();

/** The page that is only measured: as heavy as a page gets. */
export const fortyListings = "/docs/forty-listings";

export const joinText = (value: unknown): string =>
  Array.isArray(value) ? value.join("") : typeof value === "string" ? value : "";

/** Opens a page and waits until its scripts run. */
export async function openPage(page: Page, path: string): Promise<void> {
  await page.goto(path, { waitUntil: "networkidle" });
  await expect(page.locator("html")).toHaveAttribute("data-has-hydrated", "true");
}
