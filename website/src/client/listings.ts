/** The excerpts of a page come to life; their data stands in the page, their code is fetched where there is one. */
import type { ListingProps } from "annotated-excerpt/html";

/** The data of all excerpts of a page, by the block's id. */
export interface ListingData {
  readonly files: Readonly<Record<string, ListingProps["file"]>>;
  readonly excerpts: Readonly<
    Record<string, { readonly file: string; readonly props: Omit<ListingProps, "file"> }>
  >;
}

export async function enableListings(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const text = root.querySelector("script.listing-data")?.textContent;
  if (!text) return;
  const data = JSON.parse(text) as ListingData;
  const { enhance } = await import("annotated-excerpt/client");
  if (signal.aborted) return;
  for (const block of root.querySelectorAll<HTMLElement>("[data-listing]")) {
    const excerpt = data.excerpts[block.dataset["listing"] ?? ""];
    const file = excerpt && data.files[excerpt.file];
    if (excerpt === undefined || file === undefined) continue;
    signal.addEventListener("abort", enhance(block, { ...excerpt.props, file }));
  }
}
