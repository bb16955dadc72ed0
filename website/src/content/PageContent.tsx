/**
 * A page drawn from its data. This happens when the site is built; a browser gets the HTML and not this code
 * (plugins/docusaurus/bundle.cjs leaves it and the data out).
 */
import type { ReactNode } from "react";
import { useBaseUrlUtils } from "@docusaurus/useBaseUrl";
import useBrokenLinks from "@docusaurus/useBrokenLinks";
import type { Block, Download, ListingBlock, PageData } from "@memory-course/pages";
import type { ListingData } from "@site/src/client/listings";
import CellView from "./CellView";
import Excerpt, { cellOf, excerptOf } from "./Excerpt";
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

/** What the excerpts need once scripts run, as JSON in the page: no request, and nothing to parse as code. */
function ListingScript({ page, withBaseUrl }: Omit<BlockProps, "block">): ReactNode {
  const excerpts: Record<string, ListingData["excerpts"][string]> = {};
  const addListing = (block: ListingBlock): void => {
    excerpts[block.id] = { file: block.file, props: excerptOf(block, withBaseUrl) };
  };
  const pairs: Record<string, readonly [string, string]> = {};
  for (const block of page.blocks) {
    if (block.kind === "listing") addListing(block);
    const code = block.kind === "cell" ? cellOf(block, withBaseUrl) : null;
    if (block.kind !== "cell" || code === null) continue;
    excerpts[block.id] = code;
    const beside = block.code?.beside ?? null;
    if (beside === null) continue;
    addListing(beside);
    pairs[block.id] = [beside.id, block.id];
  }
  if (Object.keys(excerpts).length === 0) return null;
  const data: ListingData = { files: page.files, excerpts, pairs };
  const json = JSON.stringify(data).replace(/</g, "\\u003c");
  return (
    <script
      type="application/json"
      className="listing-data"
      dangerouslySetInnerHTML={{ __html: json }}
    />
  );
}

export default function PageContent({ page }: { readonly page: PageData }): ReactNode {
  const broken = useBrokenLinks();
  page.links.forEach((link) => broken.collectLink(link));
  page.anchors.forEach((id) => broken.collectAnchor(id));
  const { withBaseUrl } = useBaseUrlUtils();
  return (
    <>
      <header className="page-head">
        {page.eyebrow !== null && <p className="eyebrow">{page.eyebrow}</p>}
        <h1 dangerouslySetInnerHTML={{ __html: page.titleHtml }} />
        <Downloads downloads={page.downloads} withBaseUrl={withBaseUrl} />
      </header>
      {page.blocks.map((block, index) => (
        <BlockView key={index} block={block} page={page} withBaseUrl={withBaseUrl} />
      ))}
      <ListingScript page={page} withBaseUrl={withBaseUrl} />
    </>
  );
}
