export { publish } from "./publish.js";
export type { Published, PublishOptions } from "./publish.js";
export type { SiteEntry } from "./site-pages.js";
export { PageError } from "./page-error.js";
export { stripAnsi } from "./ansi.js";
export type { Showcase } from "./showcase.js";
export type * from "./model.js";
