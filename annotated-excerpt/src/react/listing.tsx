import { useEffect, useMemo, useRef } from "react";
import type { ReactElement } from "react";
import { enhance } from "../client/index.js";
import { listingHtml } from "../html/listing-html.js";
import type { ListingProps } from "../html/view.js";

/** An annotated excerpt of a file. Complete on the server; React does not look at its lines again in the browser. */
export function Listing(props: ListingProps): ReactElement {
  const root = useRef<HTMLDivElement>(null);
  const { file, region, title, id, downloads, fold } = props;
  const stable = useMemo(
    () => ({ file, region, title, id, downloads, fold }),
    [file, region, title, id, downloads, fold],
  );
  // By its text: a page that is drawn again with equal properties keeps what its reader unfolded.
  const text = useMemo(() => listingHtml(stable), [stable]);
  const html = useMemo(() => ({ __html: text }), [text]);
  useEffect(
    () => (root.current ? enhance(root.current, { file, region, id }) : undefined),
    [html, file, region, id],
  );
  return <div ref={root} className="ax-block" dangerouslySetInnerHTML={html} />;
}
