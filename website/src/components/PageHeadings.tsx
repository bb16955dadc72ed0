/**
 * The headings of the open page, with the one that is read marked. The list is drawn when the site is built; where a
 * browser comes from another page, it is made of the headings that are there.
 */
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import useBaseUrl from "@docusaurus/useBaseUrl";
import { useTOCHighlight } from "@docusaurus/theme-common/internal";
import headings from "@site/.build/headings.json";
import { bodyArrived } from "@site/src/client/fetch-page";

const highlight = {
  linkClassName: "page-heading",
  linkActiveClassName: "page-heading--active",
  minHeadingLevel: 2,
  maxHeadingLevel: 2,
};

const item = (id: string, html: string): string =>
  `<li><a class="page-heading" href="#${id}">${html}</a></li>`;

function itemsOfPage(): string {
  const found = [...document.querySelectorAll(".page-body h2[id]")];
  return found
    .map((heading) => {
      const copy = heading.cloneNode(true) as Element;
      copy.querySelectorAll(".hash-link").forEach((link) => link.remove());
      return item(heading.id, copy.innerHTML);
    })
    .join("");
}

export interface PageHeadingsProps {
  readonly path: string;
  readonly onPick: () => void;
}

export default function PageHeadings({ path, onPick }: PageHeadingsProps): ReactNode {
  useTOCHighlight(highlight);
  const base = useBaseUrl("/");
  const list = useRef<HTMLUListElement>(null);
  const drawn = headings[path.slice(base.length)] ?? [];
  useEffect(() => {
    const fill = (): void => {
      if (list.current?.childElementCount === 0) list.current.innerHTML = itemsOfPage();
    };
    fill();
    document.addEventListener(bodyArrived, fill);
    return () => document.removeEventListener(bodyArrived, fill);
  }, [path]);
  return (
    <ul
      className="page-headings"
      ref={list}
      onClick={onPick}
      suppressHydrationWarning
      dangerouslySetInnerHTML={{ __html: drawn.map(([id, html]) => item(id, html)).join("") }}
    />
  );
}
