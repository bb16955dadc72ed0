/**
 * The step before the build: reads the executed notebooks and the hand-written pages of a project, and writes what
 * Docusaurus takes (`docs/`: a thin .mdx and a .json a page; `static/`: downloads, pictures; `site.json`: the order).
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { docsPages } from "./docs-pages.js";
import type { DocsPage } from "./docs-pages.js";
import { collectDownloads } from "./downloads.js";
import { fortyListings, fortyListingsNotebook } from "./forty-listings.js";
import { loadListings } from "./listings.js";
import { offerCourse } from "./notebook-downloads.js";
import type { ChapterFiles } from "./notebook-downloads.js";
import { checkLinks } from "./page-links.js";
import { chooseShowcase } from "./showcase.js";
import type { SiteMap } from "./site-links.js";
import { addDocument, addNotebook } from "./site-pages.js";
import type { SiteEntry, Work } from "./site-pages.js";
import { writeTree } from "./tree.js";
import type { Tree } from "./tree.js";

export interface PublishOptions {
  /** The project's folder. */
  readonly root: string;
  /** The folder with the executed notebooks. */
  readonly executed: string;
  /** Notebooks, with outputs, that are no chapters: published among the docs. */
  readonly specimens: readonly string[];
  readonly out: string;
  readonly baseUrl: string;
  /** kernel-sim as one module that imports nothing. */
  readonly simulatorCode: string;
}

export interface Published {
  readonly chapters: readonly SiteEntry[];
  readonly docs: readonly SiteEntry[];
  readonly changedFiles: number;
}

/** The executed notebooks, by name and in order; one whose source is gone from notebooks/ is no chapter any more. */
async function executedNotebooks(options: PublishOptions): Promise<Map<string, string>> {
  const { root, executed } = options;
  const files = existsSync(executed) ? await readdir(executed) : [];
  return new Map(
    files
      .filter((file) => file.endsWith(".ipynb") && existsSync(join(root, "notebooks", file)))
      .sort()
      .map((file) => [basename(file, ".ipynb"), join(executed, file)]),
  );
}

async function documents(root: string): Promise<DocsPage[]> {
  const folder = join(root, "docs");
  const files = existsSync(folder) ? (await readdir(folder)).sort() : [];
  return docsPages(
    files.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
    (path) => existsSync(join(root, path)),
  );
}

function siteMap(
  options: PublishOptions,
  tree: Tree,
  chapters: Iterable<string>,
  docs: readonly DocsPage[],
): SiteMap {
  const pages = new Map<string, string>([["README.md", ""]]);
  for (const name of chapters) pages.set(`notebooks/${name}.ipynb`, `course/${name}`);
  for (const page of docs) pages.set(page.source, `docs/${page.slug}`);
  return {
    baseUrl: options.baseUrl,
    pages,
    publishFile(path) {
      const file = join(options.root, path);
      if (path.startsWith("..") || !existsSync(file) || !statSync(file).isFile()) return null;
      const target = `files/${path.replace(/\//g, "-")}`;
      tree.set(`static/${target}`, readFileSync(file));
      return target;
    },
  };
}

/** Name and version of a package of the project: `kernel-sim 0.1.0`. */
function packageStamp(root: string, folder: string): { name: string; version: string } {
  const file = join(root, folder, "package.json");
  return JSON.parse(readFileSync(file, "utf8")) as { name: string; version: string };
}

function addOrder(tree: Tree, chapters: readonly SiteEntry[], docs: readonly SiteEntry[]): void {
  const listed = (list: readonly SiteEntry[]): object[] =>
    list.map(({ headings: _, ...entry }) => entry);
  const site = { chapters: listed(chapters), docs: listed(docs) };
  const headings = [...chapters, ...docs].map((entry) => [entry.path, entry.headings] as const);
  tree.set("site.json", `${JSON.stringify(site)}\n`);
  tree.set("headings.json", `${JSON.stringify(Object.fromEntries(headings))}\n`);
}

/** Writes the site's pages and downloads; throws a PageError or a ListingError for what an author did wrong. */
export async function publish(options: PublishOptions): Promise<Published> {
  const { root } = options;
  const notebooks = await executedNotebooks(options);
  const pages = await documents(root);
  const listingsFolder = join(root, "notebooks/listings");
  const tree: Tree = new Map();
  const downloads = collectDownloads(tree);
  const simulator = packageStamp(root, "kernel-sim");
  const work: Work = {
    root,
    baseUrl: options.baseUrl,
    simulator: `${simulator.name} ${simulator.version}`,
    map: siteMap(options, tree, notebooks.keys(), pages),
    tree,
    downloads,
    listings: loadListings(listingsFolder, downloads),
    linked: [],
    simulatorCode: { version: simulator.version, code: options.simulatorCode },
  };
  const chapters: SiteEntry[] = [];
  const chapterFiles: ChapterFiles[] = [];
  const shown: Parameters<typeof chooseShowcase>[0][number][] = [];
  for (const [name, file] of notebooks) {
    const text = await readFile(file, "utf8");
    const { entry, files, data } = await addNotebook(work, "course", name, text);
    shown.push({ path: entry.path, chapter: data.eyebrow ?? entry.title, data });
    chapters.push(entry);
    chapterFiles.push(files);
  }
  work.listings.checkAllShown();
  const course = offerCourse(chapterFiles, downloads);
  const showcase = chooseShowcase(shown);
  tree.set("landing.json", `${JSON.stringify({ showcase, course })}\n`);
  const docs: SiteEntry[] = [];
  for (const page of pages) docs.push(await addDocument(work, page));
  for (const file of options.specimens) {
    const text = await readFile(file, "utf8");
    const listings = loadListings(dirname(file), downloads);
    const name = basename(file, ".ipynb");
    docs.push((await addNotebook({ ...work, listings }, "docs", name, text)).entry);
  }
  const forty = fortyListingsNotebook(listingsFolder);
  const listings = loadListings(listingsFolder, downloads);
  docs.push((await addNotebook({ ...work, listings }, "docs", fortyListings, forty)).entry);
  checkLinks(work.linked, options.baseUrl);
  downloads.finish(packageStamp(root, ".").version);
  addOrder(tree, chapters, docs);
  return { chapters, docs, changedFiles: await writeTree(options.out, tree) };
}
