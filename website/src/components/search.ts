/** Queries to the index that the build made. */

export interface Hit {
  readonly url: string;
  readonly title: string;
  /** Pagefind's own excerpt: text with <mark>. */
  readonly excerptHtml: string;
}

interface PagefindPart {
  readonly url: string;
  readonly title: string;
  readonly excerpt: string;
}

interface PagefindPage extends PagefindPart {
  readonly meta: { readonly title?: string };
  readonly sub_results: readonly PagefindPart[];
}

interface Pagefind {
  readonly options: (options: { readonly baseUrl: string }) => Promise<void>;
  readonly debouncedSearch: (
    query: string,
    options: object,
    milliseconds: number,
  ) => Promise<{ readonly results: readonly { data: () => Promise<PagefindPage> }[] } | null>;
}

let loading: Promise<Pagefind> | undefined;

async function load(baseUrl: string): Promise<Pagefind> {
  const url = `${baseUrl}pagefind/pagefind.js`;
  const pagefind = (await import(/* webpackIgnore: true */ url)) as Pagefind;
  await pagefind.options({ baseUrl });
  return pagefind;
}

/** A page's address as the site writes it, without `.html`. */
const clean = (url: string): string => url.replace(/\.html(?=#|$)/, "").replace(/\/index$/, "/");

/** At most eight places that hold `query`, best first; rejects where the index cannot be loaded. */
export async function search(baseUrl: string, query: string): Promise<readonly Hit[]> {
  loading ??= load(baseUrl);
  const answer = await (await loading).debouncedSearch(query, {}, 120);
  if (answer === null) return [];
  const pages = await Promise.all(answer.results.slice(0, 6).map((result) => result.data()));
  return pages
    .flatMap((page) => {
      const parts = page.sub_results.length > 0 ? page.sub_results.slice(0, 3) : [page];
      const title = page.meta.title ?? page.title;
      return parts.map((part) => ({
        url: clean(part.url),
        title: part.title && part.title !== title ? `${title} › ${part.title}` : title,
        excerptHtml: part.excerpt,
      }));
    })
    .slice(0, 8);
}
