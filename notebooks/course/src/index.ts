/** What cells of the course import. */
export { listing, Listing } from "./listing.js";
export { real } from "./real.js";
export { RealAnswer } from "./answer.js";
export type { Stamp } from "./answer.js";
export { compare, Comparison } from "./compare.js";
export type { CompareOptions } from "./compare.js";
export { show } from "./display.js";
export type { MimeBundle } from "./display.js";
