/** The headings of the open page, with the one that is read marked. */
import type { ReactNode } from "react";
import useBaseUrl from "@docusaurus/useBaseUrl";
import { useTOCHighlight } from "@docusaurus/theme-common/internal";
import headings from "@site/.build/headings.json";

const highlight = {
  linkClassName: "page-heading",
  linkActiveClassName: "page-heading--active",
  minHeadingLevel: 2,
  maxHeadingLevel: 2,
};

export interface PageHeadingsProps {
  readonly path: string;
  readonly onPick: () => void;
}

export default function PageHeadings({ path, onPick }: PageHeadingsProps): ReactNode {
  useTOCHighlight(highlight);
  const base = useBaseUrl("/");
  const items = headings[path.slice(base.length)] ?? [];
  if (items.length === 0) return null;
  return (
    <ul className="page-headings">
      {items.map(([id, html]) => (
        <li key={id}>
          <a
            className="page-heading"
            href={`#${id}`}
            onClick={onPick}
            dangerouslySetInnerHTML={{ __html: html }}
          />
        </li>
      ))}
    </ul>
  );
}
