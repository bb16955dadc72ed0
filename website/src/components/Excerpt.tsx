/** An annotated excerpt, drawn by the package annotated-excerpt. */
import { useMemo } from "react";
import type { ReactNode } from "react";
import { useBaseUrlUtils } from "@docusaurus/useBaseUrl";
import { Listing } from "annotated-excerpt/react";
import type { ListingBlock, PageData } from "@memory-course/pages";

export interface ExcerptProps {
  readonly block: ListingBlock;
  readonly page: PageData;
}

export default function Excerpt({ block, page }: ExcerptProps): ReactNode {
  const { withBaseUrl } = useBaseUrlUtils();
  const downloads = useMemo(
    () =>
      block.downloads.map(({ label, file, name, sizeBytes, command }) => ({
        label,
        href: withBaseUrl(file),
        name,
        bytes: sizeBytes,
        command,
      })),
    [block, withBaseUrl],
  );
  const file = page.files[block.file];
  if (file === undefined) throw new Error(`The page has no model of ${block.file}.`);
  return (
    <Listing
      file={file}
      region={block.region ?? undefined}
      id={block.again === "again" ? block.id : undefined}
      downloads={downloads}
    />
  );
}
