/** A page: its headings stand in the sidebar, so that the margin belongs to the notes. */
import type { ReactNode } from "react";
import DocItemContent from "@theme/DocItem/Content";
import DocItemPaginator from "@theme/DocItem/Paginator";
import DocItemTOCMobile from "@theme/DocItem/TOC/Mobile";
import { useDoc } from "@docusaurus/plugin-content-docs/client";

export default function DocItemLayout({ children }: { readonly children: ReactNode }): ReactNode {
  const { toc } = useDoc();
  return (
    <div className="page">
      <article data-pagefind-body="">
        {toc.length > 0 && (
          <div data-pagefind-ignore="">
            <DocItemTOCMobile />
          </div>
        )}
        <DocItemContent>{children}</DocItemContent>
      </article>
      <DocItemPaginator />
    </div>
  );
}
