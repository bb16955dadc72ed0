/**
 * A chapter or a hand-written page. Its HTML is drawn when the site is built; in a browser it stays as it came, and
 * only its behaviour is added. A page that is reached from another one fetches its HTML.
 */
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { useHistory, useLocation } from "@docusaurus/router";
import type { PageData } from "@memory-course/pages";
import PageContent from "@site/src/content/PageContent";
import { enhancePage } from "@site/src/client/enhance-page";
import { fetchPageBody } from "@site/src/client/fetch-page";
import { arrive } from "@site/src/client/scroll-memory";

/** What a browser gets of a page's data. */
type PageShell = Pick<PageData, "toc">;

export default function Page({ page }: { readonly page: PageData | PageShell }): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const place = useLocation();
  const { pathname } = place;
  const { action } = useHistory();
  useEffect(() => {
    const element = root.current;
    if (element === null) return undefined;
    const leave = new AbortController();
    const begin = async (): Promise<void> => {
      if (element.childElementCount === 0) {
        await fetchPageBody(element, pathname, leave.signal);
        if (!leave.signal.aborted) arrive(element, place, action);
      }
      if (!leave.signal.aborted) await enhancePage(element, leave.signal);
    };
    begin().catch((error: unknown) => {
      if (!leave.signal.aborted) throw error;
    });
    return () => leave.abort();
    // Another place on the same page is no other page.
  }, [pathname]);
  if ("blocks" in page) {
    return (
      <div className="page-body" ref={root}>
        <PageContent page={page} />
      </div>
    );
  }
  return (
    <div
      key={pathname}
      className="page-body"
      ref={root}
      suppressHydrationWarning
      dangerouslySetInnerHTML={{ __html: "" }}
    />
  );
}
