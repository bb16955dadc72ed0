/** Printed text, in its columns; a long one folds to the height of a screen's third and opens by a button. */
import type { ReactNode } from "react";
import type { TextOutput } from "@memory-course/pages";

const foldedLines = 24;

export interface TextViewProps {
  readonly output: TextOutput;
  readonly name: string;
  readonly of: string;
}

export default function TextView({ output, name, of }: TextViewProps): ReactNode {
  const long = output.lines > foldedLines + 6;
  const kind = output.stream === "stderr" ? "Errors printed" : "Output";
  const id = `output-${name}`;
  return (
    <div className={`text-output ${output.stream}${long ? " folded" : ""}`}>
      <pre id={id} tabIndex={0} role="region" aria-label={`${kind} of ${of} (${name})`}>
        <samp data-output={name} dangerouslySetInnerHTML={{ __html: output.html }} />
      </pre>
      {long && (
        <button
          type="button"
          className="fold needs-js"
          aria-expanded="false"
          aria-controls={id}
          data-lines={output.lines}
        >
          Show all {output.lines} lines
        </button>
      )}
    </div>
  );
}
