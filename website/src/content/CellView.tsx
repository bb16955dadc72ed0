/** A code cell and what it answered. */
import type { ReactNode } from "react";
import type { CellBlock } from "@memory-course/pages";
import OutputView from "./OutputView";

export default function CellView({ cell }: { readonly cell: CellBlock }): ReactNode {
  return (
    <section className="cell" id={`cell-${cell.id}`} aria-label={`Cell ${cell.number}`}>
      {cell.codeHtml !== "" && (
        <div className="code">
          <pre tabIndex={0} aria-label={`Code of cell ${cell.number}, TypeScript`} role="region">
            <code dangerouslySetInnerHTML={{ __html: cell.codeHtml }} />
          </pre>
          <button type="button" className="copy needs-js">
            <span aria-live="polite">Copy</span>
            <span className="sr-only"> cell {cell.number}</span>
          </button>
        </div>
      )}
      {cell.outputs.length > 0 && (
        <div className="outputs">
          {cell.outputs.map(({ index, output }) => (
            <OutputView
              key={index}
              output={output}
              name={`${cell.id}-${index}`}
              of={`cell ${cell.number}`}
            />
          ))}
        </div>
      )}
    </section>
  );
}
