/** An annotated excerpt, drawn by the package annotated-excerpt; `listingProps` is what its client needs too. */
import type { ReactNode } from "react";
import { listingHtml } from "annotated-excerpt/html";
import type { ListingProps } from "annotated-excerpt/html";
import type { FileModel, ListingBlock } from "@memory-course/pages";

/** What an excerpt is made of, without its file. */
export function excerptOf(
  block: ListingBlock,
  withBaseUrl: (path: string) => string,
): Omit<ListingProps, "file"> {
  return {
    region: block.region ?? undefined,
    id: block.again === "again" ? block.id : undefined,
    downloads: block.downloads.map(({ label, file, name, sizeBytes, command }) => ({
      label,
      href: withBaseUrl(file),
      name,
      bytes: sizeBytes,
      command,
    })),
  };
}

export interface ExcerptProps {
  readonly block: ListingBlock;
  readonly file: FileModel | undefined;
  readonly withBaseUrl: (path: string) => string;
}

export default function Excerpt({ block, file, withBaseUrl }: ExcerptProps): ReactNode {
  if (file === undefined) throw new Error(`The page has no model of ${block.file}.`);
  const html = listingHtml({ ...excerptOf(block, withBaseUrl), file });
  return (
    <div className="ax-block" data-listing={block.id} dangerouslySetInnerHTML={{ __html: html }} />
  );
}
