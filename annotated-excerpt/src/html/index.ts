/** The block as HTML, for sites without React. */
export { earlyScript } from "./early-script.js";
export { listingHtml } from "./listing-html.js";
export { pairHtml } from "./pair-html.js";
export type { PairProps } from "./pair-html.js";
export type { Download, ListingProps } from "./view.js";
