/** One output of a cell. The text of the element marked `data-output` is the notebook's, byte for byte. */
import type { ReactNode } from "react";
import useBaseUrl from "@docusaurus/useBaseUrl";
import type { ErrorOutput, FigureOutput, ImageOutput, Output } from "@memory-course/pages";
import Answer from "./Answer";
import Comparison from "./Comparison";
import TextView from "./TextView";

interface Named {
  /** Cell and number of the output. */
  readonly name: string;
  /** The cell, in words. */
  readonly of: string;
}

function Figure({ output, name }: Named & { readonly output: FigureOutput }): ReactNode {
  const href = useBaseUrl(output.file);
  return (
    <figure className="figure">
      <div className="figure-picture" dangerouslySetInnerHTML={{ __html: output.svgHtml }} />
      <figcaption>
        <a className="figure-open" href={href}>
          Open large<span className="sr-only">: {output.title}</span>
        </a>
        {output.words !== null && (
          <details className="words">
            <summary>
              In words<span className="sr-only">: {output.title}</span>
            </summary>
            <pre tabIndex={0}>
              <samp data-output={name}>{output.words}</samp>
            </pre>
          </details>
        )}
      </figcaption>
    </figure>
  );
}

function Bitmap({ output }: { readonly output: ImageOutput }): ReactNode {
  return (
    <img
      className="bitmap"
      src={useBaseUrl(output.file)}
      alt={output.alt}
      width={output.width ?? undefined}
      height={output.height ?? undefined}
      loading="lazy"
    />
  );
}

function ErrorView({ output, name }: Named & { readonly output: ErrorOutput }): ReactNode {
  return (
    <div className="error" role="note" aria-label={`Error: ${output.name}`}>
      <pre tabIndex={0}>
        <samp data-output={name} dangerouslySetInnerHTML={{ __html: output.traceHtml }} />
      </pre>
    </div>
  );
}

export default function OutputView({
  output,
  name,
  of,
}: Named & { readonly output: Output }): ReactNode {
  switch (output.kind) {
    case "text":
      return <TextView output={output} name={name} of={of} />;
    case "figure":
      return <Figure output={output} name={name} of={of} />;
    case "image":
      return <Bitmap output={output} />;
    case "html":
      return (
        <div
          className="html-output"
          tabIndex={0}
          role="region"
          aria-label={`Output of ${of} (${name})`}
          data-output={name}
          dangerouslySetInnerHTML={{ __html: output.html }}
        />
      );
    case "error":
      return <ErrorView output={output} name={name} of={of} />;
    case "answer":
      return <Answer output={output} name={name} />;
    case "comparison":
      return <Comparison output={output} name={name} />;
  }
}
