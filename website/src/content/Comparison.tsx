/** The real answer and the simulator's side by side, equal or with the lines that differ marked. */
import { Fragment } from "react";
import type { ReactNode } from "react";
import type { ComparedLine, ComparisonOutput, Stamp } from "@memory-course/pages";
import Here from "./Here";
import StampLine from "./StampLine";

interface SideProps {
  readonly title: string;
  readonly lines: readonly ComparedLine[];
  readonly stamp: Stamp;
  readonly name: string;
}

function Side({ title, lines, stamp, name }: SideProps): ReactNode {
  return (
    <div className="side">
      <p className="answer-head">{title}</p>
      <pre tabIndex={0} role="region" aria-label={`${title} (${name})`}>
        <samp data-output={name}>
          {lines.map((line, index) => (
            <Fragment key={index}>
              {index > 0 && "\n"}
              {line.differs ? <mark>{line.text}</mark> : line.text}
            </Fragment>
          ))}
        </samp>
      </pre>
      <StampLine stamp={stamp} />
    </div>
  );
}

function verdict(output: ComparisonOutput): string {
  if (output.equal) return "Equal, to the last byte.";
  const count = Math.max(
    output.real.filter((line) => line.differs).length,
    output.simulated.filter((line) => line.differs).length,
  );
  const lines = count === 1 ? "One line differs" : `${count} lines differ`;
  return output.because === null ? `${lines}.` : `${lines}: ${output.because}`;
}

/** How wide the texts are: beside each other in the column, beside each other into the margin, or one above the other. */
function widthOf(output: ComparisonOutput): "narrow" | "wide" | "stacked" {
  const lengths = [...output.real, ...output.simulated].map((line) => line.text.length);
  const columns = Math.max(...lengths);
  if (columns <= 50) return "narrow";
  return columns <= 64 ? "wide" : "stacked";
}

export interface ComparisonProps {
  readonly output: ComparisonOutput;
  readonly name: string;
}

export default function Comparison({ output, name }: ComparisonProps): ReactNode {
  return (
    <div className={`comparison ${widthOf(output)} ${output.equal ? "equal" : "unequal"}`}>
      <div className="sides">
        <Side
          title="Real Linux"
          lines={output.real}
          stamp={output.realStamp}
          name={`${name}-real`}
        />
        <Side
          title="Simulator"
          lines={output.simulated}
          stamp={output.simulatedStamp}
          name={`${name}-simulated`}
        />
      </div>
      <p className="verdict">{verdict(output)}</p>
      <Here here={output.here} name={name} />
    </div>
  );
}
