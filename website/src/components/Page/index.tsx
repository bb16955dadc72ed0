/** A chapter or a hand-written page, drawn from its data. */
import { useRef } from "react";
import type { ReactNode } from "react";
import useBaseUrl from "@docusaurus/useBaseUrl";
import useBrokenLinks from "@docusaurus/useBrokenLinks";
import type { Block, Download, PageData } from "@memory-course/pages";
import Cell from "@site/src/components/Cell";
import Excerpt from "@site/src/components/Excerpt";
import { usePictures } from "@site/src/components/pictures";
import { formatSize } from "@site/src/components/format-size";

function DownloadLink({ download }: { readonly download: Download }): ReactNode {
  return (
    <li>
      <a href={useBaseUrl(download.file)} download={download.name}>
        {download.label}
      </a>{" "}
      <span className="size">{formatSize(download.sizeBytes)}</span>
    </li>
  );
}

function Downloads({ downloads }: { readonly downloads: readonly Download[] }): ReactNode {
  if (downloads.length === 0) return null;
  return (
    <aside className="downloads" aria-label="Downloads of this chapter">
      <ul>
        {downloads.map((download) => (
          <DownloadLink key={download.file} download={download} />
        ))}
      </ul>
    </aside>
  );
}

function PageBlock({ block, page }: { readonly block: Block; readonly page: PageData }): ReactNode {
  if (block.kind === "prose") {
    return <div className="prose" dangerouslySetInnerHTML={{ __html: block.html }} />;
  }
  if (block.kind === "listing") return <Excerpt block={block} page={page} />;
  return <Cell cell={block} />;
}

export default function Page({ page }: { readonly page: PageData }): ReactNode {
  const broken = useBrokenLinks();
  page.links.forEach((link) => broken.collectLink(link));
  page.anchors.forEach((id) => broken.collectAnchor(id));
  const root = useRef<HTMLDivElement>(null);
  usePictures(root);
  return (
    <div className="page-body" ref={root}>
      <header className="page-head">
        {page.eyebrow !== null && <p className="eyebrow">{page.eyebrow}</p>}
        <h1 dangerouslySetInnerHTML={{ __html: page.titleHtml }} />
        <Downloads downloads={page.downloads} />
      </header>
      {page.blocks.map((block, index) => (
        <PageBlock key={index} block={block} page={page} />
      ))}
    </div>
  );
}
