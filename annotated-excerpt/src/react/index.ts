/** The block as React components. */
export { Listing } from "./listing.js";
export { ListingPair } from "./listing-pair.js";
export type { PairProps } from "../html/pair-html.js";
export type { Download, ListingProps } from "../html/view.js";
