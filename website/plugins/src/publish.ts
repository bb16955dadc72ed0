/**
 * The step before the build: reads the executed notebooks and the hand-written pages of a project, and writes what
 * Docusaurus takes (`docs/`: a thin .mdx and a .json a page; `static/`: downloads, pictures; `site.json`: the order).
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import { chapterNumber, chapterPage, documentPage } from "./chapter.js";
import type { ChapterContext, Page } from "./chapter.js";
import { docsPages } from "./docs-pages.js";
import type { DocsPage } from "./docs-pages.js";
import { escapeHtml } from "./escape.js";
import { loadExcerpts } from "./excerpts.js";
import { figureHtml } from "./figure.js";
import { createHighlight } from "./highlight.js";
import type { Highlight } from "./highlight.js";
import { mdxPage } from "./mdx.js";
import { readNotebook } from "./notebook.js";
import { PageError } from "./page-error.js";
import { sanitiseSvg } from "./sanitise.js";
import { resolveSiteLink } from "./site-links.js";
import type { SiteMap } from "./site-links.js";
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
}

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

export interface Published {
  readonly chapters: readonly SiteEntry[];
  readonly docs: readonly SiteEntry[];
  readonly changedFiles: number;
}

interface Work {
  readonly options: PublishOptions;
  readonly highlight: Highlight;
  readonly map: SiteMap;
  readonly tree: Tree;
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

/** A picture of the project that Markdown names: SVG is drawn in the page, a bitmap is a file of the site. */
function pictureFor(work: Work, from: string): ChapterContext["picture"] {
  return (source, alt) => {
    if (/^[a-z]+:/i.test(source)) return null;
    const path = posix.normalize(posix.join(posix.dirname(from), source));
    const file = join(work.options.root, path);
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
    const href = `${work.options.baseUrl}${target}`;
    const prefix = `${posix.basename(path, ".svg").replace(/[^a-z0-9]+/gi, "-")}-`;
    const svg = path.endsWith(".svg") ? sanitiseSvg(bytes.toString("utf8"), prefix) : null;
    if (svg !== null) return figureHtml(svg, href, alt);
    return `<img src="${escapeHtml(href)}" alt="${escapeHtml(alt)}" loading="lazy">`;
  };
}

function addPage(work: Work, folder: string, name: string, page: Page, label: string): void {
  const path = `${folder}/${name}`;
  work.tree.set(`docs/${path}.json`, `${JSON.stringify(page.data)}\n`);
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

function addNotebook(work: Work, folder: "course" | "docs", name: string, text: string): SiteEntry {
  const source = `notebooks/${name}.ipynb`;
  const number = chapterNumber(name);
  const notebookFile = `downloads/${name}.ipynb`;
  work.tree.set(`static/${notebookFile}`, text);
  const excerpts = loadExcerpts(work.options.root);
  const page = chapterPage(readNotebook(name, text), {
    highlight: work.highlight,
    resolveLink: (href) => resolveSiteLink(work.map, source, href),
    picture: pictureFor(work, source),
    excerpt: excerpts,
    addFile: (file) => work.tree.set(`static/${file.path}`, file.bytes),
    downloads: [
      {
        label: "Notebook, with its outputs",
        file: notebookFile,
        name: `${name}.ipynb`,
        sizeBytes: Buffer.byteLength(text),
      },
    ],
  });
  const label = number === null ? page.title : `${number}. ${page.title}`;
  addPage(work, folder, name, page, label);
  const { title, description } = page;
  return {
    name,
    title,
    description,
    path: `${folder}/${name}`,
    section: folder === "course" ? "Chapters" : "The project",
    number,
    headings: headingsOf(page),
  };
}

async function addDocument(work: Work, entry: DocsPage): Promise<SiteEntry> {
  const text = await readFile(join(work.options.root, entry.source), "utf8");
  const page = documentPage(entry.source, text, {
    highlight: work.highlight,
    resolveLink: (href) => resolveSiteLink(work.map, entry.source, href),
    picture: pictureFor(work, entry.source),
  });
  addPage(work, "docs", entry.slug, page, entry.label ?? page.title);
  return {
    name: entry.slug,
    title: entry.label ?? page.title,
    description: page.description,
    path: `docs/${entry.slug}`,
    section: entry.section,
    number: null,
    headings: headingsOf(page),
  };
}

/** Writes the site's pages and downloads; throws a {@link PageError} for what an author did wrong. */
export async function publish(options: PublishOptions): Promise<Published> {
  const { root } = options;
  const isFile = (path: string): boolean =>
    existsSync(join(root, path)) && statSync(join(root, path)).isFile();
  const notebooks = await executedNotebooks(options);
  const docsFolder = join(root, "docs");
  const docsFiles = existsSync(docsFolder)
    ? (await readdir(docsFolder)).filter((name) => name.endsWith(".md")).sort()
    : [];
  const documents = docsPages(
    docsFiles.map((name) => `docs/${name}`),
    isFile,
  );
  const tree: Tree = new Map();
  const map: SiteMap = {
    baseUrl: options.baseUrl,
    pages: new Map([
      ["README.md", ""],
      ...[...notebooks.keys()].map(
        (name) => [`notebooks/${name}.ipynb`, `course/${name}`] as const,
      ),
      ...documents.map((page) => [page.source, `docs/${page.slug}`] as const),
    ]),
    publishFile: (path) => {
      if (path.startsWith("..") || !isFile(path)) return null;
      const target = `files/${path.replace(/\//g, "-")}`;
      tree.set(`static/${target}`, readFileSync(join(root, path)));
      return target;
    },
  };
  const work: Work = { options, highlight: await createHighlight(), map, tree };
  const chapters: SiteEntry[] = [];
  for (const [name, file] of notebooks) {
    chapters.push(addNotebook(work, "course", name, await readFile(file, "utf8")));
  }
  const docs = await Promise.all(documents.map((page) => addDocument(work, page)));
  for (const file of options.specimens) {
    docs.push(addNotebook(work, "docs", basename(file, ".ipynb"), await readFile(file, "utf8")));
  }
  const entries = [...chapters, ...docs];
  const listed = (list: readonly SiteEntry[]): object[] =>
    list.map(({ headings: _, ...entry }) => entry);
  const site = { chapters: listed(chapters), docs: listed(docs) };
  tree.set("site.json", `${JSON.stringify(site)}\n`);
  tree.set(
    "headings.json",
    `${JSON.stringify(Object.fromEntries(entries.map((entry) => [entry.path, entry.headings])))}\n`,
  );
  return { chapters, docs, changedFiles: await writeTree(options.out, tree) };
}
