/**
 * A page drawn from its data. This happens when the site is built; a browser gets the HTML and not this code
 * (plugins/docusaurus/bundle.cjs leaves it and the data out).
 */
import type { ReactNode } from "react";
import { useBaseUrlUtils } from "@docusaurus/useBaseUrl";
import useBrokenLinks from "@docusaurus/useBrokenLinks";
import type { Block, Download, PageData } from "@memory-course/pages";
import CellView from "./CellView";
import Excerpt, { excerptOf } from "./Excerpt";
import { formatSize } from "./format-size";

type WithBaseUrl = (path: string) => string;

interface DownloadsProps {
  readonly downloads: readonly Download[];
  readonly withBaseUrl: WithBaseUrl;
}

function Downloads({ downloads, withBaseUrl }: DownloadsProps): ReactNode {
  if (downloads.length === 0) return null;
  return (
    <aside className="downloads" data-pagefind-ignore="" aria-label="Downloads of this chapter">
      <ul>
        {downloads.map((download) => (
          <li key={download.file}>
            <a href={withBaseUrl(download.file)} download={download.name}>
              {download.label}
            </a>{" "}
            <span className="size">{formatSize(download.sizeBytes)}</span>
          </li>
        ))}
      </ul>
    </aside>
  );
}

interface BlockProps {
  readonly block: Block;
  readonly page: PageData;
  readonly withBaseUrl: WithBaseUrl;
}

function BlockView({ block, page, withBaseUrl }: BlockProps): ReactNode {
  if (block.kind === "prose") {
    return <div className="prose" dangerouslySetInnerHTML={{ __html: block.html }} />;
  }
  if (block.kind === "cell") return <CellView cell={block} page={page} withBaseUrl={withBaseUrl} />;
  const props = excerptOf(block, withBaseUrl);
  return <Excerpt id={block.id} file={page.files[block.file]} props={props} />;
}

export default function PageContent({ page }: { readonly page: PageData }): ReactNode {
  const broken = useBrokenLinks();
  page.links.forEach((link) => broken.collectLink(link));
  page.anchors.forEach((id) => broken.collectAnchor(id));
  const { withBaseUrl } = useBaseUrlUtils();
  const data = page.listingData === null ? undefined : withBaseUrl(page.listingData);
  return (
    <>
      <header className="page-head" data-listings={data}>
        {page.eyebrow !== null && <p className="eyebrow">{page.eyebrow}</p>}
        <h1 dangerouslySetInnerHTML={{ __html: page.titleHtml }} />
        <Downloads downloads={page.downloads} withBaseUrl={withBaseUrl} />
      </header>
      {page.blocks.map((block, index) => (
        <BlockView key={index} block={block} page={page} withBaseUrl={withBaseUrl} />
      ))}
    </>
  );
}
