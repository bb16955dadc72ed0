/** Links between pages: each must lead to a page, a heading, a block or a line that is there. */
import { ListingError } from "annotated-excerpt";
import type { FileModel } from "./model.js";

/** A link into the site, and where it is written. */
export interface PlacedLink {
  readonly href: string;
  /** Notebook and cell, or a file. */
  readonly where: string;
  /** From 1; 0 where it is not known. */
  readonly line: number;
}

/** A page as links see it. */
export interface LinkedPage {
  /** Below the base. */
  readonly path: string;
  readonly anchors: readonly string[];
  readonly links: readonly PlacedLink[];
}

/** A range of lines, `FILE.REGION.lFIRST-lLAST`, as the anchors of its first and its last line. */
function endsOf(anchor: string): string[] {
  const range = /^(.*\.)(l\w+)-(l\w+)$/.exec(anchor);
  if (range === null) return [anchor];
  const [, block = "", first = "", last = ""] = range;
  return [block + first, block + last];
}

/** What to try where a page has no such anchor. */
function hintFor(anchor: string): string {
  if (/\.l\w+(-l\w+)?$/.test(anchor)) {
    return "the line's text or region changed: click its number on the page, and write what was copied";
  }
  if (/\.n\w+$/.test(anchor)) return "copy the link of the note anew on the page";
  return "a heading's anchor is its words in small letters with - between them, a block's is FILE.REGION";
}

/** The links that stand in the notes of a file. */
export function noteLinks(model: FileModel, where: string): PlacedLink[] {
  return model.notes.flatMap(({ html, line }) =>
    [...html.matchAll(/<a href="([^"]*)"/g)].map(([, href = ""]) => ({
      href: href.replaceAll("&amp;", "&"),
      where,
      line: model.lines[line]?.number ?? 0,
    })),
  );
}

/** The links into the site as Docusaurus looks for them: of a range of lines, the first. */
export function siteLinks(links: readonly PlacedLink[]): string[] {
  return links
    .filter(({ href }) => /^[/#]/.test(href))
    .map(({ href }) => {
      const [page = "", anchor] = href.split("#", 2);
      return anchor === undefined ? href : `${page}#${endsOf(anchor)[0] ?? ""}`;
    });
}

/** What is wrong with the link, and what to try; null where it leads to something. */
function faultOf(
  { href }: PlacedLink,
  from: LinkedPage,
  pages: ReadonlyMap<string, LinkedPage>,
  baseUrl: string,
): { message: string; hint: string } | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return null;
  if (!/^[/#]/.test(href)) {
    const hint = "in a note a link begins with https://, with / or with #";
    return { message: `the link ${href} leads to no page`, hint };
  }
  const [path = "", anchor = ""] = href.split("#", 2);
  const below = path.slice(baseUrl.length);
  if (path !== "" && (below === "" || below.startsWith("files/"))) return null;
  const target = path === "" ? from : pages.get(below);
  if (target === undefined) {
    const hint = `one of ${[...pages.keys()].map((one) => baseUrl + one).join(", ")}`;
    return { message: `the link ${href} leads to no page`, hint };
  }
  if (anchor === "") return null;
  const lacking = endsOf(decodeURIComponent(anchor)).find((one) => !target.anchors.includes(one));
  if (lacking === undefined) return null;
  return {
    message: `the link ${href} leads to no place: ${target.path} has no #${lacking}`,
    hint: hintFor(lacking),
  };
}

/** Throws a ListingError that names each link which leads nowhere, with its file, its line and what to do. */
export function checkLinks(pages: readonly LinkedPage[], baseUrl: string): void {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const problems = pages.flatMap((page) =>
    page.links.flatMap((link) => {
      const fault = faultOf(link, page, byPath, baseUrl);
      return fault === null ? [] : [{ file: link.where, line: link.line, ...fault }];
    }),
  );
  if (problems.length > 0) throw new ListingError(problems);
}
