/** The answer of a real program, with its stamp. */
import type { ReactNode } from "react";
import type { AnswerOutput } from "@memory-course/pages";
import Here from "./Here";
import StampLine from "./StampLine";

export interface AnswerProps {
  readonly output: AnswerOutput;
  readonly name: string;
}

export default function Answer({ output, name }: AnswerProps): ReactNode {
  return (
    <div className="answer">
      <p className="answer-head">Real Linux{output.exit === "" ? "" : `, ${output.exit}`}</p>
      <pre tabIndex={0} role="region" aria-label={`Answer of real Linux (${name})`}>
        <samp data-output={name}>{output.text}</samp>
      </pre>
      {output.errors !== "" && (
        <pre tabIndex={0} role="region" aria-label={`Errors printed (${name})`} className="stderr">
          <samp>{output.errors}</samp>
        </pre>
      )}
      <StampLine stamp={output.stamp} />
      <Here here={output.here} name={name} />
    </div>
  );
}
