/** Where the project's files stand on the site, so that a link that works in the repository works on a page. */
import { basename, posix } from "node:path";
import type { ResolvedLink } from "./markdown.js";

export interface SiteMap {
  /** `/` or `/course/`: begins and ends with a slash. */
  readonly baseUrl: string;
  /** Path in the project → path of the page below the base: `notebooks/08-demand-paging.ipynb` → `course/08-demand-paging`. */
  readonly pages: ReadonlyMap<string, string>;
  /** Copies a file of the project to the downloads and says where; null where it is no file. */
  readonly publishFile: (path: string) => string | null;
}

const absolute = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;

/** Resolves `href` as written in the project's file `from`. */
export function resolveSiteLink(map: SiteMap, from: string, href: string): ResolvedLink {
  if (href.startsWith("#") || absolute.test(href)) return { href };
  const [path = "", hash] = href.split("#", 2);
  const target = path.startsWith("/")
    ? path.slice(1)
    : posix.normalize(posix.join(posix.dirname(from), path));
  const anchor = hash === undefined ? "" : `#${hash}`;
  const page = map.pages.get(target) ?? map.pages.get(posix.join(target, "README.md"));
  if (page !== undefined) return { href: `${map.baseUrl}${page}${anchor}` };
  if ([...map.pages.values()].includes(target)) return { href: `${map.baseUrl}${target}${anchor}` };
  const file = map.publishFile(target);
  if (file === null) return { href: null };
  return { href: `${map.baseUrl}${file}`, download: basename(file) };
}
