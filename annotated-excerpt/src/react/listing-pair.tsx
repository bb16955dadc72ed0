import { useEffect, useMemo, useRef } from "react";
import type { ReactElement } from "react";
import { enhance, enhancePair } from "../client/index.js";
import { pairHtml } from "../html/pair-html.js";
import type { PairProps } from "../html/pair-html.js";

/** Two listings that do the same, side by side; on a phone as tabs. */
export function ListingPair({ left, right, labels }: PairProps): ReactElement {
  const root = useRef<HTMLDivElement>(null);
  // By its text: a page that is drawn again with equal properties keeps what its reader unfolded.
  const text = useMemo(() => pairHtml({ left, right, labels }), [left, right, labels]);
  const html = useMemo(() => ({ __html: text }), [text]);
  useEffect(() => {
    const sides = root.current?.querySelectorAll(".ax-side");
    if (!root.current || !sides) return undefined;
    const ends = [left, right].map((props, index) => {
      const side = sides[index];
      return side ? enhance(side, props) : undefined;
    });
    ends.push(enhancePair(root.current, { left, right, labels }));
    return () => ends.forEach((end) => end?.());
  }, [html, left.file, right.file]);
  return <div ref={root} className="ax-block" dangerouslySetInnerHTML={html} />;
}
