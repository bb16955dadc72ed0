/** A code cell and what it answered. */
import type { ReactNode } from "react";
import type { CellBlock, PageData } from "@memory-course/pages";
import { pairHtml } from "annotated-excerpt/html";
import Excerpt, { cellOf, excerptOf } from "./Excerpt";
import OutputView from "./OutputView";

export interface CellViewProps {
  readonly cell: CellBlock;
  readonly page: PageData;
  readonly withBaseUrl: (path: string) => string;
}

/** The cell beside the excerpt that does the same in C. */
function Pair({ cell, page, withBaseUrl }: CellViewProps): ReactNode {
  const props = pairOf(cell, page, withBaseUrl);
  if (props === null) return null;
  const html = { __html: pairHtml(props) };
  return (
    <div
      className="ax-block"
      data-pair={`${cell.code?.beside?.id} ${cell.id}`}
      dangerouslySetInnerHTML={html}
    />
  );
}

/** What the pair of a cell is made of; null where the cell has none. */
export function pairOf(
  cell: CellBlock,
  page: PageData,
  withBaseUrl: (path: string) => string,
): Parameters<typeof pairHtml>[0] | null {
  const beside = cell.code?.beside ?? null;
  const right = cellOf(cell, withBaseUrl);
  if (beside === null || right === null) return null;
  const [file, code] = [page.files[beside.file], page.files[right.file]];
  if (file === undefined || code === undefined) throw new Error(`The page lacks ${beside.file}.`);
  return {
    left: { ...excerptOf(beside, withBaseUrl), file },
    right: { ...right.props, file: code },
  };
}

function Code({ cell, page, withBaseUrl }: CellViewProps): ReactNode {
  const code = cellOf(cell, withBaseUrl);
  if (code === null) return null;
  return <Excerpt id={cell.id} file={page.files[code.file]} props={code.props} />;
}

export default function CellView(view: CellViewProps): ReactNode {
  const { cell } = view;
  return (
    <section className="cell" id={`cell-${cell.id}`} aria-label={`Cell ${cell.number}`}>
      {cell.code?.beside ? <Pair {...view} /> : <Code {...view} />}
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
