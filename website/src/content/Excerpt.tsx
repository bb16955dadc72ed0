/** An annotated excerpt, drawn by the package annotated-excerpt; its properties are what its client needs too. */
import type { ReactNode } from "react";
import { listingHtml } from "annotated-excerpt/html";
import type { ListingProps } from "annotated-excerpt/html";
import type { CellBlock, Download, FileModel, ListingBlock } from "@memory-course/pages";

/** What a block is made of, without its file. */
export type BlockProps = Omit<ListingProps, "file">;

function downloadsOf(
  downloads: readonly Download[],
  withBaseUrl: (path: string) => string,
): NonNullable<ListingProps["downloads"]> {
  return downloads.map(({ label, file, name, sizeBytes, command }) => ({
    label,
    href: withBaseUrl(file),
    name,
    bytes: sizeBytes,
    command,
  }));
}

/** What an excerpt of a listing is made of. */
export function excerptOf(block: ListingBlock, withBaseUrl: (path: string) => string): BlockProps {
  return {
    region: block.region ?? undefined,
    id: block.again === "again" ? block.id : undefined,
    downloads: downloadsOf(block.downloads, withBaseUrl),
  };
}

/** What a cell's code is made of, and the name of its file; null where the code is hidden. */
export function cellOf(
  cell: CellBlock,
  withBaseUrl: (path: string) => string,
): { readonly file: string; readonly props: BlockProps } | null {
  if (cell.code === null) return null;
  const downloads = downloadsOf(cell.code.downloads, withBaseUrl);
  return { file: cell.code.file, props: { title: `Cell ${cell.number}`, downloads } };
}

export interface ExcerptProps {
  readonly id: string;
  readonly file: FileModel | undefined;
  readonly props: BlockProps;
}

export default function Excerpt({ id, file, props }: ExcerptProps): ReactNode {
  if (file === undefined) throw new Error(`The page has no model of the file of ${id}.`);
  const html = { __html: listingHtml({ ...props, file }) };
  return <div className="ax-block" data-listing={id} dangerouslySetInnerHTML={html} />;
}
