/** An executed notebook as a page: prose, cells with their outputs, annotated excerpts. */
import type { Highlight } from "./highlight.js";
import { anchors as anchorsOf, fileModel } from "annotated-excerpt/page";
import { cut, parseSource } from "annotated-excerpt";
import type { Block, Download, FileModel, ListingBlock, PageData, TocItem } from "./model.js";
import { renderMarkdown } from "./markdown.js";
import type { MarkdownOptions } from "./markdown.js";
import type { Notebook, NotebookCell } from "./notebook.js";
import type { PlacedLink } from "./page-links.js";
import { siteLinks, noteLinks } from "./page-links.js";
import { mime, readOutputs } from "./outputs.js";
import type { PageFile } from "./outputs.js";
import { PageError } from "./page-error.js";
import type { ExcerptReference, Listings } from "./listings.js";

export interface ChapterContext {
  readonly highlight: Highlight;
  readonly resolveLink: MarkdownOptions["resolveLink"];
  readonly picture: MarkdownOptions["picture"];
  readonly listings: Listings;
  readonly simulator: string;
  /** Programs of cells, by the cell's id. */
  readonly programs: ReadonlyMap<string, readonly Download[]>;
  readonly addFile: (file: PageFile) => void;
}

export interface Page {
  readonly data: PageData;
  /** The title as plain text. */
  readonly title: string;
  readonly description: string;
  /** Links into the site, with the places where they are written. */
  readonly links: readonly PlacedLink[];
}

/** `08-demand-paging` is chapter 8. */
export function chapterNumber(name: string): number | null {
  const digits = /^(\d+)-/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

function plainText(html: string): string {
  return html
    .replace(/<[^>]+>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'")
    .replace(/&amp;/g, "&");
}

function excerptOf(cell: NotebookCell, where: string): ExcerptReference | null {
  for (const output of cell.outputs) {
    if (output.type !== "data") continue;
    const value = output.data[mime.excerpt];
    if (typeof value !== "object" || value === null) continue;
    const { file, region } = value as { file?: unknown; region?: unknown };
    if (typeof file !== "string") throw new PageError(where, "the listing names no file.");
    return { file, region: typeof region === "string" ? region : undefined, where };
  }
  return null;
}

/** The first sentences of a text, as many as a list of chapters and a search engine show. */
function shorten(text: string): string {
  if (text.length <= 180) return text;
  const whole = /^.{60,179}[.?!](?= )/.exec(text)?.[0];
  return whole ?? `${text.slice(0, 170).replace(/\s+\S*$/, "")} …`;
}

/** Makes the page of a chapter; throws a {@link PageError} where it has no title or names a listing that is not there. */
export async function chapterPage(notebook: Notebook, context: ChapterContext): Promise<Page> {
  const takenIds = new Set<string>();
  const blocks: Block[] = [];
  const toc: TocItem[] = [];
  const links: PlacedLink[] = [];
  const anchors: string[] = [];
  let titleHtml: string | null = null;
  let lead: string | null = null;
  let codeCells = 0;
  const outputContext = {
    page: notebook.name,
    highlight: context.highlight,
    simulator: context.simulator,
    addFile: context.addFile,
  };
  const files: Record<string, FileModel> = {};
  const shown = new Set<string>();

  const prose = async (cell: NotebookCell, where: string): Promise<void> => {
    const rendered = await renderMarkdown(cell.source, { ...context, takenIds });
    if (titleHtml === null) titleHtml = rendered.titleHtml;
    lead ??= rendered.lead;
    toc.push(...rendered.toc);
    links.push(...rendered.links.map(({ href, line }) => ({ href, where, line })));
    anchors.push(...rendered.anchors);
    if (rendered.html !== "") blocks.push({ kind: "prose", html: rendered.html });
  };

  const excerpt = async (id: string, reference: ExcerptReference): Promise<ListingBlock> => {
    const { file, region } = reference;
    const part = await context.listings.show(reference);
    const key = `${file}#${region ?? ""}`;
    files[file] = part.model;
    links.push(...noteLinks(part.model, file));
    const again = shown.has(key) ? "again" : "first";
    anchors.push(...part.anchors);
    shown.add(key);
    const { downloads } = part;
    return { kind: "listing", id, file, region: region ?? null, again, downloads };
  };

  const code = async (cell: NotebookCell, where: string): Promise<string> => {
    const file = `cell-${cell.id}.ts`;
    const source = parseSource({ file: where, language: "typescript", text: cell.source });
    cut(source);
    const model = { ...(await fileModel(source)), name: file };
    links.push(...noteLinks(model, where));
    const { excerpt: block, lines, notes } = anchorsOf(model);
    anchors.push(block, ...[...lines, ...notes].map(({ anchor }) => anchor));
    files[file] = model;
    return file;
  };
  let beside: ListingBlock | null = null;

  for (const [index, cell] of notebook.cells.entries()) {
    const where = `${notebook.name}.ipynb, cell ${index + 1} (${cell.id})`;
    if (beside !== null && cell.type !== "code") {
      throw new PageError(
        where,
        "no code follows the listing that is tagged beside-next.",
        "put the cell that does the same right below the listing",
      );
    }
    if (cell.type === "markdown") await prose(cell, where);
    if (index === 0 && titleHtml === null) {
      throw new PageError(
        where,
        "the chapter has no title.",
        "begin the first cell with `# Title`",
      );
    }
    if (cell.type !== "code" || cell.tags.includes("remove-cell")) continue;
    codeCells += 1;
    const reference = excerptOf(cell, where);
    if (reference !== null) {
      const block = await excerpt(cell.id, reference);
      if (cell.tags.includes("beside-next")) beside = block;
      else blocks.push(block);
      continue;
    }
    const hidden = cell.tags.includes("hide-input") || cell.tags.includes("remove-input");
    blocks.push({
      kind: "cell",
      id: cell.id,
      number: codeCells,
      code: hidden
        ? null
        : { file: await code(cell, where), downloads: context.programs.get(cell.id) ?? [], beside },
      outputs: await readOutputs(cell, outputContext),
    });
    beside = null;
  }

  const number = chapterNumber(notebook.name);
  return {
    title: plainText(titleHtml ?? notebook.name),
    description: shorten(lead ?? ""),
    links,
    data: {
      titleHtml: titleHtml ?? notebook.name,
      eyebrow: number === null ? null : `Chapter ${number}`,
      toc,
      blocks,
      downloads: [],
      files,
      listingData: null,
      links: siteLinks(links),
      anchors,
    },
  };
}

/** Makes the page of a hand-written Markdown file, which begins with `# Title`. */
export async function documentPage(
  file: string,
  source: string,
  context: Pick<ChapterContext, "highlight" | "resolveLink" | "picture">,
): Promise<Page> {
  const rendered = await renderMarkdown(source, { ...context, takenIds: new Set() });
  if (rendered.titleHtml === null) {
    throw new PageError(file, "the page has no title.", "begin it with `# Title`");
  }
  const links = rendered.links.map(({ href, line }) => ({ href, where: file, line }));
  return {
    title: plainText(rendered.titleHtml),
    description: shorten(rendered.lead ?? ""),
    links,
    data: {
      titleHtml: rendered.titleHtml,
      eyebrow: null,
      toc: rendered.toc,
      blocks: [{ kind: "prose", html: rendered.html }],
      downloads: [],
      files: {},
      listingData: null,
      links: siteLinks(links),
      anchors: rendered.anchors,
    },
  };
}
