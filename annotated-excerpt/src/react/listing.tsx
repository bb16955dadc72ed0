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
  const html = useMemo(() => ({ __html: listingHtml(stable) }), [stable]);
  useEffect(() => (root.current ? enhance(root.current, stable) : undefined), [stable]);
  return <div ref={root} className="ax-block" dangerouslySetInnerHTML={html} />;
}
