/** A code cell and what it answered. */
import type { ReactNode } from "react";
import type { CellBlock } from "@memory-course/pages";
import CopyButton from "@site/src/components/CopyButton";
import OutputView from "./OutputView";

export default function Cell({ cell }: { readonly cell: CellBlock }): ReactNode {
  return (
    <section className="cell" id={`cell-${cell.id}`} aria-label={`Cell ${cell.number}`}>
      {cell.codeHtml !== "" && (
        <div className="code">
          <pre tabIndex={0} aria-label={`Code of cell ${cell.number}, TypeScript`} role="region">
            <code dangerouslySetInnerHTML={{ __html: cell.codeHtml }} />
          </pre>
          <CopyButton of={`cell ${cell.number}`} />
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
