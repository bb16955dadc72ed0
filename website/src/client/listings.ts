/** The excerpts of a page come to life; their data stands in the page, their code is fetched where there is one. */
import type { ListingProps } from "annotated-excerpt/html";

/** The data of all excerpts of a page, by the block's id. */
export interface ListingData {
  readonly files: Readonly<Record<string, ListingProps["file"]>>;
  readonly excerpts: Readonly<
    Record<string, { readonly file: string; readonly props: Omit<ListingProps, "file"> }>
  >;
  /** Excerpts that stand side by side, by the id of their block. */
  readonly pairs: Readonly<Record<string, readonly [left: string, right: string]>>;
}

export async function enableListings(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const text = root.querySelector("script.listing-data")?.textContent;
  if (!text) return;
  const data = JSON.parse(text) as ListingData;
  const { enhance, enhancePair } = await import("annotated-excerpt/client");
  if (signal.aborted) return;
  const propsOf = (id: string): ListingProps | null => {
    const excerpt = data.excerpts[id];
    const file = excerpt && data.files[excerpt.file];
    return file === undefined ? null : { ...excerpt?.props, file };
  };
  const begin = (block: Element | null, id: string): void => {
    const props = propsOf(id);
    if (block !== null && props !== null) signal.addEventListener("abort", enhance(block, props));
  };
  for (const block of root.querySelectorAll<HTMLElement>("[data-listing]")) {
    begin(block, block.dataset["listing"] ?? "");
  }
  for (const block of root.querySelectorAll<HTMLElement>("[data-pair]")) {
    const pair = data.pairs[block.dataset["pair"] ?? ""];
    if (pair === undefined) continue;
    const sides = block.querySelectorAll(".ax-side");
    pair.forEach((id, index) => begin(sides[index] ?? null, id));
    const [left, right] = pair.map(propsOf);
    if (left && right) signal.addEventListener("abort", enhancePair(block, { left, right }));
  }
}
