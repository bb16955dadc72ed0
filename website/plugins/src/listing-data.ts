/** What the excerpts of a page need in a browser, in a file of its own: it is read when the page is there to be seen. */
import { createHash } from "node:crypto";
import type { ListingBlock, ListingData, PageData } from "./model.js";

/** The data of all excerpts of a page; null where it has none. */
export function listingData({
  blocks,
  files,
}: Pick<PageData, "blocks" | "files">): ListingData | null {
  const excerpts: Record<string, ListingData["excerpts"][string]> = {};
  const addListing = ({ id, file, region, again }: ListingBlock): void => {
    excerpts[id] = {
      file,
      ...(region === null ? {} : { region }),
      ...(again === "again" ? { id } : {}),
    };
  };
  for (const block of blocks) {
    if (block.kind === "listing") addListing(block);
    if (block.kind !== "cell" || block.code === null) continue;
    const { file, beside } = block.code;
    excerpts[block.id] = { file };
    if (beside !== null) addListing(beside);
  }
  return Object.keys(excerpts).length === 0 ? null : { files, excerpts };
}

/** The path of a page's data: another text has another path, so that a page never meets data of another day. */
export function listingDataPath(page: string, text: string): string {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `listing-data/${page.replace(/\//g, "-")}.${hash}.json`;
}
