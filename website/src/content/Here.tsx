/** What the machine that built the site answered, below the answer of the system that the course speaks of. */
import type { ReactNode } from "react";
import type { AnswerHere } from "@memory-course/pages";
import StampLine from "./StampLine";

export interface HereProps {
  readonly here: AnswerHere | null;
  readonly name: string;
}

export default function Here({ here, name }: HereProps): ReactNode {
  if (here === null) return null;
  return (
    <div className="here">
      <p className="answer-head">
        {here.equal
          ? "The machine that built this page: the same"
          : "The machine that built this page"}
      </p>
      {!here.equal && (
        <pre tabIndex={0} role="region" aria-label={`Answer of the building machine (${name})`}>
          <samp>{here.text}</samp>
        </pre>
      )}
      <StampLine stamp={here.stamp} />
    </div>
  );
}
