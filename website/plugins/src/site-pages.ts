/** Adds pages to the tree of generated files: chapters with their downloads, hand-written documents. */
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { chapterNumber, chapterPage, documentPage } from "./chapter.js";
import type { ChapterContext, Page } from "./chapter.js";
import type { DocsPage } from "./docs-pages.js";
import type { Downloads } from "./downloads.js";
import { escapeHtml } from "./escape.js";
import { figureHtml } from "./figure.js";
import { highlight } from "./highlight.js";
import { listingData, listingDataPath } from "./listing-data.js";
import type { Listings } from "./listings.js";
import { mdxPage } from "./mdx.js";
import type { PageData } from "./model.js";
import { offerChapter } from "./notebook-downloads.js";
import type { ChapterFiles } from "./notebook-downloads.js";
import { readNotebook } from "./notebook.js";
import { PageError } from "./page-error.js";
import { sanitiseSvg } from "./sanitise.js";
import type { LinkedPage } from "./page-links.js";
import { offerPrograms } from "./programs.js";
import type { SimulatorCode } from "./programs.js";
import { resolveSiteLink } from "./site-links.js";
import type { SiteMap } from "./site-links.js";
import type { Tree } from "./tree.js";

/** What all pages of one run share. */
export interface Work {
  readonly root: string;
  readonly baseUrl: string;
  /** Name and version of the simulator. */
  readonly simulator: string;
  readonly map: SiteMap;
  readonly tree: Tree;
  readonly downloads: Downloads;
  readonly listings: Listings;
  readonly simulatorCode: SimulatorCode;
  /** Every page as links see it: added to while pages are made, checked when all are there. */
  readonly linked: LinkedPage[];
}

/** A page in the order of the site. */
export interface SiteEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Below the base. */
  readonly path: string;
  readonly section: string;
  readonly number: number | null;
  /** Headings of level 2, id and HTML. */
  readonly headings: readonly (readonly [id: string, html: string])[];
}

/** A picture of the project that Markdown names: SVG is drawn in the page, a bitmap is a file of the site. */
function pictureFor(work: Work, from: string): ChapterContext["picture"] {
  return (source, alt) => {
    if (/^[a-z]+:/i.test(source)) return null;
    const path = posix.normalize(posix.join(posix.dirname(from), source));
    const file = join(work.root, path);
    if (!existsSync(file)) {
      throw new PageError(
        from,
        `the picture ${source} is not there.`,
        `a path from ${posix.dirname(from)}/`,
      );
    }
    const target = `pictures/${posix.basename(path)}`;
    const bytes = readFileSync(file);
    work.tree.set(`static/${target}`, bytes);
    const href = `${work.baseUrl}${target}`;
    const prefix = `${posix.basename(path, ".svg").replace(/[^a-z0-9]+/gi, "-")}-`;
    const svg = path.endsWith(".svg") ? sanitiseSvg(bytes.toString("utf8"), prefix) : null;
    if (svg !== null) return figureHtml(svg, href, alt);
    return `<img src="${escapeHtml(href)}" alt="${escapeHtml(alt)}" loading="lazy">`;
  };
}

function addPage(work: Work, folder: string, name: string, page: Page, label: string): void {
  const path = `${folder}/${name}`;
  work.linked.push({ path, anchors: page.data.anchors, links: page.links });
  const listings = listingData(page.data);
  const text = `${JSON.stringify(listings)}\n`;
  const file = listings === null ? null : listingDataPath(path, text);
  if (file !== null) work.tree.set(`static/${file}`, text);
  work.tree.set(`docs/${path}.json`, `${JSON.stringify({ ...page.data, listingData: file })}\n`);
  work.tree.set(
    `docs/${path}.mdx`,
    mdxPage({
      title: page.title,
      description: page.description,
      sidebarLabel: label,
      slug: `/${path}`,
      dataFile: `${name}.json`,
    }),
  );
}

function headingsOf(page: Page): SiteEntry["headings"] {
  return page.data.toc.filter((item) => item.level === 2).map((item) => [item.id, item.value]);
}

/** Where a notebook is published: as a chapter of the course, or among the documents. */
export type NotebookPlace = "course" | "docs";

/** Adds an executed notebook's page and downloads. */
export async function addNotebook(
  work: Work,
  place: NotebookPlace,
  name: string,
  executed: string,
): Promise<{ readonly entry: SiteEntry; readonly files: ChapterFiles; readonly data: PageData }> {
  const source = `notebooks/${name}.ipynb`;
  const number = chapterNumber(name);
  const pictures = new Map<string, Uint8Array>();
  const notebook = readNotebook(name, executed);
  const page = await chapterPage(notebook, {
    highlight,
    programs: offerPrograms(notebook, work.simulatorCode, work.downloads),
    simulator: work.simulator,
    listings: work.listings,
    resolveLink: (href) => resolveSiteLink(work.map, source, href),
    picture: pictureFor(work, source),
    addFile(file) {
      pictures.set(posix.basename(file.path), Buffer.from(file.bytes));
      work.tree.set(`static/${file.path}`, file.bytes);
    },
  });
  const listings = Object.keys(page.data.files).flatMap((file) => {
    const offered = work.downloads.fileOf(`listings/${file}`);
    return offered === undefined ? [] : [offered];
  });
  const files = { name, title: page.title, executed, listings, pictures };
  // A specimen was written by hand and does not run, so it is not offered.
  const downloads = place === "course" ? offerChapter(files, work.downloads) : [];
  const label = number === null ? page.title : `${number}. ${page.title}`;
  addPage(work, place, name, { ...page, data: { ...page.data, downloads } }, label);
  const { title, description } = page;
  const entry = {
    name,
    title,
    description,
    path: `${place}/${name}`,
    section: place === "course" ? "Chapters" : "The project",
    number,
    headings: headingsOf(page),
  };
  return { entry, files, data: page.data };
}

/** Adds a hand-written page. */
export async function addDocument(work: Work, document: DocsPage): Promise<SiteEntry> {
  const text = await readFile(join(work.root, document.source), "utf8");
  const page = await documentPage(document.source, text, {
    highlight,
    resolveLink: (href) => resolveSiteLink(work.map, document.source, href),
    picture: pictureFor(work, document.source),
  });
  const title = document.label ?? page.title;
  addPage(work, "docs", document.slug, page, title);
  return {
    name: document.slug,
    title,
    description: page.description,
    path: `docs/${document.slug}`,
    section: document.section,
    number: null,
    headings: headingsOf(page),
  };
}
