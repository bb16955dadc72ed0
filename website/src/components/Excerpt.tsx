/** An annotated excerpt. */
import type { ReactNode } from "react";
import type { ListingBlock, PageData } from "@memory-course/pages";

export interface ExcerptProps {
  readonly block: ListingBlock;
  readonly page: PageData;
}

export default function Excerpt({ block }: ExcerptProps): ReactNode {
  const listing = block.listing as { text: string };
  return (
    <div className="code">
      <pre tabIndex={0}>
        <code>{listing.text}</code>
      </pre>
    </div>
  );
}
